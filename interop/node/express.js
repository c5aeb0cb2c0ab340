// A web application as the samples of express-openid-connect have them, and somebody who visits it. It listens where
// dev.json says that the application is, because the server itself calls there when somebody has signed out.

import express from "express";
import { createRequire } from "node:module";
import { randomUUID } from "node:crypto";

const { auth } = createRequire(import.meta.url)("express-openid-connect");
const TIMEOUT = 20_000;
// Its routes, from the addresses that are registered.
const pathOf = (address) => new URL(address).pathname;

/** Sessions, and who was signed out, in memory, as express-session's own store keeps them. */
class Memory {
    #kept = new Map();
    get(id, done) {
        done(null, this.#kept.get(id));
    }
    set(id, session, done) {
        this.#kept.set(id, session);
        done(null);
    }
    destroy(id, done) {
        this.#kept.delete(id);
        done(null);
    }
}

/**
 * Starts the application. Of whoever is signed in it tells `/` the claims of the ID token, `/userinfo` what the server
 * says, and `/refreshed` the access token that a refresh brings, for the scope that is asked for.
 */
export async function startExpress(environment, application, authorizationParams) {
    const afterwards = application.redirect_uris.find((uri) => uri.endsWith("/signed-out"));
    const callback = application.redirect_uris.find((uri) => uri.startsWith("http:") && uri !== afterwards);
    const told = { times: 0, statuses: [] };
    const app = express();
    app.use((request, response, next) => {
        // The next test starts another at this address: no connection of this one is to be used again.
        response.set("connection", "close");
        if (request.path === pathOf(application.back_channel_logout_url)) {
            told.times += 1;
            response.on("finish", () => told.statuses.push(response.statusCode));
        }
        next();
    });
    app.use(
        auth({
            issuerBaseURL: `${environment.authority(application.tenant.id)}/v2.0`,
            baseURL: new URL(callback).origin,
            clientID: application.client_id,
            clientSecret: application.client_secret,
            clientAuthMethod: "client_secret_post",
            secret: randomUUID(),
            authRequired: false,
            enableTelemetry: false,
            idpLogout: true,
            backchannelLogout: { store: new Memory() },
            routes: {
                callback: pathOf(callback),
                backchannelLogout: pathOf(application.back_channel_logout_url),
                postLogoutRedirect: pathOf(afterwards),
            },
            authorizationParams,
        }),
    );
    const signedIn = (body) => async (request, response, next) => {
        try {
            response.status(request.oidc.isAuthenticated() ? 200 : 401);
            response.json(request.oidc.isAuthenticated() ? await body(request) : {});
        } catch (problem) {
            next(problem);
        }
    };
    app.get("/", signedIn((request) => request.oidc.idTokenClaims));
    app.get("/id-token", signedIn((request) => ({ token: request.oidc.idToken })));
    app.get("/userinfo", signedIn((request) => request.oidc.fetchUserInfo()));
    app.get("/refreshed", signedIn(async (request) => {
        const tokenEndpointParams = request.query.scope ? { scope: request.query.scope } : undefined;
        const { access_token: before } = request.oidc.accessToken;
        const { access_token: token } = await request.oidc.accessToken.refresh({ tokenEndpointParams });
        return { before, token };
    }));
    app.use((problem, request, response, next) => {
        response.status(500).json({ refused: problem.message });
    });
    const { hostname, port } = new URL(application.back_channel_logout_url);
    const server = await new Promise((ready, failed) => {
        const started = app.listen(Number(port), hostname, (problem) => (problem ? failed(problem) : ready(started)));
    });
    return {
        callback,
        told,
        close: () =>
            new Promise((closed) => {
                server.close(closed);
                server.closeAllConnections();
            }),
    };
}

/** Somebody's browser, as far as the application sees it: cookies, and redirects that are looked at. */
export class Visitor {
    #origin;
    #cookies = new Map();

    constructor(application) {
        this.#origin = new URL(application.back_channel_logout_url).origin;
    }

    /** Where the application sends its visitor. */
    async sentTo(path) {
        const answer = await this.#ask(path);
        await answer.body?.cancel();
        return answer.headers.get("location");
    }

    /** What the application says. */
    async told(path) {
        const answer = await this.#ask(path);
        const said = await answer.json();
        if (said.refused) {
            throw new Error(`The application refuses: ${said.refused}`);
        }
        return { status: answer.status, said };
    }

    /** Brings the server's answer, as it came: in the address, or in a form. */
    async bring(returned) {
        const posted = returned.mode === "form_post";
        const { pathname, search } = new URL(returned.address);
        const answer = await this.#ask(
            posted ? pathname : pathname + search,
            posted ? { method: "POST", body: new URLSearchParams(returned.parameters) } : {},
        );
        const said = await answer.text();
        if (answer.status !== 302) {
            throw new Error(`The application did not take the answer: ${answer.status} ${said}`);
        }
    }

    async #ask(path, more = {}) {
        const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        const answer = await fetch(this.#origin + path, {
            redirect: "manual",
            signal: AbortSignal.timeout(TIMEOUT),
            headers: { cookie },
            ...more,
        });
        for (const line of answer.headers.getSetCookie()) {
            const [pair] = line.split(";");
            this.#cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
        }
        return answer;
    }
}
