// Signing in on another device: the page for its code, the question whether it was you, and what became of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvironment } from "../../node/environment.js";
import { chromiumFor } from "../chromium.js";
import { answer, enter, signIn, tabToAndEnter } from "../keyboard.js";
import { look } from "../look.js";

const dev = readEnvironment();
const native = dev.application("native", "contoso.test");
const [alice, bob] = ["alice@contoso.test", "bob@contoso.test"].map((upn) => dev.user(upn));
const bounded = { timeout: 120_000 };

const chromium = chromiumFor(dev);
let person;

/** What a device gets when it asks, and how it asks again. */
async function device() {
    const at = dev.authority("contoso.test");
    const send = async (endpoint, fields) => {
        const body = new URLSearchParams({ client_id: native.client_id, ...fields });
        const response = await fetch(`${at}/oauth2/v2.0/${endpoint}`, { method: "POST", body });
        return response.json();
    };
    const asked = await send("devicecode", { scope: "openid profile" });
    return { ...asked, poll: () => send("token", { grant_type: "device_code", device_code: asked.device_code }) };
}

test("DC-08, DC-09: a person types a code, signs in, is asked whether it was they, and says yes, by keyboard", bounded, async () => {
    const { user_code: code, verification_uri: address, poll } = await device();
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(address);
    await look(person, "device-code", { focus: "#otc" });
    await enter(page);
    await look(person, "device-code-empty", { focus: "#otc" });
    await answer(page, "bbbb-bbbb-b");
    await look(person, "device-code-wrong", { focus: "#otc" });

    await answer(page, ` ${code.slice(0, 3).toLowerCase()}-${code.slice(3, 6)} ${code.slice(6)} `);
    assert.match(await page.locator("body").innerText(), /Contoso Native/);
    await signIn(page, alice);
    await look(person, "device-confirm", { focus: "h1" });
    const said = await page.locator("main").innerText();
    for (const words of ["Contoso Native", "alice@contoso.test", "127.0.0.1", "Only continue if you started this yourself."]) {
        assert.ok(said.includes(words), words);
    }
    assert.equal((await poll()).error, "authorization_pending");
    await tabToAndEnter(page, "#idSIButton9");
    await look(person, "device-done", {});
    assert.ok((await poll()).access_token);

    // Signed in already, and asked all the same.
    const second = await device();
    await page.goto(second.verification_uri);
    await answer(page, second.user_code);
    await look(person, "device-picker", { focus: ".choice" });
    await enter(page);
    await tabToAndEnter(page, "#idBtn_Back");
    await look(person, "device-declined", {});
    assert.equal((await second.poll()).error, "authorization_declined");
    await watch.verdict();
});

test("DC-01: after ten wrong codes the page says for how long there are no more", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(`${dev.origin}/devicelogin`);
    for (const letter of "BCDFGHJKLMN") {
        await answer(page, `XXXXXXXX${letter}`);
    }
    await look(person, "device-code-locked", { focus: "#otc" });
    assert.match(await page.locator("#otcError").innerText(), /15 minutes/);
    await watch.verdict();
});

test("without JavaScript, and in German", bounded, async () => {
    const { user_code: code, verification_uri: address, poll } = await device();
    person = await chromium.newPerson({ javaScript: false, locale: "de-DE" });
    const { page, watch } = person;
    await page.goto(address);
    await look(person, "de-device-code", { focus: "#otc", language: "de" });
    await answer(page, "nicht so");
    await look(person, "de-device-code-wrong", { focus: "#otc", language: "de" });
    await answer(page, code);
    await signIn(page, bob);
    await look(person, "de-device-confirm", { focus: "h1", language: "de" });
    await tabToAndEnter(page, "#idSIButton9");
    await look(person, "de-device-done", { language: "de" });
    assert.ok((await poll()).access_token);
    await watch.verdict();
});
