"""A daemon signs in as itself: MSAL Python's `acquire_token_for_client`."""

import uuid

import msal
import pytest

from answers import refused, succeeded
from clients import TIMEOUT, confidential
from tokens import client_authentication_of, client_of, verified_for_api


@pytest.mark.parametrize("spelling", ["id", "id in capitals", "domain", "domain in capitals"])
@pytest.mark.shows("MSAL Python", "client-secret")
def test_a_daemon_gets_a_token_whichever_way_its_authority_names_the_tenant(dev, contoso, daemon, api, spelling):
    name = contoso.id if spelling.startswith("id") else contoso.domain
    tenant = name.upper() if spelling.endswith("capitals") else name
    answer = succeeded(confidential(dev, daemon, tenant=tenant).acquire_token_for_client([api.default_scope()]))
    claims = verified_for_api(dev, answer["access_token"], api=api, tenant_id=contoso.id)
    assert claims["tid"] == contoso.id


@pytest.mark.shows("MSAL Python", "client-secret")
def test_the_token_says_who_the_daemon_is_and_which_roles_it_holds(dev, contoso, daemon, api):
    answer = succeeded(confidential(dev, daemon).acquire_token_for_client([api.default_scope()]))
    claims = verified_for_api(dev, answer["access_token"], api=api, tenant_id=contoso.id)
    assert claims["roles"], "the daemon was given an app role on the API"
    assert set(claims["roles"]) <= set(api.app_roles)
    assert client_of(claims) == daemon.client_id
    assert client_authentication_of(claims) == "1"
    assert claims["sub"] == claims["oid"], "an application is its own subject"
    assert not {"scp", "preferred_username", "upn", "nonce"} & set(claims), "nobody is signed in"


def test_the_answer_carries_an_access_token_and_nothing_that_belongs_to_a_user(dev, daemon, api):
    answer = succeeded(confidential(dev, daemon).acquire_token_for_client([api.default_scope()]))
    assert answer["token_type"] == "Bearer"
    assert type(answer["expires_in"]) is int and answer["expires_in"] > 0
    assert not {"refresh_token", "id_token", "client_info"} & set(answer)


def test_the_api_can_be_named_by_its_client_id(dev, daemon, api):
    answer = succeeded(confidential(dev, daemon).acquire_token_for_client([f"{api.client_id}/.default"]))
    assert answer["token_source"] == "identity_provider"


def test_the_second_call_is_answered_from_the_cache(dev, daemon, api):
    app = confidential(dev, daemon)
    first = succeeded(app.acquire_token_for_client([api.default_scope()]))
    second = succeeded(app.acquire_token_for_client([api.default_scope()]))
    assert (first["token_source"], second["token_source"]) == ("identity_provider", "cache")
    assert second.fingerprint() == first.fingerprint()


def test_a_wrong_secret_is_an_invalid_client_and_is_not_repeated_back(dev, daemon, api):
    wrong = f"wrong-{uuid.uuid4()}"
    answer = refused(
        confidential(dev, daemon, secret=wrong).acquire_token_for_client([api.default_scope()]),
        error="invalid_client",
        codes={7000215},
    )
    assert daemon.client_id in answer["error_description"]
    assert wrong not in answer["error_description"]


def test_an_api_that_is_not_in_the_tenant_is_an_invalid_resource(dev, daemon):
    refused(
        confidential(dev, daemon).acquire_token_for_client([f"api://{uuid.uuid4()}/.default"]),
        error="invalid_resource",
        codes={500011},
    )


def test_a_scope_that_is_not_default_is_an_invalid_scope(dev, daemon, api):
    refused(
        confidential(dev, daemon).acquire_token_for_client([api.full_scopes()[0]]),
        error="invalid_scope",
        codes={1002012, 70011},
    )


def test_a_client_nobody_registered_is_an_unauthorized_client(dev, contoso, daemon, api):
    unknown = msal.ConfidentialClientApplication(
        str(uuid.uuid4()),
        client_credential=f"secret-{uuid.uuid4()}",
        authority=dev.authority(contoso.id),
        instance_discovery=False,
        timeout=TIMEOUT,
    )
    refused(unknown.acquire_token_for_client([api.default_scope()]), error="unauthorized_client", codes={700016})


def test_a_daemon_of_one_organisation_is_unknown_in_another(dev, fabrikam, daemon, api):
    refused(
        confidential(dev, daemon, tenant=fabrikam.id).acquire_token_for_client([api.default_scope()]),
        error="unauthorized_client",
        codes={700016},
    )


def test_a_tenant_that_does_not_exist_is_refused_when_the_application_is_made(dev, daemon):
    with pytest.raises(ValueError, match="Unable to get authority configuration"):
        confidential(dev, daemon, tenant=str(uuid.uuid4()))
