// What the running server says about itself: dev.json, read once.
//
// Everything a test needs to know about the server (ids, ports, passwords, redirect URIs) comes from here. Secrets do
// not show when an object is printed, so that a failing assertion cannot print one.

import { readFileSync } from "node:fs";
import path from "node:path";

export function readEnvironment() {
    const file = process.env.VESTIBULE_DEV_JSON;
    if (!file) {
        throw new Error("VESTIBULE_DEV_JSON is not set: start `vestibule dev` and point it at its dev.json.");
    }
    return new Environment(file);
}

class Environment {
    constructor(file) {
        const document = JSON.parse(readFileSync(file, "utf8"));
        this.origin = document.origin.replace(/\/$/, "");
        // An absolute path stays as it is; a relative one is read from beside dev.json.
        this.ca = path.resolve(path.dirname(path.resolve(file)), document.ca);
        this.tenants = document.tenants;
        this.users = document.users.map((user) =>
            withSecret({ ...user, tenant: this.tenant(user.tenant) }, "password"),
        );
        this.applications = document.applications.map((application) =>
            withSecret(
                withSecret({ ...application, tenant: this.tenant(application.tenant) }, "client_secret"),
                "private_key",
            ),
        );
    }

    tenant(name) {
        return found(
            this.tenants.find((tenant) => [tenant.id, tenant.domain, tenant.name].includes(name)),
            `dev.json lists no tenant ${name}.`,
        );
    }

    user(upn) {
        return found(
            this.users.find((user) => user.upn === upn),
            `dev.json lists no user ${upn}.`,
        );
    }

    application(kind, domain) {
        return found(
            this.applications.find((one) => one.kind === kind && (!domain || one.tenant.domain === domain)),
            `dev.json lists no application of kind ${kind}${domain ? ` in ${domain}` : ""}.`,
        );
    }

    named(name) {
        return found(
            this.applications.find((one) => one.name === name),
            `dev.json lists no application named ${name}.`,
        );
    }

    /** The application of this domain that proves itself with a certificate. */
    withCertificate(domain) {
        return found(
            this.applications.find((one) => one.private_key && one.tenant.domain === domain),
            `dev.json lists no application with a certificate in ${domain}.`,
        );
    }

    /** `tenant` is whatever stands in the path: an id, a domain, `organizations`. */
    authority(tenant) {
        return `${this.origin}/${tenant}`;
    }

    /** What MSAL calls a known authority: the host with its port. */
    get host() {
        return new URL(this.origin).host;
    }
}

/** The scopes an API exposes, as a client asks for them. */
export function fullScopes(api) {
    return api.scopes.map((scope) => (scope.includes("://") ? scope : `${api.identifier_uri}/${scope}`));
}

export function defaultScope(api) {
    return `${api.identifier_uri}/.default`;
}

function withSecret(object, member) {
    const secret = object[member];
    delete object[member];
    return Object.defineProperty(object, member, { value: secret, enumerable: false });
}

function found(value, complaint) {
    if (!value) {
        throw new Error(complaint);
    }
    return value;
}
