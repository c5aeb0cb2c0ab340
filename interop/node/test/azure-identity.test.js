// @azure/identity, as a program uses it that only asks for a credential.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { AuthorizationCodeCredential, ClientSecretCredential, EnvironmentCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import { Browser, Person } from "../browser.js";
import { testsOf } from "../cells.js";
import { defaultScope, fullScopes, readEnvironment } from "../environment.js";
import { clientAuthenticationOf, clientOf, fingerprint, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const alice = dev.user("alice@contoso.test");
const web = dev.application("web", contoso.domain);
const daemon = dev.application("daemon", contoso.domain);
const api = dev.application("api", contoso.domain);
const bounded = { timeout: 60_000 };
const showing = (...shows) => ({ ...bounded, shows });
const test = testsOf("@azure/identity", "@azure/identity");

/** What a program says so that it is Vestibule that is asked. Trust comes from the environment. */
const settings = { authorityHost: dev.origin, disableInstanceDiscovery: true };

const claimsOf = ({ token }) => verifiedForApi(dev, token, { api, tenantId: contoso.id });

for (const tenant of [contoso.id, contoso.domain]) {
    test(`a daemon of ${tenant} gets a token by secret, and keeps it`, showing("client-secret"), async () => {
        const credential = new ClientSecretCredential(tenant, daemon.client_id, daemon.client_secret, settings);
        const first = await credential.getToken(defaultScope(api));
        const claims = await claimsOf(first);
        assert.deepEqual([clientOf(claims), clientAuthenticationOf(claims)], [daemon.client_id, "1"]);
        assert.ok(Math.abs(first.expiresOnTimestamp / 1000 - claims.exp) < 10);
        const second = await credential.getToken(defaultScope(api));
        assert.equal(fingerprint(second.token), fingerprint(first.token));
    });
}

test("a program finds everything in its environment", showing("client-secret"), async () => {
    const variables = {
        AZURE_AUTHORITY_HOST: dev.origin,
        AZURE_TENANT_ID: contoso.id,
        AZURE_CLIENT_ID: daemon.client_id,
        AZURE_CLIENT_SECRET: daemon.client_secret,
    };
    Object.assign(process.env, variables);
    try {
        const credential = new EnvironmentCredential({ disableInstanceDiscovery: true });
        const claims = await claimsOf(await credential.getToken(defaultScope(api)));
        assert.equal(clientOf(claims), daemon.client_id);
    } finally {
        Object.keys(variables).forEach((name) => delete process.env[name]);
    }
});

test("a wrong secret is an authentication error in the words of the server", bounded, async () => {
    const wrong = `wrong-${randomUUID()}`;
    const credential = new ClientSecretCredential(contoso.id, daemon.client_id, wrong, settings);
    await assert.rejects(credential.getToken(defaultScope(api)), (refusal) => {
        assert.match(refusal.message, /AADSTS7000215:/);
        assert.ok(!refusal.message.includes(wrong));
        return true;
    });
});

test("a code is redeemed, and then its refresh token, for a second resource too", showing("code", "silent", "second-resource"), async () => {
    const scopes = [fullScopes(api)[0], "offline_access"];
    const redirectUri = web.redirect_uris[0];
    const asked = new URLSearchParams({
        client_id: web.client_id,
        response_type: "code",
        redirect_uri: redirectUri,
        scope: ["openid", "profile", ...scopes].join(" "),
        state: randomUUID(),
    });
    const address = `${dev.authority(contoso.id)}/oauth2/v2.0/authorize?${asked}`;
    const { parameters } = await new Person(new Browser(dev), alice).signIn(address, redirectUri);
    assert.equal(parameters.state, asked.get("state"));

    const { client_id: id, client_secret: secret } = web;
    const credential = new AuthorizationCodeCredential(contoso.id, id, secret, parameters.code, redirectUri, settings);
    const first = await credential.getToken(scopes);
    const claims = await claimsOf(first);
    assert.deepEqual([claims.oid, clientOf(claims), clientAuthenticationOf(claims)], [alice.id, web.client_id, "1"]);

    const again = await credential.getToken(scopes);
    assert.equal(fingerprint(again.token), fingerprint(first.token));
    // What an API says that wants a newer token. The library then leaves its cache aside.
    const challenge = JSON.stringify({ access_token: { nbf: { essential: true, value: "1" } } });
    const fresh = await credential.getToken(scopes, { claims: challenge });
    assert.notEqual(fingerprint(fresh.token), fingerprint(first.token));
    const graph = await credential.getToken("https://graph.microsoft.com/User.Read");
    assert.equal(decodeJwt(graph.token).oid, alice.id);
});
