// Applications that have not moved on: MSAL Browser 2, 3 and 4. One browser for each, in which one person signs in by
// redirect, is known silently, signs out, and does the same again in a popup: each test goes on where the last one ended.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { testsOf } from "../../node/cells.js";
import { readEnvironment } from "../../node/environment.js";
import { openBrowser } from "../chromium.js";
import { finishSignOut, signIn } from "../person.js";
import { MSAL, serveSite } from "../site.js";
import { clientAuthenticationOf, clientOf, fingerprint, verified, verifiedForApi } from "../tokens.js";
import { askUserinfo } from "../userinfo.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const alice = dev.user("alice@contoso.test");
const showing = (...shows) => ({ timeout: 60_000, shows });

for (const major of [2, 3, 4]) {
    describe(`MSAL Browser ${major}`, () => {
        const test = testsOf("MSAL Browser", MSAL[major]);
        let site;
        let browser;
        let page;
        before(async () => {
            site = await serveSite(dev, { major });
            browser = await openBrowser(dev);
            page = browser.page;
            await visit(page);
        });
        after(async () => {
            await browser?.close();
            await site?.close();
            assert.deepEqual(browser?.violations, []);
        });

        const visit = async (tab) => {
            await tab.goto(site.home);
            await tab.evaluate(() => window.app.then(() => undefined));
        };
        const call = (tab, name, argument) =>
            tab.evaluate(async ([name, argument]) => (await window.app)[name](argument), [name, argument]);
        let first;

        test("a hidden frame without a session says that a sign-in is required", showing(), async () => {
            const { refused } = await call(page, "ssoSilent", alice.upn);
            assert.equal(refused?.name, "InteractionRequiredAuthError", JSON.stringify(refused));
            assert.equal(refused.code, "login_required");
            assert.match(refused.message, /AADSTS50058:/);
        });

        test("the application signs a person in by redirect", showing("code"), async () => {
            await page.locator("#login-redirect").click();
            await signIn(page, alice, dev);
            await shows(page, alice.upn);
            first = granted(await page.evaluate(async () => (await window.app).redirected));
            await isAlice(site, first);
            assert.equal(page.url(), site.home);
        });

        test("tokens come from the cache, and by the refresh token", showing("silent"), async () => {
            const again = granted(await call(page, "silent"));
            assert.equal(again.fromCache, true);
            assert.equal(fingerprint(again.accessToken), fingerprint(first.accessToken));
            const fresh = granted(await call(page, "silent", { forceRefresh: true }));
            assert.equal(fresh.fromCache, false);
            assert.notEqual(fingerprint(fresh.accessToken), fingerprint(first.accessToken));
        });

        test("the same refresh token opens a second resource, and that userinfo", showing("second-resource", "userinfo"), async () => {
            const graph = granted(await call(page, "silent", { scopes: ["User.Read"] }));
            assert.ok(graph.scopes.includes("User.Read"), String(graph.scopes));
            const info = await askUserinfo(dev, page, graph.accessToken);
            assert.equal(info.sub, first.idTokenClaims.sub);
        });

        test("a new tab finds the session through a hidden frame", showing("silent"), async () => {
            const tab = await browser.context.newPage(); // with an empty cache: MSAL keeps tokens per tab
            await visit(tab);
            await isAlice(site, granted(await call(tab, "ssoSilent", alice.upn)));
            await tab.close();
        });

        test("signing out by redirect ends the session and returns to the application", showing("logout"), async () => {
            await page.locator("#logout-redirect").click();
            await finishSignOut(page, dev, () => page.url().startsWith(site.home));
            await shows(page, "nobody");
            const { refused } = await call(page, "ssoSilent", alice.upn);
            assert.equal(refused?.code, "login_required", JSON.stringify(refused));
        });

        test("a person signs in in a popup, and out again in another", showing("code", "logout"), async () => {
            await signIn(await popup(page, "#login-popup"), alice, dev);
            await isAlice(site, granted(await page.evaluate(() => window.pressed)));
            await shows(page, alice.upn);

            await finishSignOut(await popup(page, "#logout-popup"), dev, () => false); // until it is closed
            const outcome = await page.evaluate(() => window.pressed);
            assert.equal(outcome?.refused, undefined, JSON.stringify(outcome?.refused));
            await shows(page, "nobody");
        });
    });
}

/** Waits until the application shows who is signed in. */
async function shows(page, who) {
    await page.waitForFunction((text) => document.getElementById("account")?.textContent === text, who);
}

async function popup(page, button) {
    const opened = page.waitForEvent("popup");
    await page.locator(button).click();
    return opened;
}

/** The answer, if it is one; otherwise the test ends with the library's own words. */
function granted(answer) {
    assert.ok(answer, "no answer arrived");
    assert.equal(answer.refused, undefined, JSON.stringify(answer.refused));
    return answer;
}

async function isAlice(site, answer) {
    const identity = await verified(dev, answer.idToken, { tenantId: contoso.id, audience: site.clientId });
    assert.deepEqual([identity.oid, identity.preferred_username], [alice.id, alice.upn]);
    assert.ok(identity.nonce, "MSAL Browser always sends a nonce");
    assert.equal(answer.homeAccountId, `${alice.id}.${contoso.id}`);
    const access = await verifiedForApi(dev, answer.accessToken, { api: site.api, tenantId: contoso.id });
    assert.deepEqual([access.oid, clientOf(access), clientAuthenticationOf(access)], [alice.id, site.clientId, "0"]);
}
