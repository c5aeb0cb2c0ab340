// Somebody from elsewhere follows the link of an invitation, is asked whether they want to be a guest, and is one.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { readEnvironment } from "../../node/environment.js";
import { chromiumFor } from "../chromium.js";
import { signIn, tabToAndEnter } from "../keyboard.js";
import { look } from "../look.js";
import { authorize } from "../requests.js";

const dev = readEnvironment();
const web = dev.application("web", "contoso.test");
const bounded = { timeout: 120_000 };
const password = "Correct-Horse-7";

const chromium = chromiumFor(dev);
let person;

/** What a daemon of an organisation does to its directory. */
async function directory(application, path, body) {
    const fields = {
        grant_type: "client_credentials",
        client_id: application.client_id,
        client_secret: application.client_secret,
        scope: "https://graph.microsoft.com/.default",
    };
    const token = await fetch(`${dev.authority(application.tenant.id)}/oauth2/v2.0/token`, {
        method: "POST",
        body: new URLSearchParams(fields),
    });
    const { access_token: bearer } = await token.json();
    const made = await fetch(`${dev.origin}/graph/v1.0${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
        body: JSON.stringify(body),
    });
    assert.equal(made.status, 201);
    return made.json();
}

/** Somebody of Fabrikam, and the link by which Contoso invites them. */
async function invited() {
    const name = `g${randomBytes(6).toString("hex")}`;
    const upn = `${name}@fabrikam.test`;
    await directory(dev.named("Fabrikam Automation"), "/users", {
        accountEnabled: true,
        displayName: "A Newcomer",
        mailNickname: name,
        userPrincipalName: upn,
        passwordProfile: { password, forceChangePasswordNextSignIn: false },
    });
    const invitation = await directory(dev.named("Contoso Automation"), "/invitations", {
        invitedUserEmailAddress: upn,
        inviteRedirectUrl: web.redirect_uris[0],
    });
    return { person: { upn, password }, link: invitation.inviteRedeemUrl };
}

test("CN-13: an invitation is read, declined, accepted later, and not asked again, by keyboard", bounded, async () => {
    const { person: guest, link } = await invited();
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(link);
    await signIn(page, guest);
    await look(person, "invitation", { focus: "h1" });
    const said = await page.locator("main").innerText();
    for (const words of ["Contoso", guest.upn, "Accept only if you know"]) {
        assert.ok(said.includes(words), words);
    }
    await tabToAndEnter(page, "#idBtn_Back");
    await look(person, "invitation-declined", {});

    // An application asks the same on the way in.
    await page.goto(authorize(dev, web));
    assert.match(await page.locator("h1").innerText(), /guest of Contoso/);
    await tabToAndEnter(page, "#idSIButton9");
    await page.waitForURL((url) => url.searchParams.has("code"));
    await page.goto(authorize(dev, web, { prompt: "none" }));
    assert.ok(new URL(page.url()).searchParams.has("code"));
    await watch.verdict();
});
