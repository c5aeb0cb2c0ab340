"""ADAL Python: programs that nobody has touched for years, and the v1.0 endpoints, where a resource stands for scopes."""

import secrets
import uuid
from urllib.parse import urlencode

import adal
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from answers import Answer
from browser import Browser, Person
from tokens import client_authentication_of, client_of, verified_for_api

GRAPH = "https://graph.microsoft.com"


def shows(*flows):
    return pytest.mark.shows("ADAL Python", *flows, dialect="v1.0")


def context(dev, tenant):
    return adal.AuthenticationContext(dev.authority(tenant), validate_authority=False)


def held(entry):
    """An answer as ADAL gives it: its names are those of its cache."""
    return Answer(
        entry,
        access_token=entry["accessToken"],
        expires_in=entry["expiresIn"],
        token_type=entry["tokenType"],
    )


@pytest.fixture(scope="session")
def orders(dev):
    """An API that takes tokens of the v1.0 form, as all those did that ADAL was made for."""
    return dev.named("Contoso Orders API")


def asked_at(dev, application, redirect_uri, resource, *, tenant=None):
    """Where ADAL's samples send the browser: an address that the application's author puts together."""
    asked = {"response_type": "code", "client_id": application.client_id, "redirect_uri": redirect_uri}
    asked |= {"state": str(uuid.uuid4()), "resource": resource}
    authority = dev.authority(tenant or application.tenant.id)
    return f"{authority}/oauth2/authorize?{urlencode(asked)}", asked["state"]


@pytest.fixture(scope="module")
def signed_in(dev, web, alice, orders):
    """Alice, signed in to the web application; what the library made of the code; and her browser."""
    redirect_uri = web.redirect_uris[0]
    address, state = asked_at(dev, web, redirect_uri, orders.identifier_uri)
    browser = Browser(dev)
    returned = Person(browser, alice).sign_in(address, redirect_uri=redirect_uri)
    assert returned.mode == "query"
    assert returned.parameters["state"] == state
    entry = context(dev, web.tenant.id).acquire_token_with_authorization_code(
        returned.parameters["code"], redirect_uri, orders.identifier_uri, web.client_id, web.client_secret
    )
    return held(entry)


@shows("client-secret")
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("tenant_by", ["id", "domain"])
def test_a_daemon_gets_a_token_by_secret(dev, contoso, daemon, api, orders, version, tenant_by):
    resource = {"1.0": orders, "2.0": api}[version]
    ctx = context(dev, getattr(contoso, tenant_by))
    answer = held(
        ctx.acquire_token_with_client_credentials(resource.identifier_uri, daemon.client_id, daemon.client_secret)
    )
    claims = verified_for_api(dev, answer["access_token"], api=resource, tenant_id=contoso.id)
    assert claims["ver"] == version, "the resource decides, not the endpoint"
    assert client_of(claims) == daemon.client_id
    assert client_authentication_of(claims) == "1"
    assert answer["resource"] == resource.identifier_uri
    assert "refreshToken" not in answer
    again = ctx.acquire_token(resource.identifier_uri, None, daemon.client_id)
    assert held(again).fingerprint() == answer.fingerprint()


@shows("client-certificate")
@pytest.mark.parametrize("sent", [False, True], ids=["named", "sent along"])
def test_a_daemon_gets_a_token_by_certificate(dev, contoso, api, sent):
    certified = dev.named("Contoso Certificate Daemon")
    thumbprint = x509.load_pem_x509_certificate(certified.certificate.encode()).fingerprint(hashes.SHA1()).hex()
    answer = held(
        context(dev, contoso.id).acquire_token_with_client_certificate(
            api.identifier_uri,
            certified.client_id,
            certified.private_key,
            thumbprint,
            public_certificate=certified.certificate if sent else None,
        )
    )
    claims = verified_for_api(dev, answer["access_token"], api=api, tenant_id=contoso.id)
    assert (client_of(claims), client_authentication_of(claims)) == (certified.client_id, "2")


def test_a_wrong_secret_is_refused_in_the_words_of_the_server(dev, contoso, daemon, api):
    wrong = f"wrong-{uuid.uuid4()}"
    with pytest.raises(adal.AdalError) as refusal:
        context(dev, contoso.id).acquire_token_with_client_credentials(api.identifier_uri, daemon.client_id, wrong)
    said = refusal.value.error_response
    assert (said["error"], said["error_codes"]) == ("invalid_client", [7000215])
    assert wrong not in str(refusal.value)


