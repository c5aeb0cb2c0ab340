// A daemon proves itself with a key of its own: an assertion that MSAL Node signs with RS256 or PS256.

import assert from "node:assert/strict";
import { createHash, randomBytes, X509Certificate } from "node:crypto";
import { ClientCertificateCredential } from "@azure/identity";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { testsOf } from "../cells.js";
import { defaultScope, readEnvironment } from "../environment.js";
import { refused } from "../refusals.js";
import { clientAuthenticationOf, clientOf, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const robot = dev.withCertificate(contoso.domain);
const api = dev.application("api", contoso.domain);
const scopes = [defaultScope(api)];
const bounded = { timeout: 60_000 };
const showing = { ...bounded, shows: ["client-certificate"] };
const msal = testsOf("MSAL Node", "@azure/msal-node");
const identity = testsOf("@azure/identity", "@azure/identity");

const der = new X509Certificate(robot.certificate).raw;
const thumbprint = (algorithm) => createHash(algorithm).update(der).digest("hex");

function application(clientCertificate, tenant = contoso.id) {
    return new ConfidentialClientApplication({
        auth: {
            clientId: robot.client_id,
            clientCertificate: { privateKey: robot.private_key, ...clientCertificate },
            authority: dev.authority(tenant),
            knownAuthorities: [dev.host],
        },
    });
}

async function provesTheRobot(token) {
    const claims = await verifiedForApi(dev, token, { api, tenantId: contoso.id });
    assert.equal(clientOf(claims), robot.client_id);
    assert.equal(clientAuthenticationOf(claims), "2");
    assert.deepEqual(claims.roles, api.app_roles);
}

for (const [how, certificate] of [
    ["by its SHA-256 thumbprint", { thumbprintSha256: thumbprint("sha256") }],
    ["by its SHA-1 thumbprint", { thumbprint: thumbprint("sha1") }],
    ["with its chain", { thumbprintSha256: thumbprint("sha256"), x5c: robot.certificate }],
]) {
    for (const tenant of [contoso.id, contoso.domain]) {
        msal(`a daemon of ${tenant} proves itself with its certificate ${how}`, showing, async () => {
            const app = application(certificate, tenant);
            const first = await app.acquireTokenByClientCredential({ scopes });
            await provesTheRobot(first.accessToken);
            const second = await app.acquireTokenByClientCredential({ scopes, skipCache: true });
            assert.equal(second.fromCache, false);
        });
    }
}

msal("a thumbprint that nobody registered is an invalid client", bounded, async () => {
    const app = application({ thumbprintSha256: randomBytes(32).toString("hex") });
    await refused(app.acquireTokenByClientCredential({ scopes }), { error: "invalid_client", codes: [700027] });
});

identity("a daemon proves itself with its certificate", showing, async () => {
    const certificate = { certificate: `${robot.private_key}${robot.certificate}` };
    const settings = { authorityHost: dev.origin, disableInstanceDiscovery: true };
    for (const more of [{}, { sendCertificateChain: true }]) {
        const credential = new ClientCertificateCredential(contoso.id, robot.client_id, certificate, {
            ...settings,
            ...more,
        });
        await provesTheRobot((await credential.getToken(scopes[0])).token);
    }
});
