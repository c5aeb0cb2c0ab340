"""Somebody of one organisation is a guest of another: one sign-in at home, tokens in both."""

import secrets

import pytest
import requests

from answers import succeeded
from browser import Browser, Person
from clients import confidential
from environment import User

GRAPH = "https://graph.microsoft.com/.default"
PASSWORD = "Correct-Horse-7"


def directory(dev, application):
    """What a daemon of an organisation does to its directory."""
    token = succeeded(confidential(dev, application).acquire_token_for_client([GRAPH]))["access_token"]

    def send(path, body):
        answer = requests.post(
            f"{dev.origin}/graph/v1.0{path}", json=body, headers={"authorization": f"Bearer {token}"}, timeout=20
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    return send


@pytest.fixture
def newcomer(dev, fabrikam):
    """Somebody of Fabrikam whom nobody at Contoso knows."""
    name = f"g{secrets.token_hex(6)}"
    upn = f"{name}@fabrikam.test"
    body = {
        "accountEnabled": True,
        "displayName": "A Newcomer",
        "mailNickname": name,
        "userPrincipalName": upn,
        "passwordProfile": {"password": PASSWORD, "forceChangePasswordNextSignIn": False},
    }
    made = directory(dev, dev.named("Fabrikam Automation"))("/users", body)
    return User(tenant=fabrikam, id=made["id"], upn=upn, roles=(), password=PASSWORD)


def test_a_refresh_token_from_home_brings_tokens_where_its_person_is_a_guest(dev, contoso, fabrikam, saas, newcomer):
    invitation = directory(dev, dev.named("Contoso Automation"))(
        "/invitations", {"invitedUserEmailAddress": newcomer.upn, "inviteRedirectUrl": saas.redirect_uris[0]}
    )
    # Signed in at home, and nowhere else.
    app, redirect_uri = confidential(dev, saas, tenant=fabrikam.id), saas.redirect_uris[0]
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri=redirect_uri)
    browser = Browser(dev)
    returned = Person(browser, newcomer).sign_in(flow["auth_uri"], redirect_uri=redirect_uri)
    at_home = succeeded(app.acquire_token_by_auth_code_flow(flow, returned.parameters))
    [account] = app.get_accounts()

    # The link of the invitation is followed in the browser that is signed in.
    question = browser.open(invitation["inviteRedeemUrl"], redirect_uri=redirect_uri)
    assert question.heading == "Become a guest of Contoso?", question
    browser.press(question, "idSIButton9", {}, redirect_uri=redirect_uri)

    # From here on nobody is asked anything: MSAL has one refresh token, for whatever tenant it is told.
    # It says the tenant by another application object over the same cache.
    visitor = confidential(dev, saas, tenant=contoso.id, token_cache=app.token_cache)
    visiting = succeeded(visitor.acquire_token_silent_with_error(["User.Read"], account))
    me = [
        requests.get(
            f"{dev.origin}/graph/v1.0/me", headers={"authorization": f"Bearer {answer['access_token']}"}, timeout=20
        ).json()
        for answer in (at_home, visiting)
    ]
    assert [person["id"] for person in me] == [newcomer.id, invitation["invitedUser"]["id"]]
    claims = visiting.claims_of_id_token()
    assert (claims["tid"], claims["oid"]) == (contoso.id, invitation["invitedUser"]["id"])
    assert claims["preferred_username"] == newcomer.upn
    # It is one account for all that, as home_account_id says.
    assert len(app.get_accounts()) == 1
