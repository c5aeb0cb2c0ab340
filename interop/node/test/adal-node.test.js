// adal-node: services that nobody has touched for years, and the v1.0 endpoints, where a resource stands for scopes.

import assert from "node:assert/strict";
import { randomBytes, randomUUID, X509Certificate } from "node:crypto";
import { before } from "node:test";
import adal from "adal-node";
import { Browser, Person } from "../browser.js";
import { testsOf } from "../cells.js";
import { readEnvironment } from "../environment.js";
import { clientAuthenticationOf, clientOf, fingerprint, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const alice = dev.user("alice@contoso.test");
const bob = dev.user("bob@contoso.test");
const web = dev.application("web", contoso.domain);
const native = dev.application("native", contoso.domain);
const daemon = dev.application("daemon", contoso.domain);
const api = dev.application("api", contoso.domain);
const orders = dev.named("Contoso Orders API"); // takes tokens of the v1.0 form
const bounded = { timeout: 60_000 };
const showing = (...shows) => ({ ...bounded, shows });
const test = testsOf("adal-node", "adal-node", "v1.0");

/** The library, with a cache of its own, and promises for its callbacks. */
function context(tenant = contoso.id) {
    const authentication = new adal.AuthenticationContext(dev.authority(tenant), false, new adal.MemoryCache());
    return (method, ...given) =>
        new Promise((resolve, reject) => {
            authentication[method](...given, (problem, answer) =>
                // With a problem comes what the server said.
                problem ? reject(Object.assign(problem, { said: answer })) : resolve(answer),
            );
        });
}

/** Asserts that `call` is refused with one of the server's errors, as the library hands it on. */
async function refused(call, { error, code }) {
    await assert.rejects(call, (refusal) => {
        assert.deepEqual([refusal.said?.error, refusal.said?.error_codes], [error, [code]], refusal.message);
        return true;
    });
}

for (const resource of [api, orders]) {
    test(`a daemon gets a token for ${resource.name} by secret, and keeps it`, showing("client-secret"), async () => {
        const acquire = context(contoso.domain);
        const asked = [resource.identifier_uri, daemon.client_id, daemon.client_secret];
        const first = await acquire("acquireTokenWithClientCredentials", ...asked);
        const claims = await verifiedForApi(dev, first.accessToken, { api: resource, tenantId: contoso.id });
        assert.equal(claims.ver, resource === orders ? "1.0" : "2.0");
        assert.deepEqual([clientOf(claims), clientAuthenticationOf(claims)], [daemon.client_id, "1"]);
        assert.equal(first.resource, resource.identifier_uri);
        const second = await acquire("acquireTokenWithClientCredentials", ...asked);
        assert.equal(fingerprint(second.accessToken), fingerprint(first.accessToken));
    });
}

test("a daemon gets a token by certificate", showing("client-certificate"), async () => {
    const certified = dev.named("Contoso Certificate Daemon");
    const thumbprint = new X509Certificate(certified.certificate).fingerprint.replaceAll(":", "");
    const asked = [api.identifier_uri, certified.client_id, certified.private_key, thumbprint];
    const answer = await context()("acquireTokenWithClientCertificate", ...asked);
    const claims = await verifiedForApi(dev, answer.accessToken, { api, tenantId: contoso.id });
    assert.deepEqual([clientOf(claims), clientAuthenticationOf(claims)], [certified.client_id, "2"]);
});

test("a wrong secret is refused in the words of the server", bounded, async () => {
    const wrong = `wrong-${randomUUID()}`;
    const call = context()("acquireTokenWithClientCredentials", api.identifier_uri, daemon.client_id, wrong);
    await refused(call, { error: "invalid_client", code: 7000215 });
});

let acquire;
let signedIn;
before(async () => {
    acquire = context();
    const redirectUri = web.redirect_uris[0];
    const asked = new URLSearchParams({
        response_type: "code",
        client_id: web.client_id,
        redirect_uri: redirectUri,
        state: randomUUID(),
        resource: orders.identifier_uri,
    });
    const address = `${dev.authority(contoso.id)}/oauth2/authorize?${asked}`;
    const { parameters } = await new Person(new Browser(dev), alice).signIn(address, redirectUri);
    assert.equal(parameters.state, asked.get("state"));
    const { client_id: id, client_secret: secret } = web;
    const redemption = [parameters.code, redirectUri, orders.identifier_uri, id, secret];
    signedIn = await acquire("acquireTokenWithAuthorizationCode", ...redemption);
});

test("a code becomes tokens that say who signed in", showing("code"), async () => {
    const claims = await verifiedForApi(dev, signedIn.accessToken, { api: orders, tenantId: contoso.id });
    assert.deepEqual([claims.ver, claims.oid, claims.upn], ["1.0", alice.id, alice.upn]);
    assert.deepEqual([clientOf(claims), clientAuthenticationOf(claims)], [web.client_id, "1"]);
    // What the library reads of the ID token, and of the answer.
    assert.deepEqual([signedIn.userId, signedIn.oid, signedIn.tenantId], [alice.upn, alice.id, contoso.id]);
    assert.equal(signedIn.resource, orders.identifier_uri);
    assert.ok(signedIn.expiresOn > new Date());
});

test("the refresh token brings a new token, and opens a second resource", showing("silent", "second-resource"), async () => {
    for (const resource of [orders, api]) {
        const asked = [signedIn.refreshToken, web.client_id, web.client_secret, resource.identifier_uri];
        const fresh = await acquire("acquireTokenWithRefreshToken", ...asked);
        assert.notEqual(fingerprint(fresh.accessToken), fingerprint(signedIn.accessToken));
        const claims = await verifiedForApi(dev, fresh.accessToken, { api: resource, tenantId: contoso.id });
        assert.equal(claims.oid, alice.id);
    }
});

test("a name and a password are enough, and the cache does the rest", showing("password", "silent", "second-resource"), async () => {
    const acquire = context();
    const asked = [bob.upn, bob.password, native.client_id];
    const first = await acquire("acquireTokenWithUsernamePassword", orders.identifier_uri, ...asked);
    const claims = await verifiedForApi(dev, first.accessToken, { api: orders, tenantId: contoso.id });
    assert.deepEqual([claims.oid, claims.upn, clientAuthenticationOf(claims)], [bob.id, bob.upn, "0"]);
    const again = await acquire("acquireToken", orders.identifier_uri, bob.upn, native.client_id);
    assert.equal(fingerprint(again.accessToken), fingerprint(first.accessToken));
    // Of this resource the cache has nothing, but a refresh token that is said to be for all.
    const second = await acquire("acquireToken", api.identifier_uri, bob.upn, native.client_id);
    assert.equal((await verifiedForApi(dev, second.accessToken, { api, tenantId: contoso.id })).oid, bob.id);
});

test("a wrong password is an invalid grant", bounded, async () => {
    const wrong = `not-${randomBytes(8).toString("hex")}`;
    const asked = [orders.identifier_uri, bob.upn, wrong, native.client_id];
    await refused(context()("acquireTokenWithUsernamePassword", ...asked), { error: "invalid_grant", code: 50126 });
});
