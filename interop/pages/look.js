// A look at a page as it stands: light and dark, wide and narrow, by keyboard, with a screen reader's eyes. What a look
// finds is collected, so that one run tells everything; the pictures are for people.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { focused } from "./keyboard.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENSHOTS = process.env.VESTIBULE_SCREENSHOTS ??
    path.join(import.meta.dirname, "../../target/interop/pages/screenshots");
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 320, height: 640 } };
// A window of 1280 by 800 at 200 %.
const ZOOMED = { width: 640, height: 400 };
const MOST_BYTES = 30_000;

mkdirSync(SCREENSHOTS, { recursive: true });

/**
 * Looks at the page that `person` has open and saves it as `name`. `focus` is what has the focus when the page has come,
 * or nothing, on a page on which there is nothing to do. Where no JavaScript runs, axe does not either.
 */
export async function look(person, name, { focus, language = "en" }) {
    const { page, watch, javaScript } = person;
    const findings = [];
    const finds = (when, what) => when && findings.push(what);

    if (focus) {
        await focused(page);
    }
    const facts = await page.evaluate(() => ({
        headings: document.querySelectorAll("h1").length,
        title: document.title,
        language: document.documentElement.lang,
        focus: document.activeElement === document.body ? undefined : document.activeElement.outerHTML.split(">")[0],
    }));
    finds(facts.headings !== 1, `it has ${facts.headings} headings`);
    finds(!facts.title, "it has no title");
    finds(facts.language !== language, `its language is ${facts.language}`);
    if (focus) {
        const there = await page.locator(focus).first().evaluate((element) => element === document.activeElement);
        finds(!there, `the focus is on ${facts.focus ?? "nothing"}, not on ${focus}`);
    } else {
        finds(facts.focus, `the focus is on ${facts.focus}`);
    }
    await watch.settled();
    const bytes = watch.pageBytes + watch.styleBytes;
    finds(watch.pageBytes === 0 || watch.styleBytes === 0, "its size is not known");
    finds(bytes >= MOST_BYTES, `it weighs ${bytes} bytes`);

    for (const scheme of ["light", "dark"]) {
        for (const [size, viewport] of Object.entries(SIZES)) {
            await page.emulateMedia({ colorScheme: scheme });
            await page.setViewportSize(viewport);
            await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
            await page.screenshot({
                path: path.join(SCREENSHOTS, `${name}-${scheme}-${size}.png`),
                fullPage: true,
                animations: "disabled",
            });
            finds(await scrollsSideways(page), `it scrolls sideways, ${size}`);
            for (const violation of javaScript ? await axe(page) : []) {
                findings.push(`axe, ${scheme} and ${size}: ${violation}`);
            }
        }
    }
    await page.setViewportSize(ZOOMED);
    finds(await scrollsSideways(page), "it scrolls sideways at 200 %");

    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    finds(await page.evaluate(moves), "it moves for people who asked it not to");
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await page.setViewportSize(SIZES.wide);

    findings.push(...(await walkByTab(page)));
    if (focus) {
        await page.locator(focus).first().focus();
    }
    assert.deepEqual(findings, [], name);
}

async function scrollsSideways(page) {
    return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

async function axe(page) {
    const known = await page.evaluate(() => "axe" in window);
    if (!known) {
        await page.evaluate(AXE);
    }
    return page.evaluate(async () => {
        const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
        return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.failureSummary} ${node.html}`));
    });
}

function moves() {
    return [...document.querySelectorAll("*")].some((element) => {
        const style = getComputedStyle(element);
        return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
    });
}

/** Tab gets to everything that can be used, in the order of the page, and shows where it is. */
async function walkByTab(page) {
    const count = await page.evaluate(() => {
        const usable = "a[href], button, input:not([type=hidden]), summary";
        window.controls = [...document.querySelectorAll(usable)].filter((element) => element.checkVisibility());
        return window.controls.length;
    });
    const findings = [];
    const visited = [];
    // Once round.
    for (let presses = 0; presses <= count; presses += 1) {
        await page.keyboard.press("Tab");
        const [index, visible] = await page.evaluate(() => {
            const element = document.activeElement;
            const { outlineStyle, outlineWidth } = getComputedStyle(element);
            return [window.controls.indexOf(element), outlineStyle !== "none" && parseFloat(outlineWidth) >= 2];
        });
        visited.push(index);
        if (index >= 0 && !visible) {
            findings.push(`the focus cannot be seen on control ${index}`);
        }
    }
    // Between the last control and the first there may be the browser's own.
    const reached = visited.filter((index) => index >= 0).slice(0, count);
    const top = reached.indexOf(0);
    const inOrder = [...reached.slice(top), ...reached.slice(0, top)];
    const all = Array.from({ length: count }, (_, index) => index);
    if (inOrder.join() !== all.join()) {
        findings.push(`Tab visits ${visited} of ${count}`);
    }
    return findings;
}
