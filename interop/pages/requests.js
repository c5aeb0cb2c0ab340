// What applications send people with.

import { createHash, randomBytes } from "node:crypto";

/** An address of the authorize endpoint. `more` overrides; `undefined` leaves a parameter out. */
export function authorize(environment, application, more = {}, tenant = application.tenant.domain) {
    const verifier = randomBytes(32).toString("base64url");
    const parameters = {
        client_id: application.client_id,
        response_type: "code",
        redirect_uri: application.redirect_uris[0],
        response_mode: "query",
        scope: "openid profile",
        state: "12345",
        nonce: "678910",
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
        ...more,
    };
    return `${environment.authority(tenant)}/oauth2/v2.0/authorize?${encoded(parameters)}`;
}

/** An address of the logout endpoint. */
export function logout(environment, tenant, parameters = {}) {
    return `${environment.authority(tenant)}/oauth2/v2.0/logout?${encoded(parameters)}`;
}

function encoded(parameters) {
    return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined)).toString();
}
