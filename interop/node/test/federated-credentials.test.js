// A workload has no secret. It presents the token that another issuer made for it, and that the application's registration
// trusts. The other issuer is Contoso itself, which knows the daemon.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { after, before } from "node:test";
import { tmpdir } from "node:os";
import path from "node:path";
import { ClientAssertionCredential, WorkloadIdentityCredential } from "@azure/identity";
import { ConfidentialClientApplication } from "@azure/msal-node";
import * as client from "openid-client";
import { testsOf } from "../cells.js";
import { confidential } from "../clients.js";
import { defaultScope, readEnvironment } from "../environment.js";
import { clientAuthenticationOf, clientOf, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const daemon = dev.application("daemon", contoso.domain);
const automation = dev.named("Contoso Automation");
const api = dev.application("api", contoso.domain);
const scopes = [defaultScope(api)];
const showing = { timeout: 60_000, shows: ["federated-credential"] };
const testMsal = testsOf("MSAL Node", "@azure/msal-node");
const testIdentity = testsOf("@azure/identity", "@azure/identity");
const testOpenId = testsOf("openid-client", "openid-client");

const tokenOf = async (application, scope) => {
    const answer = await confidential(dev, application).acquireTokenByClientCredential({ scopes: [scope] });
    return answer.accessToken;
};
/** What the other issuer says of the workload: each time anew, as a platform does. */
const issued = () => tokenOf(daemon, scopes[0]);
const claimsOf = (token) => verifiedForApi(dev, token, { api, tenantId: contoso.id });

/** Calls Graph as Contoso Automation. */
async function directory(method, address, body) {
    const token = await tokenOf(automation, "https://graph.microsoft.com/.default");
    const answer = await fetch(`${dev.origin}/graph/v1.0/${address}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(20_000),
    });
    const text = await answer.text();
    assert.ok(answer.ok, text);
    return text && JSON.parse(text);
}

let application;
let folder;
before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "vestibule-workload-"));
    const { iss, sub, aud } = await claimsOf(await issued());
    application = await directory("POST", "applications", { displayName: `Workload ${randomUUID()}` });
    await directory("POST", "servicePrincipals", { appId: application.appId });
    const trusted = { name: "daemon", issuer: iss, subject: sub, audiences: [aud] };
    await directory("POST", `applications/${application.id}/federatedIdentityCredentials`, trusted);
});
after(async () => {
    rmSync(folder, { recursive: true, force: true });
    if (application) {
        await directory("DELETE", `applications/${application.id}`);
    }
});

async function isTheWorkload(token) {
    const claims = await claimsOf(token);
    assert.deepEqual([clientOf(claims), clientAuthenticationOf(claims)], [application.appId, "2"]);
}

testMsal("MSAL presents what it is given", showing, async () => {
    const app = new ConfidentialClientApplication({
        auth: {
            clientId: application.appId,
            clientAssertion: issued,
            authority: dev.authority(contoso.id),
            knownAuthorities: [dev.host],
        },
    });
    await isTheWorkload((await app.acquireTokenByClientCredential({ scopes })).accessToken);
});

testIdentity("@azure/identity presents what a callback gives it", showing, async () => {
    const settings = { authorityHost: dev.origin, disableInstanceDiscovery: true };
    const credential = new ClientAssertionCredential(contoso.id, application.appId, issued, settings);
    await isTheWorkload((await credential.getToken(scopes)).token);
});

testIdentity("@azure/identity presents what is in a file", showing, async () => {
    const file = path.join(folder, "token");
    writeFileSync(file, await issued());
    const credential = new WorkloadIdentityCredential({
        tenantId: contoso.id,
        clientId: application.appId,
        tokenFilePath: file,
        authorityHost: dev.origin,
        disableInstanceDiscovery: true,
    });
    await isTheWorkload((await credential.getToken(scopes)).token);
});

testOpenId("openid-client presents what a client authentication of the program's own puts there", showing, async () => {
    const assertion = await issued();
    const presenting = (_server, { client_id }, body) => {
        body.set("client_id", client_id);
        body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        body.set("client_assertion", assertion);
    };
    const issuer = new URL(`${dev.authority(contoso.id)}/v2.0`);
    const config = await client.discovery(issuer, application.appId, undefined, presenting);
    const tokens = await client.clientCredentialsGrant(config, { scope: scopes[0] });
    await isTheWorkload(tokens.access_token);
});
