// One Chromium that trusts the server's CA the way a person's browser would, through the user's certificate database,
// and in it as many strangers to one another as a test needs. Certificate errors are never ignored.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { after, afterEach, before } from "node:test";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { startApplication } from "./application.js";
import { Watch } from "./watch.js";

const PATIENCE = 15_000;

/** One Chromium for all tests of a file. Whoever a test brings in is gone when it ends. */
export function chromiumFor(environment) {
    let chromium;
    const people = [];
    before(async () => {
        chromium = await openChromium(environment);
    });
    after(() => chromium?.close());
    afterEach(() => Promise.all(people.splice(0).map(({ context }) => context.close())));
    return {
        get application() {
            return chromium.application;
        },
        async newPerson(choices) {
            const person = await chromium.newPerson(choices);
            people.push(person);
            return person;
        },
    };
}

/** Starts Chromium and the applications that sign-ins come back to. */
async function openChromium(environment) {
    const home = mkdtempSync(path.join(tmpdir(), "vestibule-pages-"));
    trust(home, environment.ca);
    const application = await startApplication();
    const hosts = new Set(environment.applications.flatMap((one) => one.redirect_uris).flatMap(hostAndPort));
    const { XDG_DATA_HOME, XDG_CONFIG_HOME, ...variables } = process.env;
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
        headless: true,
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
            // Every application is played by one server of ours, on whatever port is free.
            `--host-resolver-rules=${[...hosts].map((one) => `MAP ${one} 127.0.0.1:${application.port}`).join(",")}`,
        ],
    });
    return {
        application,
        /** Somebody with an empty browser. `watch` tells what it was sent and what it refused to do. */
        async newPerson({ javaScript = true, locale = "en-GB" } = {}) {
            const context = await browser.newContext({
                javaScriptEnabled: javaScript,
                locale,
                viewport: { width: 1280, height: 800 },
            });
            context.setDefaultTimeout(PATIENCE);
            context.setDefaultNavigationTimeout(PATIENCE);
            const watch = new Watch(context, environment);
            const page = await context.newPage();
            return { context, page, watch, javaScript };
        },
        async close() {
            await browser.close();
            await application.close();
            rmSync(home, { recursive: true, force: true, maxRetries: 5 });
        },
    };
}

/** Of a redirect URI that has its own port. */
function hostAndPort(uri) {
    const { hostname, port } = new URL(uri);
    return port ? [`${hostname}:${port}`] : [];
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