def test_a_resource_that_is_not_in_the_tenant_is_refused(dev, contoso, daemon):
    with pytest.raises(adal.AdalError) as refusal:
        context(dev, contoso.id).acquire_token_with_client_credentials(
            f"api://{uuid.uuid4()}", daemon.client_id, daemon.client_secret
        )
    assert refusal.value.error_response["error_codes"] == [500011]


@shows("code")
def test_a_code_becomes_tokens_that_say_who_signed_in(dev, contoso, web, alice, orders, signed_in):
    claims = verified_for_api(dev, signed_in["access_token"], api=orders, tenant_id=contoso.id)
    assert claims["ver"] == "1.0"
    assert (claims["oid"], claims["tid"], claims["upn"]) == (alice.id, contoso.id, alice.upn)
    assert (client_of(claims), client_authentication_of(claims)) == (web.client_id, "1")
    assert set(orders.scope_names()) <= set(claims["scp"].split())
    # What the library reads of the ID token.
    assert (signed_in["userId"], signed_in["oid"], signed_in["tenantId"]) == (alice.upn, alice.id, contoso.id)
    assert signed_in["isUserIdDisplayable"] is True
    assert (signed_in["givenName"], signed_in["familyName"]) == ("Alice", "Archer")


def test_the_answer_says_for_which_resource_it_is_and_that_the_refresh_token_is_for_all(signed_in, orders):
    assert signed_in["resource"] == orders.identifier_uri
    assert signed_in["isMRRT"] is True
    assert isinstance(signed_in["expires_in"], int)


@shows("code")
@pytest.mark.parametrize("alias", ["common", "organizations"])
def test_people_of_another_organisation_come_through_an_alias(dev, saas, carol, alias):
    redirect_uri = saas.redirect_uris[0]
    address, _ = asked_at(dev, saas, redirect_uri, GRAPH, tenant=alias)
    returned = Person(Browser(dev), carol).sign_in(address, redirect_uri=redirect_uri)
    answer = held(
        context(dev, alias).acquire_token_with_authorization_code(
            returned.parameters["code"], redirect_uri, GRAPH, saas.client_id, saas.client_secret
        )
    )
    assert (answer["userId"], answer["tenantId"]) == (carol.upn, carol.tenant.id)


@shows("silent")
def test_the_refresh_token_brings_a_new_token_for_the_same_resource(dev, contoso, web, alice, orders, signed_in):
    fresh = held(
        context(dev, contoso.id).acquire_token_with_refresh_token(
            signed_in["refreshToken"], web.client_id, orders.identifier_uri, web.client_secret
        )
    )
    assert fresh.fingerprint() != signed_in.fingerprint()
    claims = verified_for_api(dev, fresh["access_token"], api=orders, tenant_id=contoso.id)
    assert claims["oid"] == alice.id


@shows("second-resource")
def test_the_same_refresh_token_opens_a_second_resource(dev, contoso, web, alice, api, signed_in):
    second = held(
        context(dev, contoso.id).acquire_token_with_refresh_token(
            signed_in["refreshToken"], web.client_id, api.identifier_uri, web.client_secret
        )
    )
    assert second["resource"] == api.identifier_uri
    claims = verified_for_api(dev, second["access_token"], api=api, tenant_id=contoso.id)
    assert claims["oid"] == alice.id


@shows("password", "silent", "second-resource")
def test_a_name_and_a_password_are_enough_and_the_cache_does_the_rest(dev, contoso, native, bob, orders, api):
    ctx = context(dev, contoso.id)
    first = held(
        ctx.acquire_token_with_username_password(orders.identifier_uri, bob.upn, bob.password, native.client_id)
    )
    claims = verified_for_api(dev, first["access_token"], api=orders, tenant_id=contoso.id)
    assert (claims["oid"], claims["upn"]) == (bob.id, bob.upn)
    assert (client_of(claims), client_authentication_of(claims)) == (native.client_id, "0")
    again = held(ctx.acquire_token(orders.identifier_uri, bob.upn, native.client_id))
    assert again.fingerprint() == first.fingerprint()
    # Of this resource the cache has nothing, but a refresh token that is said to be for all.
    second = held(ctx.acquire_token(api.identifier_uri, bob.upn, native.client_id))
    assert verified_for_api(dev, second["access_token"], api=api, tenant_id=contoso.id)["oid"] == bob.id


def test_a_wrong_password_is_an_invalid_grant(dev, contoso, native, bob, orders):
    with pytest.raises(adal.AdalError) as refusal:
        context(dev, contoso.id).acquire_token_with_username_password(
            orders.identifier_uri, bob.upn, f"not-{secrets.token_hex(8)}", native.client_id
        )
    assert refusal.value.error_response["error"] == "invalid_grant"
    assert refusal.value.error_response["error_codes"] == [50126]
