// Serves the single-page applications on the ports their redirect URIs name, with the libraries' files as they are in
// their packages.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { defaultScope, fullScopes } from "../node/environment.js";

const { resolve } = createRequire(import.meta.url);
const own = (name) => new URL(`site/${name}`, import.meta.url);

/** Where the files are that a package gives to pages. */
const given = (name) => path.join(path.dirname(resolve(`${name}/package.json`)), "lib");

/** Each major version of MSAL Browser, by the name under which its package is installed. */
export const MSAL = { 2: "msal-browser-2", 3: "msal-browser-3", 4: "msal-browser-4", 5: "@azure/msal-browser" };

/**
 * Starts the application's web server. `close` stops it; `home` and `bridge` are two of its redirect URIs.
 *
 * What is behind the second one depends on the library. Version 5 wants a page that hands the answer over; those before
 * want one where nothing happens, for their popups and frames, and take the answer to a redirect at home.
 */
export async function serveSite(environment, { major = 5 } = {}) {
    const msal = given(MSAL[major]);
    const bridged = major >= 5;
    const spa = environment.application("spa", "contoso.test");
    const api = environment.application("api", spa.tenant.domain);
    const uris = spa.redirect_uris.map((uri) => new URL(uri)).filter((uri) => uri.protocol === "http:");
    const home = uris.find((uri) => uri.pathname === "/");
    const bridge = uris.find((uri) => uri.pathname.endsWith(bridged ? "redirect.html" : "blank.html"));
    if (!home || !bridge) {
        throw new Error("The spa application needs two http redirect URIs on one port: `/`, and `redirect.html` or `blank.html` beside it.");
    }
    const settings = {
        clientId: spa.client_id,
        authority: environment.authority(spa.tenant.id),
        knownAuthorities: [environment.host],
        home: home.href,
        bridge: bridge.href,
        bridged,
        scopes: [fullScopes(api)[0] ?? defaultScope(api)],
    };
    const pages = {
        [home.pathname]: ["text/html", own("index.html")],
        [bridge.pathname]: ["text/html", own(bridged ? "redirect.html" : "blank.html")],
        "/app.js": ["text/javascript", own("app.js")],
        "/msal-browser.min.js": ["text/javascript", path.join(msal, "msal-browser.min.js")],
        "/msal-redirect-bridge.min.js": [
            "text/javascript",
            path.join(msal, "redirect-bridge", "msal-redirect-bridge.min.js"),
        ],
    };
    const close = await serve(home, settings, pages);
    return { close, spa, api, ...settings };
}

/** Starts the web server of the application that still has ADAL.js: one page, which is its redirect URI. */
export async function serveClassicSite(environment) {
    const classic = environment.named("Contoso Classic");
    const [home, signedOut] = ["/", "/signed-out.html"].map((pathname) =>
        classic.redirect_uris.map((uri) => new URL(uri)).find((uri) => uri.protocol === "http:" && uri.pathname === pathname),
    );
    const settings = {
        clientId: classic.client_id,
        instance: `${environment.origin}/`,
        tenant: classic.tenant.domain,
        home: home.href,
        signedOut: signedOut.href,
    };
    const close = await serve(home, settings, {
        [home.pathname]: ["text/html", own("classic.html")],
        [signedOut.pathname]: ["text/html", own("blank.html")],
        "/classic.js": ["text/javascript", own("classic.js")],
        "/adal.js": ["text/javascript", path.join(given("adal-angular"), "adal.js")],
    });
    return { close, classic, ...settings };
}

/** Serves files, and at `/settings.json` what the application's pages have to know. */
function serve(home, settings, pages) {
    return listen(home.port, async (request, response) => {
        const { pathname } = new URL(request.url, home);
        if (pathname === "/settings.json") {
            return answer(response, 200, "application/json", JSON.stringify(settings));
        }
        if (pathname in pages) {
            const [type, file] = pages[pathname];
            return answer(response, 200, type, await readFile(file));
        }
        return answer(response, pathname === "/favicon.ico" ? 204 : 404, "text/plain", "");
    });
}

/** Waits at a web application's redirect URI for one answer, in the query or as a form. */
export async function awaitCallback(redirectUri) {
    const expected = new URL(redirectUri);
    let received;
    const parameters = new Promise((resolve) => {
        received = resolve;
    });
    const close = await listen(expected.port, async (request, response) => {
        const { pathname, search } = new URL(request.url, expected);
        if (pathname !== expected.pathname) {
            return answer(response, 404, "text/plain", "");
        }
        const chunks = [];
        for await (const chunk of request) {
            chunks.push(chunk);
        }
        const encoded = request.method === "POST" ? Buffer.concat(chunks).toString() : search;
        received(Object.fromEntries(new URLSearchParams(encoded)));
        return answer(response, 200, "text/html", "<!doctype html><title>Arrived</title><h1>Arrived</h1>");
    });
    return { close, parameters };
}

/** Listens on both loopback addresses, where the machine has both. */
async function listen(port, handler) {
    const servers = [];
    for (const address of ["127.0.0.1", "::1"]) {
        const server = createServer((request, response) => {
            handler(request, response).catch(() => response.destroy());
        });
        const problem = await new Promise((resolve) => {
            server.once("error", resolve).listen({ port, host: address }, () => resolve(undefined));
        });
        if (problem && !["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(problem.code)) {
            servers.forEach((one) => one.close());
            throw new Error(`Port ${port} is not free: ${problem.code}.`);
        }
        if (!problem) {
            servers.push(server);
        }
    }
    return () =>
        Promise.all(
            servers.map((server) => {
                server.closeAllConnections();
                return new Promise((resolve) => server.close(resolve));
            }),
        );
}

function answer(response, status, type, body) {
    response.writeHead(status, { "Content-Type": `${type}; charset=utf-8`, "Cache-Control": "no-store" });
    response.end(body);
}
