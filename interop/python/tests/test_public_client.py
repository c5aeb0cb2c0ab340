"""A native application signs a person in: code flow with PKCE, the cache, refresh tokens, userinfo."""

import secrets
import time
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from answers import refused, succeeded
from browser import Browser, Lost, Page, Person
from clients import public
from loopback import free_loopback_uri
from system_browser import seat
from tokens import TIMEOUT, client_authentication_of, client_of, discovery, verified, verified_for_api

GRAPH = ["User.Read"]


@pytest.fixture()
def loopback_uri():
    """`http://localhost` with a port nobody registered: native applications take whichever is free."""
    return free_loopback_uri()


def begin(app, redirect_uri, **extra):
    return app.initiate_auth_code_flow(extra.pop("scopes", GRAPH), redirect_uri=redirect_uri, **extra)


@pytest.fixture(scope="module")
def signed_in(dev, native, alice):
    """Alice, signed in once for all the tests that only look at what came of it."""
    app, redirect_uri = public(dev, native), free_loopback_uri()
    flow = begin(app, redirect_uri)
    browser = Browser(dev)
    returned = Person(browser, alice).sign_in(flow["auth_uri"], redirect_uri=redirect_uri)
    answer = succeeded(app.acquire_token_by_auth_code_flow(flow, returned.parameters))
    return SimpleNamespace(app=app, flow=flow, browser=browser, returned=returned, answer=answer, account=app.get_accounts()[0])


def test_the_answer_comes_back_in_the_query_with_the_state_that_was_sent(signed_in):
    assert signed_in.returned.mode == "query"
    assert signed_in.returned.parameters["state"] == signed_in.flow["state"]
    assert "id_token" not in signed_in.returned.parameters


@pytest.mark.shows("MSAL Python", "code")
def test_the_id_token_verifies_and_says_who_signed_in(dev, contoso, native, alice, signed_in):
    claims = verified(dev, signed_in.answer["id_token"], tenant_id=contoso.id, audience=native.client_id)
    assert claims["ver"] == "2.0"
    assert claims["iss"] == f"{dev.origin}/{contoso.id}/v2.0"
    assert (claims["tid"], claims["oid"]) == (contoso.id, alice.id)
    assert claims["preferred_username"] == alice.upn
    assert claims["name"]
    assert 0 < claims["exp"] - time.time() < 24 * 3600


def test_the_nonce_is_the_very_string_the_authorize_request_carried(signed_in):
    sent = parse_qs(urlsplit(signed_in.flow["auth_uri"]).query)["nonce"][0]
    assert signed_in.answer.claims_of_id_token()["nonce"] == sent


def test_the_account_is_known_by_object_id_and_tenant(contoso, alice, signed_in):
    assert len(signed_in.app.get_accounts()) == 1
    assert signed_in.account["home_account_id"] == f"{alice.id}.{contoso.id}"
    assert signed_in.account["local_account_id"] == alice.id
    assert signed_in.account["realm"] == contoso.id
    assert signed_in.account["username"] == alice.upn


def test_the_answer_lists_the_scopes_that_were_granted(signed_in):
    granted = signed_in.answer["scope"].split()
    assert "User.Read" in granted
    assert "offline_access" not in granted


@pytest.mark.shows("MSAL Python", "silent")
def test_a_silent_request_is_answered_from_the_cache(signed_in):
    again = succeeded(signed_in.app.acquire_token_silent(GRAPH, signed_in.account))
    assert again["token_source"] == "cache"
    assert again.fingerprint() == signed_in.answer.fingerprint()


@pytest.mark.shows("MSAL Python", "silent")
def test_a_forced_refresh_brings_a_new_token(signed_in):
    fresh = succeeded(signed_in.app.acquire_token_silent(GRAPH, signed_in.account, force_refresh=True))
    assert fresh["token_source"] == "identity_provider"
    assert fresh.fingerprint() != signed_in.answer.fingerprint()


@pytest.mark.shows("MSAL Python", "second-resource")
def test_the_same_refresh_token_opens_a_second_resource(dev, contoso, native, alice, api, signed_in):
    scope = api.full_scopes()[0]
    for_api = succeeded(signed_in.app.acquire_token_silent([scope], signed_in.account))
    assert for_api["token_source"] == "identity_provider"
    claims = verified_for_api(dev, for_api["access_token"], api=api, tenant_id=contoso.id)
    assert scope.rsplit("/", 1)[1] in claims["scp"].split()
    assert "User.Read" not in claims["scp"].split()
    assert claims["oid"] == alice.id
    assert client_of(claims) == native.client_id
    assert client_authentication_of(claims) == "0", "a native application proves nothing about itself"

    again = succeeded(signed_in.app.acquire_token_silent([scope], signed_in.account))
    assert again["token_source"] == "cache", "the granted scope must be spelled as it was asked for"


@pytest.mark.shows("MSAL Python", "userinfo")
def test_userinfo_names_the_same_subject_as_the_id_token(dev, contoso, signed_in):
    endpoint = discovery(dev, contoso.id)["userinfo_endpoint"]
    answer = requests.get(
        endpoint,
        headers={"Authorization": f"Bearer {signed_in.answer['access_token']}"},
        timeout=TIMEOUT,
        verify=dev.ca,
    )
    assert answer.status_code == 200
    # OpenID Connect Core §5.3.2: the client must compare these two, and drop the answer if they differ.
    assert answer.json()["sub"] == signed_in.answer.claims_of_id_token()["sub"]
    assert answer.json()["name"] == signed_in.answer.claims_of_id_token()["name"]


