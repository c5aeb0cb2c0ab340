// A single-page application signs a person in with MSAL Browser: by redirect, in a popup, silently; and out again.

import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { testsOf } from "../../node/cells.js";
import { readEnvironment } from "../../node/environment.js";
import { openBrowser } from "../chromium.js";
import { finishSignOut, signIn } from "../person.js";
import { serveSite } from "../site.js";
import { clientAuthenticationOf, clientOf, discovery, fingerprint, verified, verifiedForApi } from "../tokens.js";
import { askUserinfo } from "../userinfo.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const alice = dev.user("alice@contoso.test");
const bounded = { timeout: 90_000 };
const test = testsOf("MSAL Browser", "@azure/msal-browser");
const showing = (...shows) => ({ ...bounded, shows });

let site;
let browser;
const browsers = new Map();
before(async () => {
    site = await serveSite(dev);
});
after(async () => {
    await Promise.all([...browsers.values()].map((one) => one.close()));
    await site?.close();
});
afterEach(() => browser?.renew());

/** Opens the application in a browser that is as good as new. */
async function open({ thirdPartyCookies = "allowed" } = {}) {
    if (!browsers.has(thirdPartyCookies)) {
        browsers.set(thirdPartyCookies, await openBrowser(dev, { thirdPartyCookies }));
    }
    browser = browsers.get(thirdPartyCookies);
    await visit(browser.page);
    return browser.page;
}

async function visit(page, address = site.home) {
    await page.goto(address);
    await page.evaluate(() => window.app.then(() => undefined));
}

/** Waits until the application shows who is signed in. */
async function shows(page, who) {
    await page.waitForFunction((text) => document.getElementById("account")?.textContent === text, who);
}

async function signInByRedirect(page) {
    await page.locator("#login-redirect").click();
    await explained(page, signIn(page, alice, dev));
    await shows(page, alice.upn);
    return granted(page, await page.evaluate(async () => (await window.app).redirected));
}

/** Where a sign-in gets stuck, says why the library thinks so: it may have given up before there was a page to fill in. */
async function explained(page, attempt) {
    try {
        return await attempt;
    } catch (problem) {
        const moment = new Promise((resolve) => setTimeout(resolve, 2_000));
        const outcome = await Promise.race([page.evaluate(() => window.pressed).catch(() => undefined), moment]);
        const reasons = [problem.message, JSON.stringify(outcome?.refused), ...browser.violations];
        throw new Error(reasons.filter(Boolean).join("\n"), { cause: problem });
    }
}

/** The answer, if it is one; otherwise the test ends with the library's own words and what the browser objected to. */
function granted(page, answer) {
    assert.ok(answer, `no answer arrived; the browser objected to: ${browser.violations}`);
    assert.equal(answer.refused, undefined, `${JSON.stringify(answer.refused)}; ${browser.violations}`);
    return answer;
}

const silent = async (page, more) =>
    granted(page, await page.evaluate(async (request) => (await window.app).silent(request), more));
const ssoSilent = (page, hint) => page.evaluate(async (loginHint) => (await window.app).ssoSilent(loginHint), hint);

/** Counts what the page asks of the token endpoint from now on, and which hidden frames it opens. */
async function watch(page) {
    const { token_endpoint: tokenEndpoint, authorization_endpoint: authorizeEndpoint } = await discovery(dev, contoso.id);
    const seen = { grants: [], frames: 0 };
    page.on("request", (request) => {
        const address = request.url().split("?")[0];
        if (address === tokenEndpoint && request.method() === "POST") {
            seen.grants.push(new URLSearchParams(request.postData() ?? "").get("grant_type"));
        }
        if (address === authorizeEndpoint && request.frame() !== page.mainFrame()) {
            seen.frames += 1;
        }
    });
    return seen;
}

async function isAlice(answer) {
    const identity = await verified(dev, answer.idToken, { tenantId: contoso.id, audience: site.clientId });
    assert.equal(identity.ver, "2.0");
    assert.deepEqual([identity.oid, identity.tid, identity.preferred_username], [alice.id, contoso.id, alice.upn]);
    assert.ok(identity.nonce, "MSAL Browser always sends a nonce");
    assert.equal(answer.homeAccountId, `${alice.id}.${contoso.id}`);
    assert.equal(answer.username, alice.upn);

    const access = await verifiedForApi(dev, answer.accessToken, { api: site.api, tenantId: contoso.id });
    assert.equal(access.oid, alice.id);
    assert.equal(clientOf(access), site.clientId);
    assert.equal(clientAuthenticationOf(access), "0");
}

test("the application signs a person in by redirect, through the bridge page", showing("code"), async () => {
    const page = await open();
    await isAlice(await signInByRedirect(page));
    assert.equal(page.url(), site.home);
    assert.deepEqual(browser.violations, []);
});

test("the application signs a person in by redirect, straight to its own page", showing("code"), async () => {
    const page = await open();
    await visit(page, `${site.home}?straight-home`);
    await page.locator("#login-redirect").click();
    await explained(page, signIn(page, alice, dev));
    await shows(page, alice.upn);
    await isAlice(granted(page, await page.evaluate(async () => (await window.app).redirected)));
    assert.deepEqual(browser.violations, []);
});

test("the application signs a person in in a popup", showing("code"), async () => {
    const page = await open();
    const opened = page.waitForEvent("popup");
    await page.locator("#login-popup").click();
    const popup = await opened;
    const closed = popup.isClosed() ? undefined : popup.waitForEvent("close");
    await explained(page, signIn(popup, alice, dev));
    const answer = granted(page, await page.evaluate(() => window.pressed));
    await closed;
    await isAlice(answer);
    await shows(page, alice.upn);
    assert.deepEqual(browser.violations, []);
});

