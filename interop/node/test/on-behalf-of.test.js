// An API calls another API for the person who called it.

import assert from "node:assert/strict";
import { before } from "node:test";
import { OnBehalfOfCredential } from "@azure/identity";
import * as client from "openid-client";
import { Browser, Person } from "../browser.js";
import { testsOf } from "../cells.js";
import { confidential } from "../clients.js";
import { fullScopes, readEnvironment } from "../environment.js";
import { refused } from "../refusals.js";
import { clientAuthenticationOf, clientOf, fingerprint, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const alice = dev.user("alice@contoso.test");
const web = dev.application("web", contoso.domain);
const api = dev.application("api", contoso.domain);
const stock = dev.named("Contoso Stock API"); // the API behind the API
const scopes = [fullScopes(stock)[0]];
const bounded = { timeout: 60_000 };
const showing = { ...bounded, shows: ["on-behalf-of"] };

let oboAssertion;
before(async () => {
    const app = confidential(dev, web);
    const redirectUri = web.redirect_uris[0];
    const asked = { scopes: [fullScopes(api)[0]], redirectUri };
    const address = await app.getAuthCodeUrl(asked);
    const { parameters } = await new Person(new Browser(dev), alice).signIn(address, redirectUri);
    oboAssertion = (await app.acquireTokenByCode({ ...asked, code: parameters.code })).accessToken;
});

async function isForTheSecondApi(token) {
    const claims = await verifiedForApi(dev, token, { api: stock, tenantId: contoso.id });
    assert.deepEqual([claims.oid, clientOf(claims), clientAuthenticationOf(claims)], [alice.id, api.client_id, "1"]);
    assert.equal(claims.scp, "user_impersonation");
}

const testMsal = testsOf("MSAL Node", "@azure/msal-node");

testMsal("MSAL gets a token for the second API, and keeps it", showing, async () => {
    const app = confidential(dev, api);
    const answer = await app.acquireTokenOnBehalfOf({ oboAssertion, scopes });
    await isForTheSecondApi(answer.accessToken);
    const again = await app.acquireTokenOnBehalfOf({ oboAssertion, scopes });
    assert.equal(fingerprint(again.accessToken), fingerprint(answer.accessToken));
});

testMsal("a token for somebody else cannot be exchanged", bounded, async () => {
    const call = confidential(dev, web).acquireTokenOnBehalfOf({ oboAssertion, scopes });
    await refused(call, { error: "invalid_grant", codes: [50013, 500131] });
});

testsOf("@azure/identity", "@azure/identity")("@azure/identity gets a token for the second API", showing, async () => {
    const credential = new OnBehalfOfCredential({
        tenantId: contoso.id,
        clientId: api.client_id,
        clientSecret: api.client_secret,
        userAssertionToken: oboAssertion,
        authorityHost: dev.origin,
        disableInstanceDiscovery: true,
    });
    await isForTheSecondApi((await credential.getToken(scopes)).token);
});

testsOf("openid-client", "openid-client")("openid-client gets a token for the second API", showing, async () => {
    const issuer = new URL(`${dev.authority(contoso.id)}/v2.0`);
    const authentication = client.ClientSecretPost(api.client_secret);
    const config = await client.discovery(issuer, api.client_id, undefined, authentication);
    const grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    const asked = { assertion: oboAssertion, requested_token_use: "on_behalf_of", scope: scopes[0] };
    const tokens = await client.genericGrantRequest(config, grant, asked);
    await isForTheSecondApi(tokens.access_token);
});
