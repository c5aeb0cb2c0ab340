// An application of Contoso is for everybody. Fabrikam signs up to it: before, the right errors; an administrator consents
// in a browser; after, MSAL gets tokens for Fabrikam's people, and for the application alone.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before } from "node:test";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { decodeJwt } from "jose";
import { testsOf } from "../../node/cells.js";
import { readEnvironment } from "../../node/environment.js";
import { openBrowser } from "../chromium.js";
import { finishSignIn, giveName, givePassword } from "../person.js";

const dev = readEnvironment();
const newsletter = dev.applications.find((one) => !one.consented);
const fabrikam = dev.tenant("fabrikam.test");
const [carol, dave] = ["carol@fabrikam.test", "dave@fabrikam.test"].map((upn) => dev.user(upn));
const test = testsOf("MSAL Node", "@azure/msal-node");
const redirectUri = newsletter.redirect_uris.find((uri) => uri.startsWith("http://localhost:"));
const GRAPH = "https://graph.microsoft.com/.default";
const scopes = ["User.Read", "Group.Read.All"];

const msal = new ConfidentialClientApplication({
    auth: {
        clientId: newsletter.client_id,
        clientSecret: newsletter.client_secret,
        authority: dev.authority(fabrikam.id),
        knownAuthorities: [dev.host],
    },
});

let server;
let arrivals = [];
before(async () => {
    server = createServer((request, response) => {
        const address = new URL(request.url, redirectUri);
        if (address.pathname === new URL(redirectUri).pathname) {
            arrivals.push(Object.fromEntries(address.searchParams));
        }
        response.end("<!doctype html><title>Arrived</title>");
    });
    await new Promise((ready) => server.listen(new URL(redirectUri).port, "localhost", ready));
});
after(() => new Promise((closed) => server.close(closed)));

/** Somebody goes to an address in a browser of their own, signs in, and says what `onPage` says. */
async function visit(user, address, onPage) {
    const browser = await openBrowser(dev);
    try {
        const { page } = browser;
        await page.goto(address);
        await giveName(page, user.upn);
        await givePassword(page, user.password);
        const consent = page.locator("button[name=consent]").first();
        const arrived = async () => (await page.title()) === "Arrived";
        await finishSignIn(page, dev, { gone: async () => (await consent.isVisible()) || arrived() });
        if (!(await arrived())) {
            await onPage(page);
            await page.waitForURL(`${redirectUri}**`);
        }
        assert.deepEqual(browser.violations, []);
        return arrivals.pop();
    } finally {
        await browser.close();
    }
}

test("before Fabrikam consents, nobody gets anything, and the errors say why", { timeout: 90_000 }, async () => {
    await assert.rejects(msal.acquireTokenByClientCredential({ scopes: [GRAPH] }), /AADSTS700016/);
    const address = await msal.getAuthCodeUrl({ scopes, redirectUri });
    const answer = await visit(dave, address, async (page) => {
        assert.match(await page.locator("body").innerText(), /Read all groups/);
        assert.equal(await page.locator("button[value=accept]").count(), 0);
        await page.locator("button[value=cancel]").click();
    });
    assert.equal(answer.error, "access_denied");
    assert.match(answer.error_description, /^AADSTS65004/);
});

test("an administrator of Fabrikam consents, and MSAL gets tokens", { timeout: 90_000, shows: ["client-secret", "code", "silent"] }, async () => {
    const query = new URLSearchParams({ client_id: newsletter.client_id, redirect_uri: redirectUri, state: "signed up" });
    const answer = await visit(carol, `${dev.authority("organizations")}/adminconsent?${query}`, (page) =>
        page.locator("button[value=accept]").click(),
    );
    assert.deepEqual(answer, { admin_consent: "True", tenant: fabrikam.id, state: "signed up" });

    const alone = await msal.acquireTokenByClientCredential({ scopes: [GRAPH] });
    const claims = decodeJwt(alone.accessToken);
    assert.deepEqual([claims.tid, claims.roles], [fabrikam.id, ["User.Read.All"]]);

    const address = await msal.getAuthCodeUrl({ scopes, redirectUri });
    const { code } = await visit(dave, address, () => assert.fail("dave is asked though carol has consented for all"));
    const tokens = await msal.acquireTokenByCode({ code, scopes, redirectUri });
    assert.deepEqual([tokens.account.tenantId, tokens.account.username], [fabrikam.id, dave.upn]);
    assert.ok(scopes.every((scope) => tokens.scopes.includes(scope)), String(tokens.scopes));
    const silent = await msal.acquireTokenSilent({ account: tokens.account, scopes: ["User.Read"], forceRefresh: true });
    assert.equal(decodeJwt(silent.accessToken).tid, fabrikam.id);
});
