// A daemon signs in as itself: MSAL Node's acquireTokenByClientCredential.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { testsOf } from "../cells.js";
import { confidential } from "../clients.js";
import { defaultScope, fullScopes, readEnvironment } from "../environment.js";
import { refused } from "../refusals.js";
import { clientAuthenticationOf, clientOf, fingerprint, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const fabrikam = dev.tenant("fabrikam.test");
const daemon = dev.application("daemon", contoso.domain);
const api = dev.application("api", contoso.domain);
const scopes = [defaultScope(api)];
const bounded = { timeout: 60_000 };
const test = testsOf("MSAL Node", "@azure/msal-node");
const shown = { ...bounded, shows: ["client-secret"] };

for (const [spelling, tenant] of [
    ["by its id", contoso.id],
    ["by its id in capitals", contoso.id.toUpperCase()],
    ["by its domain", contoso.domain],
    ["by its domain in capitals", contoso.domain.toUpperCase()],
]) {
    test(`a daemon gets a token when its authority names the tenant ${spelling}`, shown, async () => {
        const answer = await confidential(dev, daemon, { tenant }).acquireTokenByClientCredential({ scopes });
        const claims = await verifiedForApi(dev, answer.accessToken, { api, tenantId: contoso.id });
        assert.equal(claims.tid, contoso.id);
    });
}

test("the token says who the daemon is and which roles it holds", shown, async () => {
    const answer = await confidential(dev, daemon).acquireTokenByClientCredential({ scopes });
    const claims = await verifiedForApi(dev, answer.accessToken, { api, tenantId: contoso.id });
    assert.ok(claims.roles.length > 0);
    assert.ok(claims.roles.every((role) => api.app_roles.includes(role)));
    assert.equal(clientOf(claims), daemon.client_id);
    assert.equal(clientAuthenticationOf(claims), "1");
    assert.equal(claims.sub, claims.oid);
    for (const member of ["scp", "preferred_username", "upn", "nonce"]) {
        assert.ok(!(member in claims), `${member} belongs to a person`);
    }
});

test("the answer belongs to nobody: no account, no ID token", bounded, async () => {
    const answer = await confidential(dev, daemon).acquireTokenByClientCredential({ scopes });
    assert.equal(answer.tokenType, "Bearer");
    assert.equal(answer.account, null);
    assert.equal(answer.idToken, "");
    assert.ok(answer.expiresOn > new Date());
});

test("the second call is answered from the cache, and a call that skips the cache is not", bounded, async () => {
    const app = confidential(dev, daemon);
    const first = await app.acquireTokenByClientCredential({ scopes });
    const second = await app.acquireTokenByClientCredential({ scopes });
    const third = await app.acquireTokenByClientCredential({ scopes, skipCache: true });
    assert.deepEqual([first.fromCache, second.fromCache, third.fromCache], [false, true, false]);
    assert.equal(fingerprint(second.accessToken), fingerprint(first.accessToken));
    assert.notEqual(fingerprint(third.accessToken), fingerprint(first.accessToken));
});

test("a wrong secret is an invalid client, and is not repeated back", bounded, async () => {
    const secret = `wrong-${randomUUID()}`;
    const refusal = await refused(confidential(dev, daemon, { secret }).acquireTokenByClientCredential({ scopes }), {
        error: "invalid_client",
        codes: [7000215],
    });
    assert.ok(!refusal.errorMessage.includes(secret));
    assert.ok(refusal.correlationId);
});

test("an API that is not in the tenant is an invalid resource", bounded, async () => {
    const call = confidential(dev, daemon).acquireTokenByClientCredential({ scopes: [`api://${randomUUID()}/.default`] });
    await refused(call, { error: "invalid_resource", codes: [500011] });
});

test("a scope that is not .default is an invalid scope", bounded, async () => {
    const call = confidential(dev, daemon).acquireTokenByClientCredential({ scopes: [fullScopes(api)[0]] });
    await refused(call, { error: "invalid_scope", codes: [1002012, 70011] });
});

test("a client nobody registered is an unauthorized client", bounded, async () => {
    const unknown = new ConfidentialClientApplication({
        auth: {
            clientId: randomUUID(),
            clientSecret: `secret-${randomUUID()}`,
            authority: dev.authority(contoso.id),
            knownAuthorities: [dev.host],
        },
    });
    await refused(unknown.acquireTokenByClientCredential({ scopes }), { error: "unauthorized_client", codes: [700016] });
});

test("a daemon of one organisation is unknown in another", bounded, async () => {
    const call = confidential(dev, daemon, { tenant: fabrikam.id }).acquireTokenByClientCredential({ scopes });
    await refused(call, { error: "unauthorized_client", codes: [700016] });
});

test("a tenant that does not exist cannot be discovered", bounded, async () => {
    const call = confidential(dev, daemon, { tenant: randomUUID() }).acquireTokenByClientCredential({ scopes });
    await assert.rejects(call, (thrown) => /endpoints_resolution_error|openid_config_error/.test(thrown.errorCode));
});
