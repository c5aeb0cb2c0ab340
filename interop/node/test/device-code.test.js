// Somebody signs in on another device than the one that asks: MSAL Node, @azure/identity, openid-client and, at the
// v1.0 endpoints, adal-node, each polling in its own way while a person types the code into a browser. Polling is waiting,
// so they all wait at once.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { DeviceCodeCredential } from "@azure/identity";
import adal from "adal-node";
import * as client from "openid-client";
import { Browser, Person } from "../browser.js";
import { testsOf } from "../cells.js";
import { publicClient } from "../clients.js";
import { fullScopes, readEnvironment } from "../environment.js";
import { clientAuthenticationOf, clientOf, verified, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const alice = dev.user("alice@contoso.test");
const bob = dev.user("bob@contoso.test");
const native = dev.application("native", contoso.domain);
const web = dev.application("web", contoso.domain);
const api = dev.application("api", contoso.domain);
const bounded = { timeout: 90_000 };
const showing = (...shows) => ({ ...bounded, shows });
const test = testsOf("MSAL Node", "@azure/msal-node");
const testIdentity = testsOf("@azure/identity", "@azure/identity");
const testOpenId = testsOf("openid-client", "openid-client");
const testAdal = testsOf("adal-node", "adal-node", "v1.0");

// Where no answer goes: all of it happens on pages.
const nowhere = "http://nowhere.invalid/";
const continueButton = "idSIButton9";
const cancelButton = "idBtn_Back";

/** A person goes where the device says, types the code, signs in, and answers the question whether it was they. */
async function answer(user, address, code, button = continueButton) {
    const browser = new Browser(dev);
    let here = await browser.open(address, nowhere);
    assert.ok(here.asksFor("otc"), String(here));
    here = await browser.press(here, continueButton, { otc: code }, nowhere);
    here = await new Person(browser, user).goOn(here, nowhere, user.password);
    assert.match(here.heading, /on another device/, String(here));
    return browser.press(here, button, {}, nowhere);
}

/** MSAL's own polling, with somebody who answers meanwhile. */
async function byDevice(app, user, scopes, button) {
    let answered;
    const request = {
        scopes,
        deviceCodeCallback: ({ userCode, verificationUri, message }) => {
            assert.ok(message.includes(userCode) && message.includes(verificationUri));
            answered = answer(user, verificationUri, userCode, button);
        },
    };
    try {
        return await app.acquireTokenByDeviceCode(request);
    } finally {
        await answered;
    }
}

describe("devices", { concurrency: true }, () => {
    test("a person signs a device in, and its tokens are refreshed", showing("device-code"), async () => {
        const app = publicClient(dev, native);
        const result = await byDevice(app, alice, [fullScopes(api)[0]]);
        const claims = await verifiedForApi(dev, result.accessToken, { api, tenantId: contoso.id });
        assert.deepEqual([claims.oid, clientOf(claims), clientAuthenticationOf(claims)], [alice.id, native.client_id, "0"]);
        const identity = await verified(dev, result.idToken, { tenantId: contoso.id, audience: native.client_id });
        assert.equal(identity.preferred_username, alice.upn);
        const fresh = await app.acquireTokenSilent({ scopes: ["User.Read"], account: result.account, forceRefresh: true });
        assert.equal(fresh.fromCache, false);
    });

    test("a device hears of a person who declines", bounded, async () => {
        await assert.rejects(byDevice(publicClient(dev, native), bob, ["User.Read"], cancelButton), (thrown) => {
            assert.match(String(thrown), /authorization_declined/);
            return true;
        });
    });

    test("an application that keeps a secret gets no code", bounded, async () => {
        const request = { scopes: ["User.Read"], deviceCodeCallback: () => assert.fail("there is a code") };
        await assert.rejects(publicClient(dev, web).acquireTokenByDeviceCode(request));
    });

    testIdentity("a credential shows the code and waits", showing("device-code"), async () => {
        let answered;
        const credential = new DeviceCodeCredential({
            authorityHost: dev.origin,
            disableInstanceDiscovery: true,
            tenantId: contoso.id,
            clientId: native.client_id,
            userPromptCallback: ({ userCode, verificationUri }) => {
                answered = answer(alice, verificationUri, userCode);
            },
        });
        const { token } = await credential.getToken(fullScopes(api)[0]);
        await answered;
        const claims = await verifiedForApi(dev, token, { api, tenantId: contoso.id });
        assert.equal(claims.oid, alice.id);
    });

    testOpenId("a device that goes by RFC 8628 signs a person in", showing("device-code"), async () => {
        const issuer = new URL(`${dev.authority(contoso.id)}/v2.0`);
        const config = await client.discovery(issuer, native.client_id, undefined, client.None());
        const begun = await client.initiateDeviceAuthorization(config, { scope: `openid profile ${fullScopes(api)[0]}` });
        const answered = answer(alice, begun.verification_uri, begun.user_code);
        const tokens = await client.pollDeviceAuthorizationGrant(config, begun);
        await answered;
        assert.equal(tokens.claims().oid, alice.id);
        const claims = await verifiedForApi(dev, tokens.access_token, { api, tenantId: contoso.id });
        assert.deepEqual([claims.oid, clientOf(claims), clientAuthenticationOf(claims)], [alice.id, native.client_id, "0"]);
    });

    testAdal("a device of the time of v1.0 signs a person in", showing("device-code"), async () => {
        const context = new adal.AuthenticationContext(dev.authority(contoso.id), false);
        const called = (name, ...given) =>
            new Promise((resolve, reject) =>
                context[name](...given, (problem, got) => (problem ? reject(problem) : resolve(got))),
            );
        const code = await called("acquireUserCode", api.identifier_uri, native.client_id, "en-us");
        const answered = answer(alice, code.verificationUrl, code.userCode);
        const got = await called("acquireTokenWithDeviceCode", api.identifier_uri, native.client_id, code);
        await answered;
        const claims = await verifiedForApi(dev, got.accessToken, { api, tenantId: contoso.id });
        assert.equal(claims.oid, alice.id);
        assert.ok(got.refreshToken && got.isMRRT);
    });
});
