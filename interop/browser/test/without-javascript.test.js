// A person whose browser runs no JavaScript signs in to a web application: every page must work as plain HTML.

import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { ConfidentialClientApplication, CryptoProvider } from "@azure/msal-node";
import { testsOf } from "../../node/cells.js";
import { readEnvironment } from "../../node/environment.js";
import { openBrowser } from "../chromium.js";
import { finishSignIn, giveName, givePassword, signIn } from "../person.js";
import { awaitCallback } from "../site.js";
import { verified } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const bob = dev.user("bob@contoso.test");
const web = dev.application("web", contoso.domain);
const scopes = ["User.Read"];
const test = testsOf("MSAL Node", "@azure/msal-node");

let browser;
let callback;
before(async () => {
    browser = await openBrowser(dev, { javaScript: false });
});
after(() => browser?.close());
afterEach(async () => {
    await callback?.close();
    callback = undefined;
    await browser.renew();
});

/** The web application's side: an address to send the person to, and what it makes of the answer. */
async function application(responseMode) {
    const app = new ConfidentialClientApplication({
        auth: {
            clientId: web.client_id,
            clientSecret: web.client_secret,
            authority: dev.authority(contoso.id),
            knownAuthorities: [dev.host],
        },
    });
    const crypto = new CryptoProvider();
    const { verifier, challenge } = await crypto.generatePkceCodes();
    const [state, nonce, redirectUri] = [crypto.createNewGuid(), crypto.createNewGuid(), web.redirect_uris[0]];
    callback = await awaitCallback(redirectUri);
    const address = await app.getAuthCodeUrl({
        scopes,
        redirectUri,
        responseMode,
        state,
        nonce,
        codeChallenge: challenge,
        codeChallengeMethod: "S256",
    });
    return {
        address,
        redirectUri,
        async redeem() {
            const parameters = await callback.parameters;
            assert.equal(parameters.error, undefined, parameters.error_description);
            return app.acquireTokenByCode(
                { code: parameters.code, scopes, redirectUri, state, nonce, codeVerifier: verifier },
                parameters,
            );
        },
    };
}

async function isBob(answer) {
    const claims = await verified(dev, answer.idToken, { tenantId: contoso.id, audience: web.client_id });
    assert.deepEqual([claims.oid, claims.preferred_username], [bob.id, bob.upn]);
}

test("a person without JavaScript signs in to a web application", { timeout: 90_000, shows: ["code"] }, async () => {
    const { address, redeem } = await application("query");
    await browser.page.goto(address);
    await signIn(browser.page, bob, dev);
    await browser.page.getByRole("heading", { name: "Arrived" }).waitFor();
    await isBob(await redeem());
    assert.deepEqual(browser.violations, []);
});

test("a person without JavaScript carries a form_post answer over with one press of a button", { timeout: 90_000, shows: ["code"] }, async () => {
    const { address, redirectUri, redeem } = await application("form_post");
    const { page } = browser;
    await page.goto(address);
    // The last page is the server's own: it holds the answer, and a button to send it.
    const carry = page.locator(`form[action="${redirectUri}"]`).locator('button, input[type="submit"]');
    await signIn(page, bob, dev, { gone: async () => (await carry.count()) > 0 });
    await carry.first().click();
    await page.getByRole("heading", { name: "Arrived" }).waitFor();
    await isBob(await redeem());
    assert.deepEqual(browser.violations, []);
});

test("a wrong password is refused in plain HTML, next to the field, and the right one then works", { timeout: 90_000 }, async () => {
    const { address, redeem } = await application("query");
    const { page } = browser;
    await page.goto(address);
    await giveName(page, bob.upn);
    await givePassword(page, "not the password");
    const complaint = page.locator('[role="alert"]').filter({ hasText: /\S/ }).first();
    await complaint.waitFor();
    const described = await page.locator("#i0118").getAttribute("aria-describedby");
    assert.ok(described?.split(" ").includes(await complaint.getAttribute("id")), "the error is tied to its field");

    await givePassword(page, bob.password);
    await finishSignIn(page, dev);
    await page.getByRole("heading", { name: "Arrived" }).waitFor();
    await isBob(await redeem());
});
