// The pages about consent: the question to a person, to an administrator, and the way to one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvironment } from "../../node/environment.js";
import { chromiumFor } from "../chromium.js";
import { signIn, tabToAndEnter } from "../keyboard.js";
import { look } from "../look.js";
import { authorize } from "../requests.js";

const dev = readEnvironment();
const newsletter = dev.applications.find((one) => !one.consented);
const [bob, carol, dave] = ["bob@contoso.test", "carol@fabrikam.test", "dave@fabrikam.test"].map((upn) => dev.user(upn));
const bounded = { timeout: 90_000 };
const WHO = "openid profile offline_access User.Read";
const GROUPS = "openid Group.Read.All";

const chromium = chromiumFor(dev);
let person;

/** Somebody signs in to the newsletter, and comes to the page about consent. */
async function asked(user, scope, { language = "en", ...choices } = {}) {
    person = await chromium.newPerson({ locale: language === "de" ? "de-DE" : "en-GB", ...choices });
    const { page } = person;
    const tenant = user.tenant.domain;
    await page.goto(authorize(dev, newsletter, { scope, ui_locales: language }, tenant));
    await signIn(page, user);
    return page;
}

const arrival = () => chromium.application.lastArrival;

test("a person is asked what an application may do, says no, and is asked again", bounded, async () => {
    const page = await asked(bob, WHO);
    await look(person, "consent", { focus: "h1" });
    await tabToAndEnter(page, "#idBtn_Back");
    assert.equal(arrival().error, "access_denied");
    assert.match(arrival().error_description, /^AADSTS65004/);
    await page.goto(authorize(dev, newsletter, { scope: WHO }));
    await tabToAndEnter(page, "#idSIButton9");
    assert.ok(arrival().code);
    await person.watch.verdict();
});

test("a person of another organisation is warned of an application that nobody vouches for", bounded, async () => {
    const page = await asked(dave, WHO);
    assert.match(await page.locator("body").innerText(), /contoso\.test/);
    await look(person, "consent-stranger", { focus: "h1" });
    await person.watch.verdict();
});

test("an administrator may say yes for everybody, by keyboard", bounded, async () => {
    const page = await asked(carol, GROUPS);
    await look(person, "consent-administrator", { focus: "h1" });
    // Enter in the box is no yes.
    await page.locator("[name=on_behalf_of_organization]").focus();
    await page.keyboard.press("Space");
    assert.ok(await page.locator("[name=on_behalf_of_organization]").isChecked());
    await tabToAndEnter(page, "#idBtn_Back");
    assert.match(arrival().error_description, /^AADSTS65004/);
    await person.watch.verdict();
});

test("who may not say yes is told whom to ask", bounded, async () => {
    const page = await asked(dave, GROUPS);
    assert.equal(await page.locator("button[value=accept]").count(), 0);
    await look(person, "admin-approval", { focus: "h1" });
    await tabToAndEnter(page, "#idBtn_Back");
    assert.match(arrival().error_description, /^AADSTS65004/);
    await person.watch.verdict();
});

test("administrator consent, and its end without an application to go back to", bounded, async () => {
    person = await chromium.newPerson();
    const { page, watch } = person;
    await page.goto(`${dev.authority("fabrikam.test")}/adminconsent?client_id=${newsletter.client_id}`);
    await signIn(page, carol);
    await look(person, "admin-consent", { focus: "h1" });
    await tabToAndEnter(page, "#idSIButton9");
    await look(person, "admin-consented", {});
    await watch.verdict();
});

test("the same in German", bounded, async () => {
    // Before anybody in Contoso was asked for this.
    const page = await asked(bob, GROUPS, { language: "de" });
    await look(person, "admin-approval-de", { focus: "h1", language: "de" });
    await page.goto(authorize(dev, newsletter, { scope: "openid Mail.Read", prompt: "consent", ui_locales: "de" }));
    await look(person, "consent-de", { focus: "h1", language: "de" });
    await person.watch.verdict();
});

test("without JavaScript it is the same", bounded, async () => {
    const page = await asked(dave, "openid email Mail.Send", { javaScript: false });
    assert.equal(await page.locator("button[value=accept]").count(), 0);
    await page.goto(authorize(dev, newsletter, { scope: "openid email", prompt: "consent" }, "fabrikam.test"));
    await page.locator("#idSIButton9").click();
    assert.ok(arrival().code);
});
