// A certified OpenID Connect client that knows nothing of Microsoft: openid-client, by the book and strict about it.

import assert from "node:assert/strict";
import { randomUUID, X509Certificate } from "node:crypto";
import { importPKCS8 } from "jose";
import * as client from "openid-client";
import { Browser, Page, Person } from "../browser.js";
import { testsOf } from "../cells.js";
import { defaultScope, fullScopes, readEnvironment } from "../environment.js";
import { clientAuthenticationOf, clientOf, fingerprint, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const alice = dev.user("alice@contoso.test");
const web = dev.application("web", contoso.domain);
const portal = dev.named("Contoso Portal"); // may have ID tokens from the authorize endpoint
const native = dev.application("native", contoso.domain);
const daemon = dev.application("daemon", contoso.domain);
const api = dev.application("api", contoso.domain);
const redirectUri = web.redirect_uris[0];
const bounded = { timeout: 60_000 };
const showing = (...shows) => ({ ...bounded, shows });
const test = testsOf("openid-client", "openid-client");
const GRAPH = "https://graph.microsoft.com/User.Read";

const issuer = new URL(`${dev.authority(contoso.id)}/v2.0`);
const discovered = (application, authentication, ...execute) =>
    client.discovery(issuer, application.client_id, undefined, authentication, { execute });
const byPost = (application) => discovered(application, client.ClientSecretPost(application.client_secret));

/** An authorize request, with everything that the answer will be held to. */
async function begin(config, scope, { redirect = redirectUri, ...more } = {}) {
    const checks = {
        pkceCodeVerifier: client.randomPKCECodeVerifier(),
        expectedState: client.randomState(),
        expectedNonce: client.randomNonce(),
    };
    const address = client.buildAuthorizationUrl(config, {
        redirect_uri: redirect,
        scope,
        state: checks.expectedState,
        nonce: checks.expectedNonce,
        code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
        code_challenge_method: "S256",
        ...more,
    });
    return { address: address.href, checks };
}

for (const [name, authentication] of [
    ["in the body", client.ClientSecretPost],
    ["in the Authorization header", client.ClientSecretBasic],
]) {
    test(`a daemon shows its secret ${name}`, showing("client-secret"), async () => {
        const config = await discovered(daemon, authentication(daemon.client_secret));
        const tokens = await client.clientCredentialsGrant(config, { scope: defaultScope(api) });
        const claims = await verifiedForApi(dev, tokens.access_token, { api, tenantId: contoso.id });
        assert.equal(clientOf(claims), daemon.client_id);
        assert.equal(clientAuthenticationOf(claims), "1");
    });
}

for (const alg of ["RS256", "PS256"]) {
    test(`a daemon signs with ${alg}, for the issuer`, showing("client-certificate"), async () => {
        const certified = dev.named("Contoso Certificate Daemon");
        const thumbprint = new X509Certificate(certified.certificate).fingerprint.replaceAll(":", "");
        const key = await importPKCS8(certified.private_key, alg);
        const kid = Buffer.from(thumbprint, "hex").toString("base64url");
        const config = await discovered(certified, client.PrivateKeyJwt({ key, kid }));
        const tokens = await client.clientCredentialsGrant(config, { scope: defaultScope(api) });
        const claims = await verifiedForApi(dev, tokens.access_token, { api, tenantId: contoso.id });
        assert.deepEqual([clientOf(claims), clientAuthenticationOf(claims)], [certified.client_id, "2"]);
    });
}

test("a wrong secret is refused in words that the library passes on", bounded, async () => {
    const config = await discovered(daemon, client.ClientSecretPost(`wrong-${randomUUID()}`));
    await assert.rejects(client.clientCredentialsGrant(config, { scope: defaultScope(api) }), (refusal) => {
        assert.equal(refusal.error, "invalid_client");
        assert.match(refusal.error_description, /^AADSTS7000215:/);
        return true;
    });
});

test("a person signs in, is known to userinfo, stays known by the refresh token, and signs out", showing("code", "userinfo", "silent", "second-resource", "logout"), async () => {
    const config = await byPost(web);
    const browser = new Browser(dev);
    const { address, checks } = await begin(config, `openid profile offline_access ${GRAPH}`);
    const returned = await new Person(browser, alice).signIn(address, redirectUri);
    const tokens = await client.authorizationCodeGrant(config, new URL(returned.address), checks);
    const identity = tokens.claims();
    assert.deepEqual([identity.oid, identity.tid, identity.preferred_username], [alice.id, contoso.id, alice.upn]);

    const info = await client.fetchUserInfo(config, tokens.access_token, identity.sub);
    assert.equal(info.name, identity.name);

    const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(fingerprint(fresh.access_token), fingerprint(tokens.access_token));
    const scope = fullScopes(api)[0];
    const second = await client.refreshTokenGrant(config, fresh.refresh_token, { scope });
    const claims = await verifiedForApi(dev, second.access_token, { api, tenantId: contoso.id });
    assert.deepEqual([claims.oid, clientOf(claims)], [alice.id, web.client_id]);

    const farewell = client.buildEndSessionUrl(config, {
        post_logout_redirect_uri: web.redirect_uris.find((uri) => uri.endsWith("/signed-out")),
        id_token_hint: tokens.id_token,
        state: "good bye",
    });
    const gone = await browser.open(farewell.href, farewell.searchParams.get("post_logout_redirect_uri"));
    assert.ok(!(gone instanceof Page), `the person must come back to the application: ${gone}`);
    assert.equal(gone.parameters.state, "good bye");

    const again = await begin(config, "openid", { prompt: "none" });
    const { parameters } = await browser.open(again.address, redirectUri);
    assert.equal(parameters.error, "login_required");
});

test("a native application signs a person in without a secret", showing("code"), async () => {
    const config = await discovered(native, client.None());
    const redirect = "http://127.0.0.1:49152/";
    const { address, checks } = await begin(config, `openid ${fullScopes(api)[0]}`, { redirect });
    const returned = await new Person(new Browser(dev), alice).signIn(address, redirect);
    const tokens = await client.authorizationCodeGrant(config, new URL(returned.address), checks);
    const claims = await verifiedForApi(dev, tokens.access_token, { api, tenantId: contoso.id });
    assert.deepEqual([claims.oid, clientAuthenticationOf(claims)], [alice.id, "0"]);
    assert.equal(tokens.refresh_token, undefined, "nobody asked for offline_access");
});

/** An answer that came by form or in a fragment, as the library takes it. */
function received({ address, parameters }) {
    const url = new URL(address);
    url.hash = new URLSearchParams(parameters).toString();
    return url;
}

for (const responseMode of ["form_post", "fragment"]) {
    test(`a code and an ID token come together by ${responseMode}, and belong together`, showing("hybrid"), async () => {
        const authentication = client.ClientSecretPost(portal.client_secret);
        const config = await discovered(portal, authentication, client.useCodeIdTokenResponseType);
        const redirect = portal.redirect_uris[0];
        const { address, checks } = await begin(config, `openid profile ${fullScopes(api)[0]}`, {
            redirect,
            response_mode: responseMode,
        });
        const returned = await new Person(new Browser(dev), alice).signIn(address, redirect);
        assert.equal(returned.mode, responseMode);
        const tokens = await client.authorizationCodeGrant(config, received(returned), checks);
        assert.equal(tokens.claims().oid, alice.id);
        const claims = await verifiedForApi(dev, tokens.access_token, { api, tenantId: contoso.id });
        assert.deepEqual([claims.oid, clientAuthenticationOf(claims)], [alice.id, "1"]);
    });
}

test("an ID token comes straight from the authorize endpoint", showing("implicit"), async () => {
    const config = await discovered(portal, client.None(), client.useIdTokenResponseType);
    const redirect = portal.redirect_uris[0];
    const asked = { redirect_uri: redirect, scope: "openid profile", response_mode: "form_post" };
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const { href } = client.buildAuthorizationUrl(config, { ...asked, state, nonce });
    const returned = await new Person(new Browser(dev), alice).signIn(href, redirect);
    const claims = await client.implicitAuthentication(config, received(returned), nonce, { expectedState: state });
    assert.equal(claims.oid, alice.id);
});

test("that nobody is signed in is told to the application, and the library tells it apart from a failure", bounded, async () => {
    const config = await byPost(web);
    const { address, checks } = await begin(config, "openid", { prompt: "none" });
    const returned = await new Browser(dev).open(address, redirectUri);
    await assert.rejects(client.authorizationCodeGrant(config, new URL(returned.address), checks), (refusal) => {
        assert.ok(refusal instanceof client.AuthorizationResponseError, refusal.constructor.name);
        assert.equal(refusal.error, "login_required");
        return true;
    });
});
