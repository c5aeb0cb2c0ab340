"""An application has the person's name and password itself. Nobody should do so any more; test suites do."""

import secrets

import msal
import pytest
from azure.core.pipeline.transport import RequestsTransport
from azure.identity import UsernamePasswordCredential

from answers import refused, succeeded
from realm import session
from tokens import client_authentication_of, client_of, verified_for_api

GRAPH = ["User.Read"]


@pytest.fixture()
def app(dev, native):
    return msal.PublicClientApplication(
        native.client_id,
        authority=dev.authority(native.tenant.id),
        instance_discovery=False,
        http_client=session(dev),
    )


@pytest.mark.shows("MSAL Python", "password", "silent", "second-resource")
def test_msal_signs_a_person_in_and_keeps_the_account(dev, contoso, native, bob, api, app):
    scope = api.full_scopes()[0]
    answer = succeeded(app.acquire_token_by_username_password(bob.upn, bob.password, [scope]))
    claims = verified_for_api(dev, answer["access_token"], api=api, tenant_id=contoso.id)
    assert claims["oid"] == bob.id
    assert (client_of(claims), client_authentication_of(claims)) == (native.client_id, "0")
    assert answer.claims_of_id_token()["preferred_username"] == bob.upn

    (account,) = app.get_accounts()
    assert succeeded(app.acquire_token_silent([scope], account))["token_source"] == "cache"
    graph = succeeded(app.acquire_token_silent(GRAPH, account))
    assert graph["token_source"] == "identity_provider"


def test_a_wrong_password_is_an_invalid_grant(bob, app):
    wrong = f"not-{secrets.token_hex(8)}"
    refused(app.acquire_token_by_username_password(bob.upn, wrong, GRAPH), error="invalid_grant", codes={50126})


def test_a_person_that_nobody_knows_is_refused_like_a_wrong_password(contoso, app):
    nobody = f"nobody-{secrets.token_hex(4)}@{contoso.domain}"
    answer = app.acquire_token_by_username_password(nobody, secrets.token_hex(8), GRAPH)
    refused(answer, error="invalid_grant", codes={50126})


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.shows("azure-identity (Python)", "password")
def test_azure_identity_signs_a_person_in(dev, contoso, native, bob, api):
    credential = UsernamePasswordCredential(
        native.client_id,
        bob.upn,
        bob.password,
        tenant_id=contoso.id,
        authority=dev.origin,
        disable_instance_discovery=True,
        transport=RequestsTransport(session=session(dev), session_owner=False),
    )
    token = credential.get_token(api.full_scopes()[0]).token
    claims = verified_for_api(dev, token, api=api, tenant_id=contoso.id)
    assert (claims["oid"], client_of(claims)) == (bob.id, native.client_id)
