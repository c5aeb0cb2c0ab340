// What a browser is sent and what it objects to, from the first request to the last. `verdict` holds all of it against
// the rules that every answer has to keep.

import assert from "node:assert/strict";

const HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
};

export class Watch {
    #environment;
    #reading = [];
    answers = [];
    cookies = [];
    complaints = [];
    strays = [];
    /** The bytes of the last page, and of each stylesheet by its address. */
    pageBytes = 0;
    styleBytes = 0;

    constructor(context, environment) {
        this.#environment = environment;
        context.on("console", (message) => this.#heard(message));
        context.on("weberror", (error) => this.complaints.push(`error: ${error.error().message}`));
        context.on("dialog", (dialog) => {
            this.complaints.push(`dialog: ${dialog.message()}`);
            dialog.dismiss().catch(() => {});
        });
        context.on("request", (request) => this.#asked(request));
        context.on("response", (response) => this.#reading.push(this.#answered(response).catch(() => {})));
    }

    #heard(message) {
        // Chromium reports every page that came with an error status. That is what the status is for.
        const ofThePage = /^Failed to load resource: the server responded with a status of 4/.test(message.text());
        if (message.type() === "error" && !ofThePage) {
            this.complaints.push(message.text());
        }
    }

    #asked(request) {
        const address = new URL(request.url());
        const ours = address.origin === this.#environment.origin || address.protocol === "data:";
        // To go to the application is the end of the conversation; to load something from it, or anybody, is not.
        const leaves = request.isNavigationRequest() && address.hostname === "localhost";
        if (!ours && !leaves) {
            this.strays.push(`${request.method()} ${address.origin}${address.pathname}`);
        }
    }

    async #answered(response) {
        const address = new URL(response.url());
        if (address.origin !== this.#environment.origin) {
            return;
        }
        const lines = await response.headersArray();
        const headers = Object.fromEntries(lines.map(({ name, value }) => [name.toLowerCase(), value]));
        this.answers.push({ path: address.pathname, status: response.status(), headers });
        for (const { name, value } of lines) {
            if (name.toLowerCase() === "set-cookie") {
                this.cookies.push(...value.split("\n"));
            }
        }
        if (response.status() < 300 || response.status() >= 400) {
            const type = headers["content-type"] ?? "";
            const length = headers["content-length"] ? Number(headers["content-length"]) : undefined;
            if (type.startsWith("text/html")) {
                this.pageBytes = length ?? (await response.body()).length;
            } else if (type.startsWith("text/css")) {
                this.styleBytes = length ?? (await response.body()).length;
            }
        }
    }

    /** Everything that was sent has been read. */
    async settled() {
        await Promise.all(this.#reading);
    }

    /** Nothing was refused, nothing came from elsewhere, and every header and cookie is as it has to be. */
    async verdict() {
        await this.settled();
        assert.deepEqual(this.complaints, [], "the browser has nothing to complain about");
        assert.deepEqual(this.strays, [], "nothing is loaded from anywhere else");
        this.answers.forEach(checkHeaders);
        this.cookies.forEach(checkCookie);
    }
}

function checkHeaders({ path, status, headers }) {
    const where = `${status} ${path}`;
    for (const [name, value] of Object.entries(HEADERS)) {
        assert.equal(headers[name], value, `${name} of ${where}`);
    }
    assert.match(headers["permissions-policy"] ?? "", /camera=\(\)/, `permissions-policy of ${where}`);
    // Documents that any site's programs may read say so.
    const open = headers["access-control-allow-origin"] === "*" || (headers["content-type"] ?? "").includes("json");
    assert.equal(headers["cross-origin-resource-policy"], open ? "cross-origin" : "same-origin", where);
    const policy = headers["content-security-policy"] ?? "";
    assert.match(policy, /default-src 'none'/, where);
    assert.match(policy, /frame-ancestors 'none'/, where);
    assert.doesNotMatch(policy, /unsafe/, where);
    if ((headers["content-type"] ?? "").startsWith("text/html")) {
        assert.equal(headers["cache-control"], "no-store", where);
        assert.match(policy, /script-src 'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic'/, where);
        assert.match(policy, /base-uri 'none'; require-trusted-types-for 'script'/, where);
        assert.match(policy, /form-action /, where);
    }
}

function checkCookie(line) {
    const [pair, ...attributes] = line.split(";").map((part) => part.trim());
    const given = new Map(attributes.map((one) => one.split("=")).map(([name, value]) => [name.toLowerCase(), value]));
    const name = pair.split("=")[0];
    assert.match(name, /^__Host-/);
    assert.ok(given.has("secure") && given.has("httponly"), `${name} is Secure and HttpOnly`);
    assert.equal(given.get("path"), "/", name);
    assert.ok(!given.has("domain"), `${name} has no Domain`);
    const inFrames = ["__Host-idp.sso", "__Host-idp.apps"].includes(name);
    assert.equal(given.get("samesite"), inFrames ? "None" : "Lax", name);
}
