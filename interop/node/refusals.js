// What a refusal by the server looks like through MSAL: an error code, and the AADSTS number in its message.

import assert from "node:assert/strict";

/** Asserts that `call` is refused with an OAuth error and one of the expected AADSTS numbers, and returns the error. */
export async function refused(call, { error, codes }) {
    let refusal;
    await assert.rejects(call, (thrown) => {
        refusal = thrown;
        return true;
    });
    assert.equal(refusal.errorCode, error, refusal.errorMessage);
    const number = codes.find((code) => new RegExp(`\\bAADSTS${code}:`).test(refusal.errorMessage));
    assert.ok(number, `expected one of AADSTS ${codes} in: ${refusal.errorMessage}`);
    if (refusal.errorNo !== undefined) {
        assert.equal(Number(refusal.errorNo), number);
    }
    return refusal;
}
