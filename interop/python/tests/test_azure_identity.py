"""azure-identity, as a program uses it that only asks for a credential: with MSAL below (the synchronous half), and
without (the asynchronous one, which posts its own forms to paths it has written down)."""

import asyncio
import uuid
from urllib.parse import urlencode

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import AuthorizationCodeCredential, ClientSecretCredential, InteractiveBrowserCredential
from azure.identity import aio

from answers import succeeded
from browser import Browser, Person
from system_browser import seat
from tokens import client_authentication_of, client_of, verified_for_api

GRAPH = "User.Read"
# What an API says that wants a newer token. The library then leaves its cache aside.
CHALLENGE = '{"access_token": {"nbf": {"essential": true, "value": "1"}}}'


def settings(dev):
    """What a program says so that it is Vestibule that is asked. Trust comes from the environment."""
    return {"authority": dev.origin, "disable_instance_discovery": True}


def answer(token):
    """A token as the other suites have it, which no assertion can print."""
    return succeeded({"access_token": token.token, "expires_on": token.expires_on})


# The tests are the same for both halves: a credential by its name, and what is asked of it one after the other.


def synchronous(dev, kind, *arguments, **more):
    kinds = {"secret": ClientSecretCredential, "code": AuthorizationCodeCredential}
    credential = kinds[kind](*arguments, **settings(dev), **more)
    return lambda *asked: [answer(credential.get_token(scope, claims=claims)) for scope, claims in map(spelled, asked)]


def asynchronous(dev, kind, *arguments, **more):
    async def get(asked):
        kinds = {"secret": aio.ClientSecretCredential, "code": aio.AuthorizationCodeCredential}
        # The HTTP library below has read what the environment trusts before a test could say so.
        async with kinds[kind](*arguments, **settings(dev), connection_verify=dev.ca, **more) as credential:
            return [answer(await credential.get_token(scope, claims=claims)) for scope, claims in map(spelled, asked)]

    return lambda *asked: asyncio.run(get(asked))


def spelled(asked):
    return asked if isinstance(asked, tuple) else (asked, None)


halves = pytest.mark.parametrize("half", [synchronous, asynchronous])


def shows(*flows):
    return pytest.mark.shows("azure-identity (Python)", *flows)


@shows("client-secret")
@halves
@pytest.mark.parametrize("tenant_by", ["id", "domain"])
def test_a_daemon_gets_a_token_by_secret_and_keeps_it(dev, contoso, daemon, api, half, tenant_by):
    tenant = getattr(contoso, tenant_by)
    tokens = half(dev, "secret", tenant, daemon.client_id, daemon.client_secret)
    first, second = tokens(api.default_scope(), api.default_scope())
    claims = verified_for_api(dev, first["access_token"], api=api, tenant_id=contoso.id)
    assert client_of(claims) == daemon.client_id
    assert client_authentication_of(claims) == "1"
    assert abs(first["expires_on"] - claims["exp"]) < 10
    assert second.fingerprint() == first.fingerprint(), "the second came from the cache"


@halves
def test_a_wrong_secret_is_an_authentication_error_in_the_words_of_the_server(dev, contoso, daemon, api, half):
    wrong = f"wrong-{uuid.uuid4()}"
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215") as refusal:
        half(dev, "secret", contoso.id, daemon.client_id, wrong)(api.default_scope())
    assert wrong not in str(refusal.value)


@pytest.fixture(scope="module")
def ask(dev, contoso, web, alice):
    """Asks for a code as the author of a web application does, by an address put together by hand. Alice signs in once."""
    browser, redirect_uri = Browser(dev), web.redirect_uris[0]

    def ask(scope):
        asked = {
            "client_id": web.client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": f"{scope} offline_access",
            "state": str(uuid.uuid4()),
        }
        address = f"{dev.authority(contoso.id)}/oauth2/v2.0/authorize?{urlencode(asked)}"
        returned = Person(browser, alice).sign_in(address, redirect_uri=redirect_uri)
        assert returned.parameters["state"] == asked["state"]
        return returned.parameters["code"], redirect_uri

    return ask


@shows("code", "silent")
@halves
def test_a_code_is_redeemed_and_then_its_refresh_token(dev, contoso, web, alice, api, ask, half):
    scope = api.full_scopes()[0]
    code, redirect_uri = ask(scope)
    tokens = half(dev, "code", contoso.id, web.client_id, code, redirect_uri, client_secret=web.client_secret)
    first, again, fresh = tokens(scope, scope, (scope, CHALLENGE))
    claims = verified_for_api(dev, first["access_token"], api=api, tenant_id=contoso.id)
    assert claims["oid"] == alice.id
    assert client_authentication_of(claims) == "1"
    assert again.fingerprint() == first.fingerprint()
    assert fresh.fingerprint() != first.fingerprint()


@shows("code", "silent", "second-resource")
def test_the_library_signs_a_person_in_by_itself_and_reaches_a_second_resource(dev, contoso, native, alice, api):
    credential = InteractiveBrowserCredential(
        tenant_id=contoso.id, client_id=native.client_id, timeout=30, **settings(dev)
    )
    browser = seat(dev, alice)
    record = credential.authenticate(scopes=[GRAPH])
    assert not browser.problems, browser.problems
    assert record.username == alice.upn
    assert record.home_account_id == f"{alice.id}.{contoso.id}"
    token = answer(credential.get_token(api.full_scopes()[0]))  # from the refresh token: nobody is at a browser any more
    claims = verified_for_api(dev, token["access_token"], api=api, tenant_id=contoso.id)
    assert claims["oid"] == alice.id
