"""A web application signs a person in and keeps a secret of its own; a multi-tenant one does so for any organisation."""

import uuid

import pytest

from answers import refused, succeeded
from browser import Browser, Person
from clients import confidential, public
from tokens import client_authentication_of, client_of, verified, verified_for_api

GRAPH = ["User.Read"]


def sign_in(dev, app, application, user, scopes, **extra):
    redirect_uri = application.redirect_uris[0]
    flow = app.initiate_auth_code_flow(scopes, redirect_uri=redirect_uri, **extra)
    returned = Person(Browser(dev), user).sign_in(flow["auth_uri"], redirect_uri=redirect_uri)
    return flow, returned


@pytest.mark.parametrize("response_mode", ["query", "form_post"])
@pytest.mark.shows("MSAL Python", "code", "silent")
def test_a_web_application_signs_a_person_in(dev, contoso, web, alice, api, response_mode):
    app = confidential(dev, web)
    scopes = [api.full_scopes()[0]]
    flow, returned = sign_in(dev, app, web, alice, scopes, response_mode=response_mode)
    assert returned.mode == response_mode
    answer = succeeded(app.acquire_token_by_auth_code_flow(flow, returned.parameters))

    identity = verified(dev, answer["id_token"], tenant_id=contoso.id, audience=web.client_id)
    assert (identity["oid"], identity["tid"], identity["preferred_username"]) == (alice.id, contoso.id, alice.upn)

    access = verified_for_api(dev, answer["access_token"], api=api, tenant_id=contoso.id)
    assert client_of(access) == web.client_id
    assert client_authentication_of(access) == "1"
    assert access["oid"] == alice.id
    assert scopes[0].rsplit("/", 1)[1] in access["scp"].split()

    account = app.get_accounts()[0]
    assert account["home_account_id"] == f"{alice.id}.{contoso.id}"
    assert succeeded(app.acquire_token_silent(scopes, account))["token_source"] == "cache"
    fresh = succeeded(app.acquire_token_silent(scopes, account, force_refresh=True))
    assert fresh["token_source"] == "identity_provider"
    assert fresh.fingerprint() != answer.fingerprint()


@pytest.mark.shows("MSAL Python", "code", "second-resource")
def test_a_web_application_reaches_graph_with_the_refresh_token_it_got_for_the_api(dev, web, bob, api):
    app = confidential(dev, web)
    flow, returned = sign_in(dev, app, web, bob, [api.full_scopes()[0]])
    succeeded(app.acquire_token_by_auth_code_flow(flow, returned.parameters))
    graph = succeeded(app.acquire_token_silent(GRAPH, app.get_accounts()[0]))
    assert graph["token_source"] == "identity_provider"
    assert "User.Read" in graph["scope"].split()


def test_a_web_application_that_does_not_show_its_secret_is_refused(dev, web, bob):
    app = public(dev, web)
    flow, returned = sign_in(dev, app, web, bob, GRAPH)
    refused(app.acquire_token_by_auth_code_flow(flow, returned.parameters), error="invalid_client", codes={7000218})


def test_a_web_application_with_a_wrong_secret_is_refused(dev, web, bob):
    app = confidential(dev, web, secret=f"wrong-{uuid.uuid4()}")
    flow, returned = sign_in(dev, app, web, bob, GRAPH)
    refused(app.acquire_token_by_auth_code_flow(flow, returned.parameters), error="invalid_client", codes={7000215})


def test_a_code_belongs_to_the_application_it_was_given_to(dev, web, saas, bob):
    app, other = confidential(dev, web), confidential(dev, saas, tenant=web.tenant.id)
    flow, returned = sign_in(dev, app, web, bob, GRAPH)
    answer = other.acquire_token_by_auth_code_flow(flow, returned.parameters)
    assert answer.get("error") == "invalid_grant", answer.get("error_description")


@pytest.mark.parametrize(
    ("alias", "upn"),
    [("organizations", "carol@fabrikam.test"), ("common", "carol@fabrikam.test"), ("organizations", "alice@contoso.test")],
)
@pytest.mark.shows("MSAL Python", "code", "silent")
def test_a_multi_tenant_application_signs_people_in_from_their_own_organisation(dev, saas, alias, upn):
    person = dev.user(upn)
    app = confidential(dev, saas, tenant=alias)
    flow, returned = sign_in(dev, app, saas, person, GRAPH)
    answer = succeeded(app.acquire_token_by_auth_code_flow(flow, returned.parameters))

    claims = verified(dev, answer["id_token"], tenant_id=person.tenant.id, audience=saas.client_id, asked_at=alias)
    assert claims["iss"] == f"{dev.origin}/{person.tenant.id}/v2.0", "the issuer is the person's tenant, never the alias"
    assert (claims["tid"], claims["oid"], claims["preferred_username"]) == (person.tenant.id, person.id, person.upn)

    account = app.get_accounts()[0]
    assert account["home_account_id"] == f"{person.id}.{person.tenant.id}"
    assert succeeded(app.acquire_token_silent(GRAPH, account))["token_source"] == "cache"
    fresh = succeeded(app.acquire_token_silent(GRAPH, account, force_refresh=True))
    assert fresh["token_source"] == "identity_provider"
