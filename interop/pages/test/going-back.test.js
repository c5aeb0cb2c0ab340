// People press Back and Reload. Whatever they do, they get a page that helps, and nothing happens twice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvironment } from "../../node/environment.js";
import { chromiumFor } from "../chromium.js";
import { answer, enter, signIn } from "../keyboard.js";
import { look } from "../look.js";
import { authorize } from "../requests.js";

const dev = readEnvironment();
const web = dev.application("web", "contoso.test");
const alice = dev.user("alice@contoso.test");
const bounded = { timeout: 90_000 };

const chromium = chromiumFor(dev);
let person;

/** Back, and where the browser itself asks whether to send the form again: yes. */
async function back(page) {
    try {
        await page.goBack();
    } catch (problem) {
        assert.match(problem.message, /ERR_CACHE_MISS/);
        // The browser's own page takes a moment to come.
        await page.waitForFunction(() => location.protocol === "chrome-error:");
        await page.reload();
    }
}

test("AZ-52: back after signing in is a page that says what to do, and signs nobody in again", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(authorize(dev, web));
    await signIn(page, alice);
    const arrival = chromium.application.lastArrival;
    await back(page);
    assert.match(await page.locator("h1").textContent(), /expired/);
    await look(person, "error-expired-by-going-back", {});
    assert.equal(chromium.application.lastArrival, arrival, "the application is not told twice");
    await watch.verdict();
});

test("AZ-52: the first page of a sign-in, opened again after it, goes on without asking", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    const address = authorize(dev, web);
    await page.goto(address);
    await signIn(page, alice);
    await page.goto(address);
    assert.equal(await page.title(), "Arrived");
    await watch.verdict();
});

test("AZ-52: reloading the page after a wrong password asks again; after the right one, it says what to do", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(authorize(dev, web));
    await answer(page, alice.upn);
    await answer(page, "not the password");
    await page.reload();
    assert.ok(await page.locator("#passwordError").isVisible());
    await answer(page, alice.password);
    await page.reload();
    assert.match(await page.locator("h1").textContent(), /expired/);
    await watch.verdict();
});

test("AZ-52: the way back to the application cannot be walked twice", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    let wayBack;
    page.on("request", (request) => {
        if (request.url().includes("/authorize/resume?")) {
            wayBack = request.url();
        }
    });
    await page.goto(authorize(dev, web));
    await signIn(page, alice);
    await page.goto(wayBack);
    assert.match(await page.locator("h1").textContent(), /expired/);
    await watch.verdict();
});

test("a page of the conversation, opened by its address, says what to do", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    for (const path of ["/signin/account", "/signin/password", "/signin/new-password", "/signin/pick", "/signin/stay", "/signin/switch", "/signout"]) {
        await page.goto(dev.origin + path);
        assert.match(await page.locator("h1").textContent(), /expired/);
    }
    await watch.verdict();
});

test("two conversations in two tabs do not get in each other's way", bounded, async () => {
    person = await chromium.newPerson();
    const { page, context, watch } = person;
    await page.goto(authorize(dev, web, { state: "first" }));
    const second = await context.newPage();
    await second.goto(authorize(dev, web, { state: "second" }));
    await page.bringToFront();
    await answer(page, alice.upn);
    await second.bringToFront();
    await signIn(second, alice);
    assert.equal(chromium.application.lastArrival.state, "second");
    await page.bringToFront();
    await answer(page, alice.password);
    await enter(page);
    assert.equal(chromium.application.lastArrival.state, "first");
    await watch.verdict();
});
