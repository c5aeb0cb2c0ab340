// passport-azure-ad: web applications that sign people in by the hybrid flow, and APIs, on the endpoints of either dialect.

import assert from "node:assert/strict";
import { after } from "node:test";
import { Browser } from "../browser.js";
import { testsOf } from "../cells.js";
import { confidential } from "../clients.js";
import { defaultScope, fullScopes, readEnvironment } from "../environment.js";
import { metadata, startApi, startWebApplication } from "../passport.js";
import { clientOf, discovery, verified, verifiedForApi } from "../tokens.js";

const dev = readEnvironment();
const contoso = dev.tenant("contoso.test");
const alice = dev.user("alice@contoso.test");
const portal = dev.named("Contoso Portal");
const daemon = dev.application("daemon", contoso.domain);
const api = dev.application("api", contoso.domain);
const orders = dev.named("Contoso Orders API");
const showing = (...shows) => ({ timeout: 60_000, shows });

const started = [];
after(() => Promise.all(started.map((server) => server.close())));
async function start(server) {
    started.push(await server);
    return server;
}

// Alice signs in once; from then on her browser is known.
const browser = new Browser(dev);

for (const dialect of ["v2.0", "v1.0"]) {
    const test = testsOf("passport-azure-ad", "passport-azure-ad", dialect);
    const identityMetadata = metadata(dev, contoso.domain, dialect);
    const visit = async (options) => {
        const application = await start(startWebApplication(portal, { identityMetadata, ...options }));
        const came = await application.visit(dev, alice, browser);
        assert.equal(came.user.refused, undefined, JSON.stringify(came.user.refused));
        assert.equal(came.user.profile.sub, came.user.sub);
        assert.equal(came.returned.mode, options.responseMode);
        return came;
    };
    const scope = ["profile", "offline_access"];

    test(`an ID token comes by form_post (${dialect})`, showing("implicit"), async () => {
        const { user, returned } = await visit({ responseType: "id_token", responseMode: "form_post", scope: ["profile"] });
        assert.ok(!("code" in returned.parameters) && !("access_token" in returned.parameters));
        const claims = await verified(dev, returned.parameters.id_token, {
            tenantId: contoso.id,
            audience: portal.client_id,
        });
        assert.equal(`v${claims.ver}`, dialect);
        assert.deepEqual([user.iss, user.profile.oid], [claims.iss, alice.id]);
    });

    test(`a code and an ID token come together, and belong together (${dialect})`, showing("hybrid"), async () => {
        const { user, returned } = await visit({
            responseType: "code id_token",
            responseMode: "form_post",
            ...(dialect === "v1.0"
                ? { scope, resourceURL: orders.identifier_uri }
                : { scope: [...scope, fullScopes(orders)[0]] }),
        });
        // OpenID Connect Core §3.3.2.5: neither an access token nor a refresh token comes through the browser.
        assert.deepEqual(
            Object.keys(returned.parameters).filter((name) => name.endsWith("_token")),
            ["id_token"],
        );
        assert.ok(user.refreshToken, "the code was redeemed");
        const access = await verifiedForApi(dev, user.accessToken, { api: orders, tenantId: contoso.id });
        assert.deepEqual([access.oid, clientOf(access)], [alice.id, portal.client_id]);
    });

    for (const responseMode of ["query", "form_post"]) {
        const flows = dialect === "v1.0" ? ["code", "userinfo"] : ["code"];
        test(`a code comes by ${responseMode} (${dialect})`, showing(...flows), async () => {
            // On v1.0, without a resource, the library asks userinfo with what it got, and compares the subjects.
            const { user, returned } = await visit({ responseType: "code", responseMode, scope });
            assert.ok(!("id_token" in returned.parameters));
            assert.ok(user.accessToken);
            assert.equal(user.profile.displayName, "Alice Archer");
        });
    }

    test(`people of another organisation come through common (${dialect})`, showing("code"), async () => {
        // At common the metadata cannot say who issues: the application says whom it takes.
        const carol = dev.user("carol@fabrikam.test");
        const saas = dev.application("saas");
        const { issuer } = await discovery(dev, carol.tenant.id, dialect.slice(1));
        const application = await start(
            startWebApplication(saas, {
                identityMetadata: metadata(dev, "common", dialect),
                issuer: [issuer],
                responseType: "code",
                responseMode: "form_post",
                scope: ["profile"],
            }),
        );
        const { user } = await application.visit(dev, carol);
        assert.equal(user.refused, undefined, JSON.stringify(user.refused));
        assert.equal(user.iss, issuer);
        const stranger = await application.visit(dev, alice);
        assert.match(JSON.stringify(stranger.user.refused), /issuer/);
    });

    test(`an API lets in whoever has a token for it (${dialect})`, showing("protected-api"), async () => {
        const [resource, other] = dialect === "v1.0" ? [orders, api] : [api, orders];
        const settings = {
            identityMetadata,
            clientID: resource.client_id,
            audience: [resource.client_id, resource.identifier_uri],
        };
        const forAll = await start(startApi(settings));
        const app = confidential(dev, daemon);
        const { accessToken } = await app.acquireTokenByClientCredential({ scopes: [defaultScope(resource)] });
        const { status, claims } = await forAll.call(accessToken);
        assert.equal(status, 200);
        assert.deepEqual([`v${claims.ver}`, clientOf(claims)], [dialect, daemon.client_id]);
        const foreign = await app.acquireTokenByClientCredential({ scopes: [defaultScope(other)] });
        assert.equal((await forAll.call(foreign.accessToken)).status, 401);
        assert.equal((await forAll.call(undefined)).status, 401);

        const scope = fullScopes(resource)[0];
        const forPeople = await start(startApi({ ...settings, scope: [scope.split("/").at(-1)] }));
        const { user } = await visit({
            responseType: "code",
            responseMode: "query",
            ...(dialect === "v1.0" ? { resourceURL: resource.identifier_uri } : { scope: [scope] }),
        });
        const person = await forPeople.call(user.accessToken);
        assert.deepEqual([person.status, person.claims?.oid], [200, alice.id]);
        assert.equal((await forPeople.call(accessToken)).status, 401, "nobody has delegated anything to the daemon");
    });
}
