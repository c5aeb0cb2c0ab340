// The pages of a sign-out, by keyboard alone.

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

test("a person is asked before a sign-out that anybody could have started, and told when it is done", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(authorize(dev, web));
    await signIn(page, alice);
    await page.goto(logout(dev, "contoso.test"));
    await look(person, "sign-out", { focus: "#idSIButton9" });
    await page.goto(logout(dev, "contoso.test", { client_id: web.client_id }));
    await look(person, "sign-out-for-application", { focus: "#idSIButton9" });
    await enter(page);
    await look(person, "signed-out", {});
    await page.goto(logout(dev, "contoso.test"));
    await look(person, "signed-out-nobody", {});
    await watch.verdict();
});

test("a person with two accounts says which one to sign out of", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(authorize(dev, web));
    await signIn(page, alice);
    await page.goto(authorize(dev, web, { login_hint: bob.upn, prompt: "login" }));
    await answer(page, bob.password);
    await enter(page);
    await page.goto(logout(dev, "contoso.test"));
    await look(person, "picker-sign-out", { focus: ".choice" });
    await tabToAndEnter(page, `.choice:has-text("${alice.upn}")`);
    assert.match(await page.locator("main").textContent(), new RegExp(alice.upn));

    await page.goto(authorize(dev, web, { prompt: "select_account" }));
    assert.deepEqual(await page.locator(".choice").count(), 1, "the other account is still signed in");
    assert.match(await page.locator(".choice").textContent(), new RegExp(bob.upn));
    await watch.verdict();
});

test("after a sign-out the browser goes to the application's registered address", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(authorize(dev, web));
    await signIn(page, alice);
    const address = web.redirect_uris.find((uri) => uri.endsWith("/signed-out"));
    await page.goto(logout(dev, "contoso.test", { client_id: web.client_id, post_logout_redirect_uri: address }));
    await enter(page);
    assert.equal(page.url(), address);
    await watch.verdict();
});

test("the applications that the session was used with are told, and then the browser goes back", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    const portal = dev.named("Contoso Portal");
    const told = [];
    await person.context.route("https://localhost:3006/front-channel-logout*", (route) => {
        told.push(new URL(route.request().url()).searchParams);
        return route.fulfill({ contentType: "text/html", body: "<!doctype html><html lang=en><title>Out</title>" });
    });
    await page.goto(authorize(dev, portal));
    await signIn(page, alice);
    await page.goto(logout(dev, "contoso.test"));
    await enter(page);
    await look(person, "signed-out-everywhere", {});
    assert.equal(told[0].get("iss"), `${dev.authority(portal.tenant.id)}/v2.0`);
    assert.match(told[0].get("sid"), /^[0-9a-f-]{36}$/);

    await page.goto(authorize(dev, portal));
    await signIn(page, alice);
    const address = portal.redirect_uris.find((uri) => uri.endsWith("/signed-out"));
    const heard = told.length;
    await page.goto(logout(dev, "contoso.test", { post_logout_redirect_uri: address }));
    await enter(page);
    await page.waitForURL(address, { timeout: 4_000 }); // sooner than a browser without scripts would
    assert.equal(told.length, heard + 1);
    await watch.verdict();
});
