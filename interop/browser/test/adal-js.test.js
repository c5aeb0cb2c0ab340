// A single-page application from before there was MSAL: ADAL.js gets its tokens from the authorize endpoint, and new ones
// through hidden frames. One browser, in which each test goes on where the last one ended.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { testsOf } from "../../node/cells.js";
import { readEnvironment } from "../../node/environment.js";
import { openBrowser } from "../chromium.js";
import { finishSignOut, signIn } from "../person.js";
import { serveClassicSite } from "../site.js";
import { clientOf, fingerprint, verified, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const alice = dev.user("alice@contoso.test");
const orders = dev.named("Contoso Orders API");
const test = testsOf("ADAL.js", "adal-angular", "v1.0");
const showing = (...shows) => ({ timeout: 60_000, shows });

let site;
let browser;
let page;
before(async () => {
    site = await serveClassicSite(dev);
    browser = await openBrowser(dev);
    page = browser.page;
    await visit();
});
after(async () => {
    await browser?.close();
    await site?.close();
    assert.deepEqual(browser?.violations, []);
});

async function visit(address = site.home) {
    await page.goto(address);
    await page.evaluate(() => window.app.then(() => undefined));
}

const call = (name, argument) =>
    page.evaluate(async ([name, argument]) => (await window.app)[name](argument), [name, argument]);

async function shows(who) {
    await page.waitForFunction((text) => document.getElementById("account")?.textContent === text, who);
}

/** A new token for `resource`, by a hidden frame if there is none in the cache. */
async function acquired(resource) {
    const { token, error, description } = await call("acquire", resource);
    assert.ok(token, `${error}: ${description}; ${browser.violations}`);
    return token;
}

test("the application signs a person in, and reads who it is from the ID token", showing("implicit"), async () => {
    await page.locator("#login").click();
    await signIn(page, alice, dev);
    await shows(alice.upn);
    const { userName, profile } = await call("user");
    assert.deepEqual([userName, profile.oid, profile.tid], [alice.upn, alice.id, contoso.id]);
    // The library keeps the ID token as the token for the application's own API.
    const token = await call("cached", site.clientId);
    const claims = await verified(dev, token, { tenantId: contoso.id, audience: site.clientId });
    assert.deepEqual([claims.ver, claims.oid], ["1.0", alice.id]);
});

test("a hidden frame brings a token for an API, which then comes from the cache", showing("implicit", "silent"), async () => {
    const token = await acquired(orders.identifier_uri);
    const claims = await verifiedForApi(dev, token, { api: orders, tenantId: contoso.id });
    assert.deepEqual([claims.oid, clientOf(claims), claims.scp], [alice.id, site.clientId, "Orders.Read"]);
    const again = await acquired(orders.identifier_uri);
    assert.equal(fingerprint(again), fingerprint(token));
    await call("forget", orders.identifier_uri);
    await visit(); // the library's frame of a page is not ready for the same API again at once
    const fresh = await acquired(orders.identifier_uri);
    assert.notEqual(fingerprint(fresh), fingerprint(token));
});

test("a hidden frame brings a new ID token", showing("silent"), async () => {
    const token = await call("cached", site.clientId);
    await call("forget", site.clientId);
    const fresh = await acquired(site.clientId);
    assert.notEqual(fingerprint(fresh), fingerprint(token));
});

test("of an API that is not there the frame says so, in words that the library passes on", showing(), async () => {
    const { token, error, description } = await call("acquire", "api://nobody");
    assert.ok(!token);
    assert.match(description, /^AADSTS500011:/);
    assert.equal(error, "invalid_resource");
});

test("signing out ends the session", showing("logout"), async () => {
    await page.locator("#logout").click();
    await finishSignOut(page, dev, () => page.url().startsWith(site.signedOut));
    await visit();
    await shows("nobody");
    await page.locator("#login").click();
    await page.locator("#i0116, #i0118").first().waitFor(); // the next sign-in asks again
});

test("the application signs a person in in a popup", showing("implicit"), async () => {
    await visit(`${site.home}?popup`);
    const opened = page.waitForEvent("popup");
    await page.locator("#login").click();
    const popup = await opened;
    const closed = popup.waitForEvent("close");
    await signIn(popup, alice, dev);
    await closed;
    await shows(alice.upn);
});
