// The pages of a sign-in, one after the other, by keyboard alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvironment } from "../../node/environment.js";
import { chromiumFor } from "../chromium.js";
import { answer, enter, signIn, tabToAndEnter } from "../keyboard.js";
import { look } from "../look.js";
import { authorize } from "../requests.js";

const dev = readEnvironment();
const web = dev.application("web", "contoso.test");
const saas = dev.application("saas", "contoso.test");
const [alice, bob, dave] = ["alice@contoso.test", "bob@contoso.test", "dave@fabrikam.test"].map((upn) => dev.user(upn));
const bounded = { timeout: 90_000 };

const chromium = chromiumFor(dev);
let person;

test("TP-17, LG-13, LG-29: a person signs in by keyboard alone, and every page on the way is good to look at", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(authorize(dev, web));
    await look(person, "account", { focus: "#i0116" });

    await enter(page);
    await look(person, "account-empty", { focus: "#i0116" });
    await answer(page, "alice@@contoso");
    await look(person, "account-malformed", { focus: "#i0116" });

    await answer(page, alice.upn);
    await look(person, "password", { focus: "#i0118" });
    await enter(page);
    await look(person, "password-empty", { focus: "#i0118" });
    await answer(page, "not the password");
    await look(person, "password-wrong", { focus: "#i0118" });

    await answer(page, alice.password);
    await look(person, "stay-signed-in", { focus: "#idSIButton9" });
    await enter(page);
    assert.equal(await page.title(), "Arrived");
    assert.equal(chromium.application.lastArrival.state, "12345");
    assert.ok(chromium.application.lastArrival.code);
    await watch.verdict();
    assert.deepEqual(new Set(watch.cookies.map((line) => line.split("=")[0])), new Set(["__Host-idp.apps", "__Host-idp.flow", "__Host-idp.sso", "__Host-idp.known"]));
});

test("ten different wrong passwords lock the account, and the page says for how long", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(authorize(dev, saas, { login_hint: dave.upn }, "organizations"));
    for (let attempt = 1; attempt <= 10; attempt += 1) {
        await answer(page, `wrong password ${attempt}`);
    }
    await answer(page, dave.password);
    assert.match(await page.locator("#passwordError").textContent(), /too many attempts/);
    await look(person, "password-locked", { focus: "#i0118" });
    await watch.verdict();
});

test("a person with two accounts picks one of them, or names a third", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(authorize(dev, web));
    await signIn(page, alice);
    await page.goto(authorize(dev, web, { prompt: "select_account" }));
    await look(person, "picker-of-one", { focus: ".choice" });
    await tabToAndEnter(page, "#idBtn_Back");
    await signIn(page, bob);

    await page.goto(authorize(dev, web));
    assert.equal(await page.locator(".choice").count(), 2);
    await look(person, "picker", { focus: ".choice" });
    await tabToAndEnter(page, `.choice:has-text("${bob.upn}")`);
    assert.equal(await page.title(), "Arrived");
    await watch.verdict();
});

test("the page that carries an answer over is good to look at while the application takes its time", bounded, async () => {
    person = await chromium.newPerson();
    const { page, context, watch } = person;
    await page.goto(authorize(dev, web));
    await signIn(page, alice);
    // "No content" leaves a browser where it is.
    await context.route(web.redirect_uris[0], (route) => route.fulfill({ status: 204 }));
    await page.goto(authorize(dev, web, { response_mode: "form_post" }), { waitUntil: "commit" });
    await page.locator("button.primary").waitFor();
    await look(person, "form-post", { focus: "button.primary" });
    await watch.verdict();
});

test("another account can be named from the password page and from the question after it", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(authorize(dev, web, { login_hint: alice.upn }));
    await tabToAndEnter(page, ".account button");
    assert.equal(await page.locator("#i0116").inputValue(), "");
    await answer(page, bob.upn);
    await answer(page, bob.password);
    await tabToAndEnter(page, ".account button");
    await look(person, "account-after-switching", { focus: "#i0116" });
    await watch.verdict();
});
