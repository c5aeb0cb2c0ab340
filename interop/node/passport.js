// A web application and an API as passport-azure-ad's samples have them: Express, a session, and the two strategies.

import express from "express";
import session from "express-session";
import passport from "passport";
import { BearerStrategy, OIDCStrategy } from "passport-azure-ad";
import { randomUUID } from "node:crypto";
import { Browser, Person } from "./browser.js";

const TIMEOUT = 20_000;
const QUIET = { loggingLevel: "fatal", loggingNoPII: true };

/** Where the library finds everything: the discovery document of either dialect, at whatever stands for the tenant. */
export const metadata = (environment, tenant, dialect) =>
    `${environment.authority(tenant)}/${dialect === "v1.0" ? "" : "v2.0/"}.well-known/openid-configuration`;

/** Starts a server on a port that is free. `close` stops it. */
async function listening(app) {
    const server = await new Promise((ready) => {
        const started = app.listen(0, "127.0.0.1", () => ready(started));
    });
    return {
        address: `http://127.0.0.1:${server.address().port}`,
        close: () => new Promise((closed) => server.close(closed)),
    };
}

/**
 * A web application that signs people in. What it knows of them it tells at its redirect URI. With a `resourceURL` it asks
 * for a token for that API, as one does on the v1.0 endpoints.
 */
export async function startWebApplication(application, { resourceURL, ...options }) {
    const authenticator = new passport.Passport();
    const redirectUrl = application.redirect_uris[0];
    authenticator.use(
        new OIDCStrategy(
            {
                clientID: application.client_id,
                clientSecret: application.client_secret,
                redirectUrl,
                allowHttpForRedirectUrl: true,
                validateIssuer: true,
                passReqToCallback: false,
                ...QUIET,
                ...options,
            },
            (iss, sub, profile, accessToken, refreshToken, done) =>
                done(null, { iss, sub, profile, accessToken, refreshToken }),
        ),
    );
    const app = express();
    app.use(session({ secret: randomUUID(), resave: false, saveUninitialized: true }));
    app.use(express.urlencoded({ extended: false }));
    app.use(authenticator.initialize());
    const perRequest = { session: false, resourceURL };
    app.get("/login", authenticator.authenticate("azuread-openidconnect", perRequest));
    app.all(new URL(redirectUrl).pathname, (request, response, next) => {
        authenticator.authenticate("azuread-openidconnect", perRequest, (problem, user, info) => {
            response.json(problem || !user ? { refused: problem?.message ?? info } : user);
        })(request, response, next);
    });
    const server = await listening(app);
    return {
        close: server.close,
        /** Somebody comes to the application, is sent to the server, signs in, and comes back. */
        async visit(environment, user, browser = new Browser(environment)) {
            const bounded = () => ({ redirect: "manual", signal: AbortSignal.timeout(TIMEOUT) });
            const begun = await fetch(`${server.address}/login`, bounded());
            const cookie = begun.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
            const address = begun.headers.get("location");
            const returned = await new Person(browser, user).signIn(address, redirectUrl);
            const { pathname } = new URL(redirectUrl);
            const given = new URLSearchParams(returned.parameters);
            const answer =
                returned.mode === "form_post"
                    ? await fetch(server.address + pathname, { ...bounded(), method: "POST", body: given, headers: { cookie } })
                    : await fetch(`${server.address}${pathname}?${given}`, { ...bounded(), headers: { cookie } });
            return { asked: new URL(address).searchParams, returned, user: await answer.json() };
        },
    };
}

/** An API that lets in whoever has a token for it, and tells what the token says. */
export async function startApi(options) {
    const authenticator = new passport.Passport();
    authenticator.use(
        new BearerStrategy({ validateIssuer: true, passReqToCallback: false, ...QUIET, ...options }, (token, done) =>
            done(null, {}, token),
        ),
    );
    const app = express();
    app.use(authenticator.initialize());
    app.get("/", authenticator.authenticate("oauth-bearer", { session: false }), (request, response) => {
        response.json(request.authInfo);
    });
    const server = await listening(app);
    return {
        close: server.close,
        /** Calls the API with an access token: the status, and what the API says. */
        async call(token) {
            const answer = await fetch(server.address, {
                headers: token ? { Authorization: `Bearer ${token}` } : {},
                signal: AbortSignal.timeout(TIMEOUT),
            });
            const text = await answer.text();
            return { status: answer.status, claims: answer.ok ? JSON.parse(text) : undefined };
        },
    };
}