def test_userinfo_tells_nothing_without_a_token(dev, contoso):
    answer = requests.get(discovery(dev, contoso.id)["userinfo_endpoint"], timeout=TIMEOUT, verify=dev.ca)
    assert answer.status_code == 401


def test_a_code_can_be_redeemed_once(dev, native, bob, loopback_uri):
    app = public(dev, native)
    flow = begin(app, loopback_uri)
    returned = Person(Browser(dev), bob).sign_in(flow["auth_uri"], redirect_uri=loopback_uri)
    succeeded(app.acquire_token_by_auth_code_flow(dict(flow), returned.parameters))
    refused(
        app.acquire_token_by_auth_code_flow(dict(flow), returned.parameters),
        error="invalid_grant",
        codes={54005},
    )


def test_a_code_is_worthless_without_the_verifier_it_was_asked_for_with(dev, native, bob, loopback_uri):
    app = public(dev, native)
    flow = begin(app, loopback_uri)
    returned = Person(Browser(dev), bob).sign_in(flow["auth_uri"], redirect_uri=loopback_uri)
    refused(
        app.acquire_token_by_auth_code_flow({**flow, "code_verifier": secrets.token_hex(32)}, returned.parameters),
        error="invalid_grant",
        codes={501481},
    )


def test_a_refresh_token_that_was_made_up_is_an_invalid_grant(dev, native):
    answer = public(dev, native).acquire_token_by_refresh_token(secrets.token_urlsafe(64), GRAPH)
    assert answer.get("error") == "invalid_grant"
    assert answer["error_description"].startswith("AADSTS")


def test_a_wrong_password_is_refused_on_the_page_and_the_right_one_then_works(dev, native, bob, loopback_uri):
    app = public(dev, native)
    flow = begin(app, loopback_uri)
    person = Person(Browser(dev), bob)
    page = person.try_to_sign_in(flow["auth_uri"], redirect_uri=loopback_uri, password=f"not-{secrets.token_hex(8)}")
    assert isinstance(page, Page), "a wrong password must not lead back to the application"
    assert page.alert, f"the page must say that something was wrong: {page!r}"
    returned = person.go_on(page, redirect_uri=loopback_uri, password=bob.password)
    if isinstance(returned, Page):
        raise Lost(f"The right password did not work after a wrong one: {returned!r}.")
    succeeded(app.acquire_token_by_auth_code_flow(flow, returned.parameters))


def test_asking_for_no_page_without_a_session_says_that_a_sign_in_is_required(dev, native, loopback_uri):
    app = public(dev, native)
    flow = begin(app, loopback_uri, prompt="none")
    returned = Browser(dev).open(flow["auth_uri"], redirect_uri=loopback_uri)
    assert not isinstance(returned, Page), f"prompt=none must never show a page: {returned!r}"
    answer = app.acquire_token_by_auth_code_flow(flow, returned.parameters)
    assert answer["error"] == "login_required"
    assert answer["error_description"].startswith("AADSTS50058:")


def test_a_session_answers_the_next_request_without_a_page(dev, native, alice, signed_in, loopback_uri):
    app = public(dev, native)
    flow = begin(app, loopback_uri, prompt="none", login_hint=alice.upn)
    returned = signed_in.browser.open(flow["auth_uri"], redirect_uri=loopback_uri)
    assert not isinstance(returned, Page), f"prompt=none must never show a page: {returned!r}"
    answer = succeeded(app.acquire_token_by_auth_code_flow(flow, returned.parameters))
    assert answer.claims_of_id_token()["oid"] == alice.id


def test_a_hint_of_who_signs_in_saves_the_first_question(dev, native, bob, loopback_uri):
    app = public(dev, native)
    flow = begin(app, loopback_uri, login_hint=bob.upn)
    page = Browser(dev).open(flow["auth_uri"], redirect_uri=loopback_uri)
    assert isinstance(page, Page) and page.asks_for("passwd"), page


@pytest.mark.parametrize("spelling", ["domain", "domain in capitals"])
def test_a_person_can_start_from_an_authority_that_names_the_domain(dev, contoso, native, alice, loopback_uri, spelling):
    tenant = contoso.domain.upper() if spelling.endswith("capitals") else contoso.domain
    app = public(dev, native, tenant=tenant)
    flow = begin(app, loopback_uri)
    returned = Person(Browser(dev), alice).sign_in(flow["auth_uri"], redirect_uri=loopback_uri)
    answer = succeeded(app.acquire_token_by_auth_code_flow(flow, returned.parameters))
    assert answer.claims_of_id_token()["tid"] == contoso.id


@pytest.mark.shows("MSAL Python", "code")
def test_the_library_signs_in_by_itself_through_its_own_loopback_listener(dev, native, alice):
    """`acquire_token_interactive`: MSAL opens the system's browser and listens, on a port of its choice, for a form_post."""
    browser = seat(dev, alice)
    result = public(dev, native).acquire_token_interactive(GRAPH, timeout=30)
    assert not browser.problems, browser.problems
    assert succeeded(result).claims_of_id_token()["oid"] == alice.id
