// Serves the single-page application on the port its redirect URIs name, with MSAL's own files as they are in the package.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { defaultScope, fullScopes } from "../node/environment.js";

const msal = path.join(path.dirname(createRequire(import.meta.url).resolve("@azure/msal-browser/package.json")), "lib");
const own = (name) => new URL(`site/${name}`, import.meta.url);

/** Starts the application's web server. `close` stops it; `home` and `bridge` are two of its redirect URIs. */
export async function serveSite(environment) {
    const spa = environment.application("spa", "contoso.test");
    const api = environment.application("api", spa.tenant.domain);
    const uris = spa.redirect_uris.map((uri) => new URL(uri)).filter((uri) => uri.protocol === "http:");
    const home = uris.find((uri) => uri.pathname === "/");
    const bridge = uris.find((uri) => uri.pathname.endsWith("redirect.html")) ?? uris.find((uri) => uri !== home);
    if (!home || !bridge) {
        throw new Error("The spa application needs two http redirect URIs on one port: `/` and a page beside it.");
    }
    const settings = {
        clientId: spa.client_id,
        authority: environment.authority(spa.tenant.id),
        knownAuthorities: [environment.host],
        home: home.href,
        bridge: bridge.href,
        scopes: [fullScopes(api)[0] ?? defaultScope(api)],
    };
    const pages = {
        [home.pathname]: ["text/html", own("index.html")],
        [bridge.pathname]: ["text/html", own("redirect.html")],
        "/app.js": ["text/javascript", own("app.js")],
        "/msal-browser.min.js": ["text/javascript", path.join(msal, "msal-browser.min.js")],
        "/msal-redirect-bridge.min.js": [
            "text/javascript",
            path.join(msal, "redirect-bridge", "msal-redirect-bridge.min.js"),
        ],
    };
    const close = await listen(home.port, async (request, response) => {
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
    return { close, spa, api, ...settings };
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
