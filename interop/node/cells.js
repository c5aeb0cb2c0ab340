// Says which cells of the table of libraries and flows a test shows. Instead of node:test's own `test`:
//
//     const test = testsOf("MSAL Node", "@azure/msal-node");
//     test("a daemon gets a token", { timeout: 60_000, shows: ["client-secret"] }, async () => { … });
//
// A test that ran appends a line for each of its cells to the file that VESTIBULE_INTEROP_RESULTS names, if it names one.

import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

/** `test` for one library: what the table calls it, the folder of its package, and the endpoints that it speaks to. */
export function testsOf(library, folder, dialect = "v2.0") {
    // Of the suite that runs, which need not be the one that this file belongs to.
    const manifest = path.resolve("node_modules", folder, "package.json");
    const { version } = JSON.parse(readFileSync(manifest, "utf8"));
    return (name, { shows = [], ...options }, body) =>
        test(name, options, async (context) => {
            let outcome = "fails";
            // Comes after a test that ran out of time, too.
            context.after(() => shows.forEach((flow) => record({ library, version, dialect, flow, outcome })));
            await body(context);
            outcome = "passes";
        });
}

function record(cell) {
    const results = process.env.VESTIBULE_INTEROP_RESULTS;
    if (results) {
        appendFileSync(results, `${JSON.stringify(cell)}\n`);
    }
}
