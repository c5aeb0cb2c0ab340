// The pages that are no part of a sign-in: errors, the front page, the lookup of a code, and what is not there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvironment } from "../../node/environment.js";
import { chromiumFor } from "../chromium.js";
import { look } from "../look.js";
import { authorize } from "../requests.js";

const dev = readEnvironment();
const web = dev.application("web", "contoso.test");
const bounded = { timeout: 90_000 };

const chromium = chromiumFor(dev);
let person;

const nobody = "00000000-0000-4000-8000-00000000dead";
const errors = {
    "error-redirect-uri": [authorize(dev, web, { redirect_uri: "https://elsewhere.example/callback" }), "AADSTS50011"],
    "error-application": [authorize(dev, web, { client_id: nobody }), "AADSTS700016"],
    "error-tenant": [authorize(dev, web, {}, "nobody.example"), "AADSTS90002"],
};
for (const [name, [address, code]] of Object.entries(errors)) {
    test(`AZ-50, TP-17, LG-29: ${name} is a page that says what happened, what to do and whom to ask`, bounded, async () => {
        person = await chromium.newPerson();
        const { page, watch } = person;
        await page.goto(address);
        await look(person, name, {});
        // The details are folded, and a keyboard unfolds them.
        await page.locator("summary").focus();
        await page.keyboard.press("Enter");
        assert.ok((await page.locator("#details").innerText()).includes(code));
        assert.ok(await page.locator("#copy").isVisible());
        await look(person, `${name}-unfolded`, { focus: "summary" });
        await watch.verdict();
    });
}

test("the details of an error are copied with one press", bounded, async () => {
    person = await chromium.newPerson();
    const { page, context, watch } = person;
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: dev.origin });
    await page.goto(errors["error-application"][0]);
    await page.locator("summary").click();
    await page.locator("#copy").focus();
    await page.keyboard.press("Enter");
    await page.locator("#copyState").getByText("Copied").waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^Code: AADSTS700016\nMessage: AADSTS700016: /);
    await watch.verdict();
});

const pages = {
    home: ["/", 200],
    lookup: ["/error?code=50011", 200],
    "lookup-long": ["/error?code=65001", 200],
    "lookup-unknown": ["/error?code=1", 404],
    "not-found": ["/nothing/here", 404],
};
for (const [name, [path, status]] of Object.entries(pages)) {
    test(`TP-17, LG-29: ${name} is good to look at`, bounded, async () => {
        person = await chromium.newPerson();
        const { page, watch } = person;
        const response = await page.goto(dev.origin + path);
        assert.equal(response.status(), status);
        await look(person, name, {});
        await watch.verdict();
    });
}

test("TP-17: an asset that is not there, a form that is none, and a document for programs carry the same headers", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    for (const path of ["/assets/vestibule-0.css", "/signin/account", "/common/v2.0/.well-known/openid-configuration", "/common/oauth2/nativeclient"]) {
        await page.goto(dev.origin + path);
    }
    await watch.settled();
    // The page that native applications end on says nothing, and has no policy for scripts it does not have.
    watch.answers = watch.answers.filter(({ path }) => !path.endsWith("/nativeclient"));
    await watch.verdict();
});
