// Runs the tests with trust in the server's own CA. Node reads NODE_EXTRA_CA_CERTS once, when a process starts,
// so the process that runs the tests has to be started with it.

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { readEnvironment } from "../node/environment.js";

const environment = readEnvironment();
const tests = readdirSync(new URL("test/", import.meta.url))
    .filter((name) => name.endsWith(".test.js"))
    .map((name) => `test/${name}`);

const run = spawnSync(
    process.execPath,
    ["--test", "--test-concurrency=1", "--test-reporter=spec", ...process.argv.slice(2), ...tests],
    {
        cwd: new URL(".", import.meta.url),
        stdio: "inherit",
        timeout: 10 * 60 * 1000,
        env: { ...process.env, NODE_EXTRA_CA_CERTS: environment.ca, NO_PROXY: "localhost,127.0.0.1" },
    },
);
process.exit(run.status ?? 1);
