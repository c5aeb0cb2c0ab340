"""An API calls another API for the person who called it."""

import asyncio

import pytest
from azure.identity import OnBehalfOfCredential, aio

from answers import refused, succeeded
from browser import Browser, Person
from clients import confidential
from tokens import client_authentication_of, client_of, verified_for_api

GRAPH = ["User.Read"]


@pytest.fixture(scope="session")
def stock(dev):
    """The API behind the API."""
    return dev.named("Contoso Stock API")


@pytest.fixture(scope="module")
def given(dev, web, alice, api):
    """The access token with which Alice's program calls the first API."""
    app, redirect_uri = confidential(dev, web), web.redirect_uris[0]
    flow = app.initiate_auth_code_flow([api.full_scopes()[0]], redirect_uri=redirect_uri)
    returned = Person(Browser(dev), alice).sign_in(flow["auth_uri"], redirect_uri=redirect_uri)
    return succeeded(app.acquire_token_by_auth_code_flow(flow, returned.parameters))["access_token"]


def is_for(dev, token, *, api, stock, alice):
    claims = verified_for_api(dev, token, api=stock, tenant_id=api.tenant.id)
    assert (claims["oid"], client_of(claims), client_authentication_of(claims)) == (alice.id, api.client_id, "1")
    assert claims["scp"].split() == stock.scope_names()


@pytest.mark.shows("MSAL Python", "on-behalf-of")
def test_msal_gets_a_token_for_the_second_api(dev, api, stock, alice, given):
    answer = succeeded(confidential(dev, api).acquire_token_on_behalf_of(given, stock.full_scopes()))
    is_for(dev, answer["access_token"], api=api, stock=stock, alice=alice)


def test_graph_is_a_second_api_like_any_other(dev, api, given):
    answer = succeeded(confidential(dev, api).acquire_token_on_behalf_of(given, GRAPH))
    assert "User.Read" in answer["scope"].split()


def test_a_token_for_somebody_else_cannot_be_exchanged(dev, web, given):
    answer = confidential(dev, web).acquire_token_on_behalf_of(given, GRAPH)
    refused(answer, error="invalid_grant", codes={50013, 500131})


@pytest.mark.shows("azure-identity (Python)", "on-behalf-of")
@pytest.mark.parametrize("half", ["synchronous", "asynchronous"])
def test_azure_identity_gets_a_token_for_the_second_api(dev, api, stock, alice, given, half):
    asked = dict(client_secret=api.client_secret, user_assertion=given, authority=dev.origin)
    scope = stock.full_scopes()[0]
    if half == "synchronous":
        credential = OnBehalfOfCredential(api.tenant.id, api.client_id, disable_instance_discovery=True, **asked)
        token = credential.get_token(scope).token
    else:

        async def ask():
            async with aio.OnBehalfOfCredential(
                api.tenant.id, api.client_id, connection_verify=dev.ca, **asked
            ) as credential:
                return (await credential.get_token(scope)).token

        token = asyncio.run(ask())
    is_for(dev, token, api=api, stock=stock, alice=alice)
