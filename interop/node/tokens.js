// Verifies tokens the way a resource or a client would: jose, the discovery document, its jwks_uri.
//
// The suite does not know which version of access token the API asks for. It reads `ver`, and then holds the token to
// everything that version promises: issuer from the matching discovery document, audience in the matching form.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";

const TIMEOUT = 20_000;

export async function discovery(environment, tenant, version = "2.0") {
    const folder = version === "2.0" ? "v2.0/" : "";
    const address = `${environment.authority(tenant)}/${folder}.well-known/openid-configuration`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT) });
    assert.equal(answer.status, 200, `discovery of ${tenant}`);
    return answer.json();
}

/** The claims of `token`, after its signature, issuer, audience and times have been checked. */
export async function verified(environment, token, { tenantId, audience, askedAt = tenantId }) {
    const version = decodeJwt(token).ver;
    assert.ok(["1.0", "2.0"].includes(version), `a token of version ${version}`);
    const document = await discovery(environment, askedAt, version);
    const { payload } = await jwtVerify(
        token,
        createRemoteJWKSet(new URL(document.jwks_uri), { timeoutDuration: TIMEOUT }),
        {
            algorithms: ["RS256"],
            audience,
            issuer: document.issuer.replace("{tenantid}", tenantId),
            requiredClaims: ["aud", "iss", "exp", "iat", "nbf", "sub"],
            clockTolerance: 5,
        },
    );
    return payload;
}

/** The claims of an access token for `api`. Version 2 tokens name it by client id, version 1 tokens as it was asked for. */
export async function verifiedForApi(environment, token, { api, tenantId }) {
    const audience = decodeJwt(token).ver === "2.0" ? api.client_id : api.identifier_uri;
    return verified(environment, token, { tenantId, audience });
}

/** The client a token was issued to: `azp` in version 2, `appid` in version 1. */
export const clientOf = (claims) => (claims.ver === "2.0" ? claims.azp : claims.appid);

/** How that client proved itself: "0" not at all, "1" by secret, "2" by certificate or assertion. */
export const clientAuthenticationOf = (claims) => (claims.ver === "2.0" ? claims.azpacr : claims.appidacr);

/** Lets two tokens be compared without either appearing in a failure. */
export const fingerprint = (token) => createHash("sha256").update(token).digest("hex").slice(0, 16);
