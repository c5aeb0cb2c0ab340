// The same in German, where words are longer.

import { test } from "node:test";
import { readEnvironment } from "../../node/environment.js";
import { chromiumFor } from "../chromium.js";
import { answer, enter, signIn, tabToAndEnter } from "../keyboard.js";
import { look } from "../look.js";
import { authorize, logout } from "../requests.js";

const dev = readEnvironment();
const web = dev.application("web", "contoso.test");
const [alice, bob] = ["alice@contoso.test", "bob@contoso.test"].map((upn) => dev.user(upn));
const bounded = { timeout: 90_000 };
const german = { ui_locales: "de" };
const language = "de";

const chromium = chromiumFor(dev);
let person;

test("an application asks for German, and every page of the sign-in and sign-out speaks it", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(authorize(dev, web, german));
    await look(person, "de-account", { focus: "#i0116", language });
    await answer(page, "alice@@contoso");
    await look(person, "de-account-malformed", { focus: "#i0116", language });
    await answer(page, alice.upn);
    await look(person, "de-password", { focus: "#i0118", language });
    await answer(page, "falsch");
    await look(person, "de-password-wrong", { focus: "#i0118", language });
    await answer(page, alice.password);
    await look(person, "de-stay-signed-in", { focus: "#idSIButton9", language });
    await enter(page);

    await page.goto(authorize(dev, web, { ...german, prompt: "select_account" }));
    await tabToAndEnter(page, "#idBtn_Back");
    await signIn(page, bob);
    await page.goto(authorize(dev, web, german));
    await look(person, "de-picker", { focus: ".choice", language });

    await page.goto(logout(dev, "contoso.test", german));
    await look(person, "de-picker-sign-out", { focus: ".choice", language });
    await enter(page);
    await page.goto(logout(dev, "contoso.test", german));
    await look(person, "de-sign-out", { focus: "#idSIButton9", language });
    await enter(page);
    await look(person, "de-signed-out", { language });
    await watch.verdict();
});

test("a browser asks for German, and the pages outside of a sign-in speak it", bounded, async () => {
    person = await chromium.newPerson({ locale: "de-AT" });
    const { page, watch } = person;
    const pages = {
        "de-home": `${dev.origin}/`,
        "de-lookup": `${dev.origin}/error?code=50011`,
        "de-lookup-unknown": `${dev.origin}/error?code=1`,
        "de-not-found": `${dev.origin}/nothing`,
        "de-error-redirect-uri": authorize(dev, web, { redirect_uri: "https://elsewhere.example/" }),
    };
    for (const [name, address] of Object.entries(pages)) {
        await page.goto(address);
        await look(person, name, { language });
    }
    await watch.verdict();
});
