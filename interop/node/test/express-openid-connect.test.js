// express-openid-connect: a web application that is told, behind the browser's back, that a person signed out.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Browser, Page, Person } from "../browser.js";
import { testsOf } from "../cells.js";
import { fullScopes, readEnvironment } from "../environment.js";
import { Visitor, startExpress } from "../express.js";
import { clientOf, fingerprint, verifiedForApi } from "../tokens.js";

const test = testsOf("express-openid-connect", "express-openid-connect");
const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const [alice, bob] = [dev.user("alice@contoso.test"), dev.user("bob@contoso.test")];
const portal = dev.named("Contoso Portal");
const api = dev.application("api", contoso.domain);
const GRAPH = "https://graph.microsoft.com/User.Read";
const showing = (...shows) => ({ timeout: 60_000, shows });

/** The application runs, asks for this, and is no more when the test has ended. */
async function running(context, authorizationParams) {
    const application = await startExpress(dev, portal, authorizationParams);
    context.after(() => application.close());
    /** Somebody comes to the application, is sent to the server, signs in, and comes back. */
    return {
        ...application,
        async signIn(user, browser = new Browser(dev), visitor = new Visitor(portal)) {
            const returned = await new Person(browser, user).signIn(await visitor.sentTo("/login"), application.callback);
            await visitor.bring(returned);
            const { said } = await visitor.told("/");
            assert.deepEqual([said.oid, said.tid], [user.id, contoso.id]);
            return { browser, visitor, returned, claims: said };
        },
    };
}

const byCode = (scope) => ({ response_type: "code", scope: `openid profile ${scope}` });

/** Signs out at the server, of which the application hears nothing in the browser. */
async function signOutAtTheServer(browser, visitor) {
    const { said } = await visitor.told("/id-token");
    const farewell = `${dev.authority(contoso.id)}/oauth2/v2.0/logout?id_token_hint=${said.token}`;
    assert.ok((await browser.open(farewell)) instanceof Page);
}

/** When the application knows the visitor no longer. */
async function forgotten(visitor) {
    while ((await visitor.told("/")).status === 200) {
        await pause(50);
    }
}

test("who signs out at the server is signed out of the application, and nobody else is", showing("code", "logout"), async (context) => {
    const application = await running(context, byCode(GRAPH));
    const { browser, visitor } = await application.signIn(alice);
    const [elsewhere, other] = [await application.signIn(alice), await application.signIn(bob)];
    await signOutAtTheServer(browser, visitor);
    await forgotten(visitor);
    assert.deepEqual([application.told.times, application.told.statuses], [1, [204]]);
    // The library signs out by the subject as well as by the session: it forgets the person's other browsers too.
    await forgotten(elsewhere.visitor);
    assert.equal((await other.visitor.told("/")).status, 200);
    // She can come again.
    assert.equal((await application.signIn(alice)).claims.oid, alice.id);
});

test("who signs out at the application is signed out of the server, and comes back", showing("logout"), async (context) => {
    const application = await running(context, byCode(GRAPH));
    const { browser, visitor } = await application.signIn(alice);
    const farewell = await visitor.sentTo("/logout");
    const afterwards = new URL(farewell).searchParams.get("post_logout_redirect_uri");
    assert.ok(portal.redirect_uris.includes(afterwards));
    await browser.open(farewell, afterwards);
    assert.equal((await visitor.told("/")).status, 401);
    const again = await browser.open(await visitor.sentTo("/login"), application.callback);
    assert.ok(again instanceof Page, "the server asks again");
});

test("an ID token comes straight from the authorize endpoint", showing("implicit"), async (context) => {
    const application = await running(context, undefined);
    const { returned } = await application.signIn(alice);
    assert.equal(returned.mode, "form_post");
    assert.ok(!("code" in returned.parameters));
});

test("a code and an ID token come together", showing("hybrid"), async (context) => {
    const authorizationParams = { ...byCode(GRAPH), response_type: "code id_token", response_mode: "form_post" };
    const application = await running(context, authorizationParams);
    const { returned, visitor } = await application.signIn(alice);
    assert.deepEqual(["code", "id_token"].filter((name) => name in returned.parameters), ["code", "id_token"]);
    assert.equal((await visitor.told("/userinfo")).said.sub, (await visitor.told("/")).said.sub);
});

test("the person stays known by the refresh token, for another resource too", showing("code", "silent", "second-resource", "userinfo"), async (context) => {
    const application = await running(context, byCode(`offline_access ${GRAPH}`));
    const { visitor, claims } = await application.signIn(alice);
    const info = await visitor.told("/userinfo");
    assert.deepEqual([info.said.sub, info.said.name], [claims.sub, claims.name]);
    const { before, token } = (await visitor.told("/refreshed")).said;
    assert.notEqual(fingerprint(token), fingerprint(before));
    const [scope] = fullScopes(api);
    const second = (await visitor.told(`/refreshed?scope=${encodeURIComponent(scope)}`)).said.token;
    const access = await verifiedForApi(dev, second, { api, tenantId: contoso.id });
    assert.deepEqual([access.oid, clientOf(access)], [alice.id, portal.client_id]);
});
