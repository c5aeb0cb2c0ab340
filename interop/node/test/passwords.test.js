// An application has the person's name and password itself. Nobody should do so any more; test suites do.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { UsernamePasswordCredential } from "@azure/identity";
import * as client from "openid-client";
import { testsOf } from "../cells.js";
import { publicClient } from "../clients.js";
import { fullScopes, readEnvironment } from "../environment.js";
import { refused } from "../refusals.js";
import { clientAuthenticationOf, clientOf, fingerprint, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const bob = dev.user("bob@contoso.test");
const native = dev.application("native", contoso.domain);
const api = dev.application("api", contoso.domain);
const scopes = [fullScopes(api)[0]];
const bounded = { timeout: 60_000 };
const showing = (...shows) => ({ ...bounded, shows });

async function isBob(token) {
    const claims = await verifiedForApi(dev, token, { api, tenantId: contoso.id });
    assert.deepEqual([claims.oid, clientOf(claims), clientAuthenticationOf(claims)], [bob.id, native.client_id, "0"]);
}

const testMsal = testsOf("MSAL Node", "@azure/msal-node");

testMsal("MSAL signs a person in and keeps the account", showing("password", "silent", "second-resource"), async () => {
    const app = publicClient(dev, native);
    const answer = await app.acquireTokenByUsernamePassword({ scopes, username: bob.upn, password: bob.password });
    await isBob(answer.accessToken);
    assert.equal(answer.account.username, bob.upn);
    const { account } = answer;
    const again = await app.acquireTokenSilent({ scopes, account });
    assert.equal(fingerprint(again.accessToken), fingerprint(answer.accessToken));
    const graph = await app.acquireTokenSilent({ scopes: ["User.Read"], account });
    assert.equal(graph.fromCache, false);
});

testMsal("a wrong password is an invalid grant", bounded, async () => {
    const password = `not-${randomBytes(8).toString("hex")}`;
    const call = publicClient(dev, native).acquireTokenByUsernamePassword({ scopes, username: bob.upn, password });
    await refused(call, { error: "invalid_grant", codes: [50126] });
});

testsOf("@azure/identity", "@azure/identity")("@azure/identity signs a person in", showing("password"), async () => {
    const settings = { authorityHost: dev.origin, disableInstanceDiscovery: true };
    const credential = new UsernamePasswordCredential(contoso.id, native.client_id, bob.upn, bob.password, settings);
    await isBob((await credential.getToken(scopes)).token);
});

testsOf("openid-client", "openid-client")("openid-client signs a person in", showing("password"), async () => {
    const issuer = new URL(`${dev.authority(contoso.id)}/v2.0`);
    const config = await client.discovery(issuer, native.client_id, undefined, client.None());
    const asked = { username: bob.upn, password: bob.password, scope: `openid profile ${scopes[0]}` };
    const tokens = await client.genericGrantRequest(config, "password", asked);
    await isBob(tokens.access_token);
});
