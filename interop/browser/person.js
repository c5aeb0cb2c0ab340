// A person in front of Chromium, who finds the fields by the ids that scripts rely on.

import { setTimeout as pause } from "node:timers/promises";

const PATIENCE = 15_000;

/**
 * Signs in on `page`, answers "stay signed in?", and returns when `gone`: by default, when the browser has left the
 * server's pages.
 */
export async function signIn(page, user, environment, { staysSignedIn = false, gone } = {}) {
    await giveName(page, user.upn);
    await givePassword(page, user.password);
    await finishSignIn(page, environment, { staysSignedIn, gone });
}

export async function giveName(page, upn) {
    await page.locator("#i0116").fill(upn);
    await page.locator("#idSIButton9").click();
}

export async function givePassword(page, password) {
    await page.locator("#i0118").fill(password);
    await page.locator("#idSIButton9").click();
}

/** What comes after the right password: at most one question, whether to stay signed in. */
export async function finishSignIn(page, environment, { staysSignedIn = false, gone } = {}) {
    await waitUntil(page, gone ?? (() => !isAt(page, environment)), {
        reply: staysSignedIn ? "#idSIButton9" : "#idBtn_Back",
        asked: async () => (await page.locator("#i0118").count()) === 0 && page.locator("#idBtn_Back").isVisible(),
    });
}

/** Goes through with a sign-out, confirming it where the server asks, until `gone`. */
export async function finishSignOut(page, environment, gone) {
    await waitUntil(page, gone, {
        reply: "#idSIButton9",
        asked: async () => isAt(page, environment) && page.locator("#idSIButton9").isVisible(),
    });
}

/** Waits until the page is closed or `gone`, and gives one `reply` if the person is `asked` something first. */
async function waitUntil(page, gone, { reply, asked }) {
    const deadline = Date.now() + PATIENCE;
    let replied = false;
    let last = "";
    while (Date.now() < deadline) {
        try {
            if (page.isClosed() || (await gone())) {
                return;
            }
            last = `${new URL(page.url()).pathname}, "${await page.title()}"`;
            if (!replied && (await asked())) {
                replied = true;
                await page.locator(reply).click({ timeout: 5_000 });
            }
        } catch (problem) {
            // The page went away while it was being looked at, which is what is being waited for.
            if (!/closed|navigat|destroyed|detached/i.test(problem.message)) {
                throw problem;
            }
        }
        await pause(50);
    }
    const alert = await page.locator('[role="alert"]').allTextContents();
    throw new Error(`The browser did not get any further than ${last} ${alert.join(" ").trim()}`);
}

function isAt(page, environment) {
    const address = page.url();
    return address === "about:blank" || new URL(address).origin === environment.origin;
}