test("a person who asks to stay signed in ends up signed in just the same", bounded, async () => {
    const page = await open();
    await page.locator("#login-redirect").click();
    await explained(page, signIn(page, alice, dev, { staysSignedIn: true }));
    await shows(page, alice.upn);
});

test("a silent request is answered from the cache without asking the server", showing("silent"), async () => {
    const page = await open();
    const first = await signInByRedirect(page);
    const seen = await watch(page);
    const again = await silent(page);
    assert.equal(again.fromCache, true);
    assert.equal(fingerprint(again.accessToken), fingerprint(first.accessToken));
    assert.deepEqual(seen, { grants: [], frames: 0 });
});

test("a forced refresh redeems the refresh token, without a hidden frame", showing("silent"), async () => {
    const page = await open();
    const first = await signInByRedirect(page);
    const seen = await watch(page);
    const fresh = await silent(page, { forceRefresh: true });
    assert.equal(fresh.fromCache, false);
    assert.notEqual(fingerprint(fresh.accessToken), fingerprint(first.accessToken));
    assert.deepEqual(seen, { grants: ["refresh_token"], frames: 0 });
    await isAlice({ ...fresh, idToken: first.idToken });
});

test("the same refresh token opens a second resource, and that userinfo", showing("second-resource", "userinfo"), async () => {
    const page = await open();
    const { idTokenClaims } = await signInByRedirect(page);
    const seen = await watch(page);
    const graph = await silent(page, { scopes: ["User.Read"] });
    assert.ok(graph.scopes.includes("User.Read"));
    assert.deepEqual(seen, { grants: ["refresh_token"], frames: 0 });
    const info = await askUserinfo(dev, page, graph.accessToken);
    assert.deepEqual([info.sub, info.name], [idTokenClaims.sub, idTokenClaims.name]);
    assert.deepEqual(browser.violations, []);
});

test("a new tab finds the session through a hidden frame, where the browser lets it", showing("silent"), async () => {
    const page = await open({ thirdPartyCookies: "allowed" });
    await signInByRedirect(page);
    const tab = await browser.context.newPage(); // with an empty cache: MSAL keeps tokens per tab
    await visit(tab);
    assert.equal(await tab.evaluate(async () => (await window.app).accounts()), 0);
    const seen = await watch(tab);
    await isAlice(granted(tab, await ssoSilent(tab, alice.upn)));
    assert.deepEqual(seen, { grants: ["authorization_code"], frames: 1 });
    assert.deepEqual(browser.violations, []);
});

test("where the browser withholds cookies from hidden frames, the application is told, and a redirect needs no password", bounded, async () => {
    const page = await open({ thirdPartyCookies: "blocked" });
    await signInByRedirect(page);
    const tab = await browser.context.newPage();
    await visit(tab);
    const { refused } = await ssoSilent(tab, alice.upn);
    assert.equal(refused?.name, "InteractionRequiredAuthError", JSON.stringify(refused));
    assert.equal(refused.code, "login_required");

    await tab.evaluate(async (hint) => {
        (await window.app).loginHint = hint;
    }, alice.upn);
    await tab.locator("#login-redirect").click();
    await shows(tab, alice.upn);
    await isAlice(granted(tab, await tab.evaluate(async () => (await window.app).redirected)));
});

test("a hidden frame without a session says that a sign-in is required, and shows no page", bounded, async () => {
    const page = await open();
    const { refused } = await ssoSilent(page, alice.upn);
    assert.equal(refused?.name, "InteractionRequiredAuthError", JSON.stringify(refused));
    assert.equal(refused.code, "login_required");
    assert.match(refused.message, /AADSTS50058:/);
    assert.deepEqual(browser.violations, []);
});

/** After a sign-out nothing may be left: no account in the page, no session at the server. */
async function isSignedOut(page) {
    assert.equal(await page.evaluate(async () => (await window.app).accounts()), 0);
    const { refused } = await ssoSilent(page, alice.upn);
    assert.equal(refused?.code, "login_required", JSON.stringify(refused));
    await page.locator("#login-redirect").click();
    await page.waitForURL((address) => address.origin === dev.origin);
    await page.locator("#i0116, #i0118").first().waitFor(); // the next sign-in asks again
}

test("signing out by redirect ends the session and returns to the application", showing("logout"), async () => {
    const page = await open();
    await signInByRedirect(page);
    await page.locator("#logout-redirect").click();
    await finishSignOut(page, dev, async () => {
        return page.url().startsWith(site.home) && (await page.locator("#account").textContent()) === "nobody";
    });
    assert.equal(page.url(), site.home);
    await isSignedOut(page);
    assert.deepEqual(browser.violations, []);
});

test("signing out in a popup ends the session and closes the popup", showing("logout"), async () => {
    const page = await open();
    await signInByRedirect(page);
    const opened = page.waitForEvent("popup");
    await page.locator("#logout-popup").click();
    const popup = await opened;
    const closed = popup.isClosed() ? undefined : popup.waitForEvent("close");
    await explained(page, finishSignOut(popup, dev, () => false)); // until it is closed
    const outcome = await page.evaluate(() => window.pressed);
    assert.equal(outcome?.refused, undefined, JSON.stringify(outcome?.refused));
    await closed;
    await shows(page, "nobody");
    await isSignedOut(page);
});
