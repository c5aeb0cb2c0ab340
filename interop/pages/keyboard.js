// A person who has a keyboard and nothing else. The page has to put the focus where it is needed.

import { setTimeout as pause } from "node:timers/promises";

/** Waits until something has the focus: a page that has just come takes a moment, as does the person. */
export async function focused(page) {
    for (let tries = 0; tries < 100; tries += 1) {
        if (await page.evaluate(() => document.activeElement !== document.body)) {
            return true;
        }
        await pause(20);
    }
    return false;
}

/** Types into whatever has the focus, in place of what is there, and presses Enter. */
export async function answer(page, text) {
    await focused(page);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
    await enter(page);
}

/** Presses Enter on whatever has the focus, and waits for the page it leads to. */
export async function enter(page) {
    if (!(await focused(page))) {
        throw new Error(`Nothing on "${await page.title()}" has the focus`);
    }
    const arrived = page.waitForEvent("load");
    await page.keyboard.press("Enter");
    await arrived;
}

/** Goes to a control by Tab, as often as it takes, and presses Enter there. */
export async function tabToAndEnter(page, css) {
    await focused(page);
    for (let presses = 0; presses < 20; presses += 1) {
        if (await page.locator(css).first().evaluate((element) => element === document.activeElement)) {
            return enter(page);
        }
        await page.keyboard.press("Tab");
    }
    throw new Error(`${css} cannot be reached by Tab`);
}

/** From the account page to the application. */
export async function signIn(page, user, { stays = false } = {}) {
    await answer(page, user.upn);
    await answer(page, user.password);
    await (stays ? enter(page) : tabToAndEnter(page, "#idBtn_Back"));
}
