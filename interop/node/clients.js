// MSAL Node, pointed at this server with nothing but its documented settings.

import { ConfidentialClientApplication, PublicClientApplication } from "@azure/msal-node";

export function confidential(environment, application, { tenant = application.tenant.id, secret } = {}) {
    return new ConfidentialClientApplication({
        auth: {
            clientId: application.client_id,
            clientSecret: secret ?? application.client_secret,
            authority: environment.authority(tenant),
            knownAuthorities: [environment.host],
        },
    });
}

export function publicClient(environment, application, { tenant = application.tenant.id } = {}) {
    return new PublicClientApplication({
        auth: {
            clientId: application.client_id,
            authority: environment.authority(tenant),
            knownAuthorities: [environment.host],
        },
    });
}
