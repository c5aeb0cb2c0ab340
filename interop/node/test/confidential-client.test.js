// A web application signs a person in: code flow with PKCE and a secret, the cache, refresh tokens.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { CryptoProvider } from "@azure/msal-node";
import { Browser, Page, Person } from "../browser.js";
import { testsOf } from "../cells.js";
import { confidential, publicClient } from "../clients.js";
import { fullScopes, readEnvironment } from "../environment.js";
import { refused } from "../refusals.js";
import { clientAuthenticationOf, clientOf, fingerprint, verified, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const alice = dev.user("alice@contoso.test");
const bob = dev.user("bob@contoso.test");
const web = dev.application("web", contoso.domain);
const saas = dev.application("saas");
const api = dev.application("api", contoso.domain);
const graph = ["User.Read"];
const bounded = { timeout: 60_000 };
const test = testsOf("MSAL Node", "@azure/msal-node");
const showing = (...shows) => ({ ...bounded, shows });

/** Everything up to the code: PKCE, state and nonce made by the library, a person who signs in. */
async function begin(app, application, { scopes, ...more }) {
    const crypto = new CryptoProvider();
    const { verifier, challenge } = await crypto.generatePkceCodes();
    const [state, nonce, redirectUri] = [crypto.createNewGuid(), crypto.createNewGuid(), application.redirect_uris[0]];
    const address = await app.getAuthCodeUrl({
        scopes,
        redirectUri,
        state,
        nonce,
        codeChallenge: challenge,
        codeChallengeMethod: "S256",
        ...more,
    });
    return { address, redirectUri, redemption: { scopes, redirectUri, state, nonce, codeVerifier: verifier } };
}

async function signIn(app, application, user, request) {
    const { address, redirectUri, redemption } = await begin(app, application, request);
    const returned = await new Person(new Browser(dev), user).signIn(address, redirectUri);
    return { returned, redemption: { ...redemption, code: returned.parameters.code } };
}

const redeem = (app, { returned, redemption }) => app.acquireTokenByCode(redemption, returned.parameters);

for (const responseMode of ["query", "form_post"]) {
    test(`a web application signs a person in and is answered by ${responseMode}`, showing("code"), async () => {
        const app = confidential(dev, web);
        const scopes = [fullScopes(api)[0]];
        const signedIn = await signIn(app, web, alice, { scopes, responseMode });
        assert.equal(signedIn.returned.mode, responseMode);
        const answer = await redeem(app, signedIn);

        const identity = await verified(dev, answer.idToken, { tenantId: contoso.id, audience: web.client_id });
        assert.equal(identity.ver, "2.0");
        assert.equal(identity.nonce, signedIn.redemption.nonce);
        assert.deepEqual(
            [identity.oid, identity.tid, identity.preferred_username],
            [alice.id, contoso.id, alice.upn],
        );

        const access = await verifiedForApi(dev, answer.accessToken, { api, tenantId: contoso.id });
        assert.equal(clientOf(access), web.client_id);
        assert.equal(clientAuthenticationOf(access), "1");
        assert.equal(access.oid, alice.id);
        assert.ok(access.scp.split(" ").includes(scopes[0].split("/").at(-1)));
    });
}

test("the account is known by object id and tenant, and its tokens come from the cache", showing("silent"), async () => {
    const app = confidential(dev, web);
    const answer = await redeem(app, await signIn(app, web, alice, { scopes: graph }));
    assert.equal(answer.account.homeAccountId, `${alice.id}.${contoso.id}`);
    assert.equal(answer.account.localAccountId, alice.id);
    assert.equal(answer.account.tenantId, contoso.id);
    assert.equal(answer.account.username, alice.upn);
    const silent = await app.acquireTokenSilent({ scopes: graph, account: answer.account });
    assert.equal(silent.fromCache, true);
    assert.equal(fingerprint(silent.accessToken), fingerprint(answer.accessToken));
});

test("a forced refresh brings a new token, and so does a second resource", showing("silent", "second-resource"), async () => {
    const app = confidential(dev, web);
    const answer = await redeem(app, await signIn(app, web, bob, { scopes: graph }));
    const { account } = answer;

    const fresh = await app.acquireTokenSilent({ scopes: graph, account, forceRefresh: true });
    assert.equal(fresh.fromCache, false);
    assert.notEqual(fingerprint(fresh.accessToken), fingerprint(answer.accessToken));

    const scopes = [fullScopes(api)[0]];
    const forApi = await app.acquireTokenSilent({ scopes, account });
    assert.equal(forApi.fromCache, false);
    const claims = await verifiedForApi(dev, forApi.accessToken, { api, tenantId: contoso.id });
    assert.equal(claims.oid, bob.id);
    assert.ok(!claims.scp.split(" ").includes("User.Read"));

    const again = await app.acquireTokenSilent({ scopes, account });
    assert.equal(again.fromCache, true, "the granted scope must be spelled as it was asked for");
});

test("a code can be redeemed once", bounded, async () => {
    const app = confidential(dev, web);
    const signedIn = await signIn(app, web, bob, { scopes: graph });
    await redeem(app, signedIn);
    await refused(redeem(app, signedIn), { error: "invalid_grant", codes: [54005] });
});

test("a code is worthless without the verifier it was asked for with", bounded, async () => {
    const app = confidential(dev, web);
    const { returned, redemption } = await signIn(app, web, bob, { scopes: graph });
    const { verifier } = await new CryptoProvider().generatePkceCodes();
    const call = redeem(app, { returned, redemption: { ...redemption, codeVerifier: verifier } });
    await refused(call, { error: "invalid_grant", codes: [501481] });
});

test("a web application that does not show its secret is refused", bounded, async () => {
    const app = publicClient(dev, web);
    const signedIn = await signIn(app, web, bob, { scopes: graph });
    await refused(redeem(app, signedIn), { error: "invalid_client", codes: [7000218] });
});

test("a web application with a wrong secret is refused", bounded, async () => {
    const app = confidential(dev, web, { secret: `wrong-${randomUUID()}` });
    const signedIn = await signIn(app, web, bob, { scopes: graph });
    await refused(redeem(app, signedIn), { error: "invalid_client", codes: [7000215] });
});

test("no nonce comes back when none was sent", bounded, async () => {
    // MSAL Node 7 rejects an ID token that carries a nonce nobody asked for.
    const app = confidential(dev, web);
    const signedIn = await signIn(app, web, bob, { scopes: graph, nonce: undefined });
    const answer = await redeem(app, { ...signedIn, redemption: { ...signedIn.redemption, nonce: undefined } });
    assert.ok(!("nonce" in answer.idTokenClaims));
});

test("asking for no page without a session says that a sign-in is required", bounded, async () => {
    const app = confidential(dev, web);
    const { address, redirectUri, redemption } = await begin(app, web, { scopes: graph, prompt: "none" });
    const returned = await new Browser(dev).open(address, redirectUri);
    assert.ok(!(returned instanceof Page), `prompt=none must never show a page: ${returned}`);
    assert.equal(returned.parameters.error, "login_required");
    assert.match(returned.parameters.error_description, /^AADSTS50058:/);
    assert.equal(returned.parameters.state, redemption.state);
});

test("one sign-in serves a second application in the same browser", bounded, async () => {
    const browser = new Browser(dev);
    const first = confidential(dev, web);
    const begun = await begin(first, web, { scopes: graph });
    await new Person(browser, alice).signIn(begun.address, begun.redirectUri);

    const second = confidential(dev, saas, { tenant: "organizations" });
    const { address, redirectUri, redemption } = await begin(second, saas, {
        scopes: graph,
        prompt: "none",
        loginHint: alice.upn,
    });
    const returned = await browser.open(address, redirectUri);
    assert.ok(!(returned instanceof Page), `prompt=none must never show a page: ${returned}`);
    const answer = await redeem(second, { returned, redemption: { ...redemption, code: returned.parameters.code } });
    assert.equal(answer.account.localAccountId, alice.id);
});

for (const [alias, upn] of [
    ["organizations", "carol@fabrikam.test"],
    ["common", "carol@fabrikam.test"],
    ["organizations", "alice@contoso.test"],
]) {
    test(`a multi-tenant application signs ${upn} in from ${alias}`, showing("code", "silent"), async () => {
        const person = dev.user(upn);
        const app = confidential(dev, saas, { tenant: alias });
        const answer = await redeem(app, await signIn(app, saas, person, { scopes: graph }));
        const claims = await verified(dev, answer.idToken, {
            tenantId: person.tenant.id,
            audience: saas.client_id,
            askedAt: alias,
        });
        assert.equal(claims.iss, `${dev.origin}/${person.tenant.id}/v2.0`);
        assert.deepEqual([claims.tid, claims.oid, claims.preferred_username], [person.tenant.id, person.id, person.upn]);
        assert.equal(answer.account.homeAccountId, `${person.id}.${person.tenant.id}`);
        const fresh = await app.acquireTokenSilent({ scopes: graph, account: answer.account, forceRefresh: true });
        assert.equal(fresh.fromCache, false);
    });
}
