// A fresh Chromium that trusts the server's CA the way a person's browser would: through the user's certificate
// database. Certificate errors are never ignored, since that would hide mistakes in the server's certificate.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const PATIENCE = 15_000;

// Chromium's own preference: 0 lets other sites keep cookies, 1 does not.
const COOKIE_RULES = { allowed: 0, blocked: 1 };

/**
 * Opens a browser with an empty profile. `thirdPartyCookies` is the person's choice in the settings: it decides whether
 * a hidden frame of https://… inside a page of http://… sees the session.
 */
export async function openBrowser(environment, { thirdPartyCookies = "allowed", javaScript = true } = {}) {
    const home = mkdtempSync(path.join(tmpdir(), "vestibule-browser-"));
    trust(home, environment.ca);
    const profile = path.join(home, "profile");
    mkdirSync(path.join(profile, "Default"), { recursive: true });
    writeFileSync(
        path.join(profile, "Default", "Preferences"),
        JSON.stringify({ profile: { cookie_controls_mode: COOKIE_RULES[thirdPartyCookies] } }),
    );
    const { XDG_DATA_HOME, XDG_CONFIG_HOME, ...variables } = process.env;
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
        headless: true,
        javaScriptEnabled: javaScript,
        timeout: 30_000,
        env: { ...variables, HOME: home },
        args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    });
    context.setDefaultTimeout(PATIENCE);
    context.setDefaultNavigationTimeout(PATIENCE);
    const violations = [];
    context.on("console", (message) => {
        if (/Content Security Policy|has been blocked by CORS policy/.test(message.text())) {
            violations.push(message.text());
        }
    });
    return {
        context,
        page: context.pages()[0] ?? (await context.newPage()),
        /** What the browser refused to do for the server's pages, in its own words. */
        violations,
        /** As good as a new browser, and sooner there: one empty tab, and nobody remembers anything. */
        async renew() {
            const used = context.pages();
            this.page = await context.newPage();
            const origins = new Set(used.map((page) => new URL(page.url()).origin).filter((origin) => origin !== "null"));
            await Promise.all(used.map((page) => page.close()));
            await context.clearCookies();
            const session = await context.newCDPSession(this.page);
            for (const origin of origins) {
                await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
            }
            await session.detach();
            violations.length = 0;
        },
        async close() {
            await context.close();
            rmSync(home, { recursive: true, force: true, maxRetries: 5 });
        },
    };
}

function trust(home, ca) {
    const database = path.join(home, ".pki", "nssdb");
    mkdirSync(database, { recursive: true });
    try {
        const quiet = { stdio: "pipe", timeout: 20_000 };
        execFileSync("certutil", ["-d", `sql:${database}`, "-N", "--empty-password"], quiet);
        execFileSync("certutil", ["-d", `sql:${database}`, "-A", "-t", "C,,", "-n", "vestibule", "-i", ca], quiet);
    } catch (problem) {
        throw new Error(`certutil (of the NSS tools) could not add the CA: ${problem.message}`);
    }
}
