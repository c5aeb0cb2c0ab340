"""Token answers as MSAL returns them, wrapped so that no assertion can print a token."""

import hashlib

import pytest

SAFE_TO_SHOW = ("error", "error_description", "error_codes", "suberror", "scope", "expires_in", "token_type", "token_source")


class Answer(dict):
    """A `dict` that shows its keys and its errors, never a token."""

    def __repr__(self):
        shown = {key: self[key] for key in SAFE_TO_SHOW if key in self}
        return f"<answer with {sorted(self)}: {shown}>"

    __str__ = __repr__

    def fingerprint(self, member="access_token"):
        """Lets two tokens be compared without either appearing in a failure."""
        return hashlib.sha256(self[member].encode()).hexdigest()[:16]

    def claims_of_id_token(self):
        return self["id_token_claims"]


def succeeded(result):
    """The answer, if it carries an access token; otherwise the test ends with the server's own words."""
    if result is None:
        pytest.fail("The library returned nothing: no token in its cache and no way to ask for one.")
    answer = Answer(result)
    if "access_token" not in answer:
        pytest.fail(f"Expected an access token, received {answer!r}.")
    return answer


def refused(result, *, error, codes):
    """The answer, if it is the expected OAuth error with one of the expected AADSTS numbers."""
    answer = Answer(result or {})
    assert answer.get("error") == error, answer
    assert set(answer.get("error_codes", [])) & set(codes), answer
    number = next(code for code in answer["error_codes"] if code in codes)
    assert answer["error_description"].startswith(f"AADSTS{number}:"), answer
    for member in ("timestamp", "trace_id", "correlation_id"):
        assert answer.get(member), f"{member} is missing from {answer!r}"
    return answer
