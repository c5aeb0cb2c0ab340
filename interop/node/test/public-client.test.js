// A native application signs a person in: MSAL Node opens a browser and listens on a loopback port of its own choice.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Browser, Page, Person } from "../browser.js";
import { testsOf } from "../cells.js";
import { publicClient } from "../clients.js";
import { fullScopes, readEnvironment } from "../environment.js";
import { clientAuthenticationOf, clientOf, discovery, fingerprint, verified, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const alice = dev.user("alice@contoso.test");
const native = dev.application("native", contoso.domain);
const api = dev.application("api", contoso.domain);
const graph = ["User.Read"];
const bounded = { timeout: 60_000 };
const test = testsOf("MSAL Node", "@azure/msal-node");
const showing = (...shows) => ({ ...bounded, shows });

/** `acquireTokenInteractive`, with a person at the browser it opens. */
function signIn(app, user, scopes, visit = (person, address, redirectUri) => person.signIn(address, redirectUri)) {
    return app.acquireTokenInteractive({
        scopes,
        openBrowser: async (address) => {
            const browser = new Browser(dev);
            const redirectUri = new URL(address).searchParams.get("redirect_uri");
            await browser.deliver(await visit(new Person(browser, user), address, redirectUri));
        },
    });
}

test("a native application signs a person in on whichever loopback port is free", showing("code"), async () => {
    const answer = await signIn(publicClient(dev, native), alice, graph);
    const claims = await verified(dev, answer.idToken, { tenantId: contoso.id, audience: native.client_id });
    assert.deepEqual([claims.oid, claims.tid, claims.preferred_username], [alice.id, contoso.id, alice.upn]);
    assert.ok(claims.name);
    assert.equal(answer.account.homeAccountId, `${alice.id}.${contoso.id}`);
});

test("its tokens come from the cache, from a forced refresh, and for a second resource", showing("silent", "second-resource"), async () => {
    const app = publicClient(dev, native);
    const answer = await signIn(app, alice, graph);
    const { account } = answer;

    const silent = await app.acquireTokenSilent({ scopes: graph, account });
    assert.equal(silent.fromCache, true);
    const fresh = await app.acquireTokenSilent({ scopes: graph, account, forceRefresh: true });
    assert.equal(fresh.fromCache, false);
    assert.notEqual(fingerprint(fresh.accessToken), fingerprint(answer.accessToken));

    const forApi = await app.acquireTokenSilent({ scopes: [fullScopes(api)[0]], account });
    const claims = await verifiedForApi(dev, forApi.accessToken, { api, tenantId: contoso.id });
    assert.equal(clientOf(claims), native.client_id);
    assert.equal(clientAuthenticationOf(claims), "0");
});

test("userinfo names the same subject as the ID token", showing("userinfo"), async () => {
    const answer = await signIn(publicClient(dev, native), alice, graph);
    const { userinfo_endpoint: endpoint } = await discovery(dev, contoso.id);
    const userinfo = await fetch(endpoint, {
        headers: { Authorization: `Bearer ${answer.accessToken}` },
        signal: AbortSignal.timeout(20_000),
    });
    assert.equal(userinfo.status, 200);
    // OpenID Connect Core §5.3.2: the client must compare these two, and drop the answer if they differ.
    assert.equal((await userinfo.json()).sub, answer.idTokenClaims.sub);
});

test("a wrong password is refused on the page, and the right one then works", bounded, async () => {
    const bob = dev.user("bob@contoso.test");
    const answer = await signIn(publicClient(dev, native), bob, graph, async (person, address, redirectUri) => {
        const wrong = `not-${randomBytes(8).toString("hex")}`;
        const page = await person.tryToSignIn(address, redirectUri, wrong);
        assert.ok(page instanceof Page, "a wrong password must not lead back to the application");
        assert.ok(page.alert, `the page must say that something was wrong: ${page}`);
        const returned = await person.goOn(page, redirectUri, bob.password);
        assert.ok(!(returned instanceof Page), `the right password did not work after a wrong one: ${returned}`);
        return returned;
    });
    assert.equal(answer.account.localAccountId, bob.id);
});

test("a refresh token that was made up is an invalid grant", bounded, async () => {
    const call = publicClient(dev, native).acquireTokenByRefreshToken({
        refreshToken: randomBytes(48).toString("base64url"),
        scopes: graph,
    });
    await assert.rejects(call, (thrown) => {
        assert.equal(thrown.errorCode, "invalid_grant");
        assert.match(thrown.errorMessage, /AADSTS\d+:/);
        return true;
    });
});
