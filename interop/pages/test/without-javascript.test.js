// The whole conversation in a browser that runs no JavaScript.

import assert from "node:assert/strict";
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

const chromium = chromiumFor(dev);
let person;

test("without JavaScript a person signs in, picks an account and signs out, by keyboard alone", bounded, async () => {
    person = await chromium.newPerson({ javaScript: false });
    const { page, watch } = person;
    await page.goto(authorize(dev, web));
    await answer(page, "alice@@contoso");
    await answer(page, alice.upn);
    await answer(page, "not the password");
    await answer(page, alice.password);
    await enter(page);
    assert.equal(await page.title(), "Arrived");

    await page.goto(authorize(dev, web, { prompt: "select_account" }));
    await tabToAndEnter(page, "#idBtn_Back");
    await signIn(page, bob);
    await page.goto(authorize(dev, web));
    await enter(page);
    assert.equal(await page.title(), "Arrived");

    await page.goto(logout(dev, "contoso.test"));
    await enter(page);
    await page.goto(logout(dev, "contoso.test"));
    await enter(page);
    assert.equal(await page.locator("h1").textContent(), "You are signed out");
    await watch.verdict();
});

test("without JavaScript the answer is carried over with one press, from a page that says so", bounded, async () => {
    for (const [name, locale, language] of [["form-post-without-javascript", "en-GB", "en"], ["de-form-post", "de-AT", "de"]]) {
        person = await chromium.newPerson({ javaScript: false, locale });
        const { page, watch } = person;
        await page.goto(authorize(dev, web, { response_mode: "form_post" }));
        await signIn(page, alice);
        await look(person, name, { focus: "button.primary", language });
        await enter(page);
        assert.equal(await page.title(), "Arrived");
        assert.ok(chromium.application.lastArrival.code);
        await watch.verdict();
        await person.context.close();
    }
});

test("without JavaScript the details of an error are there to be selected", bounded, async () => {
    person = await chromium.newPerson({ javaScript: false });
    const { page, watch } = person;
    await page.goto(authorize(dev, web, {}, "nobody.example"));
    await page.locator("summary").focus();
    await page.keyboard.press("Enter");
    assert.match(await page.locator("#errorText").innerText(), /AADSTS90002/);
    assert.ok(!(await page.locator("#copy").isVisible()));
    await watch.verdict();
});
