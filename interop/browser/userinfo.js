// UserInfo, asked by a page itself: another origin, with a header that makes the browser ask first whether it may.

import assert from "node:assert/strict";
import { discovery } from "./tokens.js";

/** What the server says of whoever `token` is for, as the script of a page gets it. */
export async function askUserinfo(environment, page, token) {
    const { userinfo_endpoint: endpoint } = await discovery(environment, "organizations");
    const { status, info } = await page.evaluate(
        async ([endpoint, token]) => {
            const answer = await fetch(endpoint, { headers: { Authorization: `Bearer ${token}` } });
            return { status: answer.status, info: await answer.json() };
        },
        [endpoint, token],
    );
    assert.equal(status, 200);
    return info;
}
