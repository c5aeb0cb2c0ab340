"""Two applications of one family share a cache: whoever signed in to one is signed in to the other (`foci`)."""

import msal
import pytest

from answers import succeeded
from browser import Browser, Person
from loopback import free_loopback_uri
from tokens import client_of, verified, verified_for_api

GRAPH = ["User.Read"]


def application(dev, of, cache):
    return msal.PublicClientApplication(
        of.client_id,
        authority=dev.authority(of.tenant.id),
        instance_discovery=False,
        token_cache=cache,
        timeout=20,
    )


@pytest.fixture()
def cache(dev, alice):
    """A cache in which alice has signed in to the mail program, and to nothing else."""
    cache, redirect_uri = msal.TokenCache(), free_loopback_uri()
    mail = application(dev, dev.named("Contoso Mail"), cache)
    flow = mail.initiate_auth_code_flow(GRAPH, redirect_uri=redirect_uri)
    returned = Person(Browser(dev), alice).sign_in(flow["auth_uri"], redirect_uri=redirect_uri)
    answer = succeeded(mail.acquire_token_by_auth_code_flow(flow, returned.parameters))
    assert answer["foci"] == "1"
    return cache


def refresh_tokens(cache):
    return list(cache.search(msal.TokenCache.CredentialType.REFRESH_TOKEN))


@pytest.mark.shows("MSAL Python", "silent")
def test_a_member_gets_a_token_silently_by_its_siblings_refresh_token(dev, contoso, alice, api, cache):
    calendar_is = dev.named("Contoso Calendar")
    calendar = application(dev, calendar_is, cache)
    account = calendar.get_accounts(username=alice.upn)[0]
    before = refresh_tokens(cache)[0]["secret"]
    scope = api.full_scopes()[0]
    answer = succeeded(calendar.acquire_token_silent([scope], account))
    assert answer["token_source"] == "identity_provider"
    claims = verified_for_api(dev, answer["access_token"], api=api, tenant_id=contoso.id)
    assert (client_of(claims), claims["oid"]) == (calendar_is.client_id, alice.id)
    # MSAL Python keeps one refresh token for both, and puts the newest in the place of the one it used.
    assert len(refresh_tokens(cache)) == 1
    assert refresh_tokens(cache)[0]["family_id"] == "1"
    assert refresh_tokens(cache)[0]["secret"] != before
    # So its sibling goes on with a refresh token that is not its own, and the member with that one's.
    for member in ("Contoso Mail", "Contoso Calendar"):
        member_is = dev.named(member)
        app = application(dev, member_is, cache)
        fresh = succeeded(app.acquire_token_silent(GRAPH, app.get_accounts()[0], force_refresh=True))
        assert fresh["token_source"] == "identity_provider"
        verified(dev, fresh["id_token"], tenant_id=contoso.id, audience=member_is.client_id)


def test_a_stranger_at_the_same_cache_gets_nothing_and_takes_nothing(dev, alice, native, cache):
    stranger = application(dev, native, cache)
    before = refresh_tokens(cache)[0]["secret"]
    account = stranger.get_accounts(username=alice.upn)[0]
    assert stranger.acquire_token_silent(GRAPH, account) is None
    assert [entry["secret"] == before for entry in refresh_tokens(cache)] == [True]
    mail = application(dev, dev.named("Contoso Mail"), cache)
    succeeded(mail.acquire_token_silent(GRAPH, mail.get_accounts()[0], force_refresh=True))
