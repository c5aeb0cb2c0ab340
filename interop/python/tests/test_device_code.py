"""Somebody signs in on another device than the one that asks: MSAL, azure-identity and, at the v1.0 endpoints, ADAL, each
polling in its own way while a person types the code into a browser."""

import threading

import adal
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DeviceCodeCredential

from answers import succeeded
from browser import Browser, Person
from clients import public
from tokens import client_authentication_of, client_of, verified, verified_for_api

# Where no answer goes: all of it happens on pages.
NOWHERE = "http://nowhere.invalid/"
CONTINUE, CANCEL = "idSIButton9", "idBtn_Back"


def type_the_code(dev, user, address, code):
    """A person goes where the device says, types the code and signs in, up to the question whether it was they."""
    browser = Browser(dev)
    here = browser.open(address, redirect_uri=NOWHERE)
    assert here.asks_for("otc"), here
    here = browser.press(here, CONTINUE, {"otc": code}, redirect_uri=NOWHERE)
    here = Person(browser, user).go_on(here, redirect_uri=NOWHERE, password=user.password)
    assert "on another device" in here.heading, here
    return browser, here


def answer(dev, user, address, code, *, button=CONTINUE):
    browser, here = type_the_code(dev, user, address, code)
    return browser.press(here, button, {}, redirect_uri=NOWHERE)


def later(what, *arguments, **more):
    """Does it while the library polls."""
    timer = threading.Timer(1, what, arguments, more)
    timer.daemon = True
    timer.start()
    return timer


def shows(library, *flows, **more):
    return pytest.mark.shows(library, *flows, **more)


@pytest.fixture()
def flow(dev, native, api):
    app = public(dev, native)
    flow = app.initiate_device_flow(scopes=[api.full_scopes()[0]])
    assert {"user_code", "device_code", "verification_uri", "expires_in", "interval", "message"} <= flow.keys(), flow.keys()
    assert flow["user_code"] in flow["message"] and flow["verification_uri"] in flow["message"]
    return app, flow


@shows("MSAL Python", "device-code")
def test_msal_waits_until_the_person_has_signed_in(dev, contoso, native, alice, api, flow):
    app, flow = flow
    person = later(answer, dev, alice, flow["verification_uri"], flow["user_code"])
    got = succeeded(app.acquire_token_by_device_flow(flow))
    person.join()
    claims = verified_for_api(dev, got["access_token"], api=api, tenant_id=contoso.id)
    assert (claims["oid"], client_of(claims), client_authentication_of(claims)) == (alice.id, native.client_id, "0")
    identity = verified(dev, got["id_token"], tenant_id=contoso.id, audience=native.client_id)
    assert identity["preferred_username"] == alice.upn
    # The account is there, and its refresh token works.
    [account] = app.get_accounts()
    assert account["home_account_id"] == f"{alice.id}.{contoso.id}"
    fresh = succeeded(app.acquire_token_silent(["User.Read"], account, force_refresh=True))
    assert fresh["token_source"] == "identity_provider"


def test_msal_hears_of_a_person_who_declines(dev, bob, flow):
    app, flow = flow
    page = answer(dev, bob, flow["verification_uri"], flow["user_code"], button=CANCEL)
    assert page.heading == "Nobody was signed in"
    outcome = app.acquire_token_by_device_flow(flow)
    assert (outcome["error"], outcome["error_codes"]) == ("authorization_declined", [])


def test_a_code_is_good_for_one_answer(dev, alice, flow):
    app, flow = flow
    answer(dev, alice, flow["verification_uri"], flow["user_code"])
    succeeded(app.acquire_token_by_device_flow(dict(flow)))
    again = app.acquire_token_by_device_flow(dict(flow))
    assert again["error"] == "invalid_grant"


def test_an_application_that_keeps_a_secret_gets_no_code(dev, web):
    assert public(dev, web).initiate_device_flow(scopes=["User.Read"])["error"] == "unauthorized_client"


def test_people_of_any_organisation_sign_in_through_organizations(dev, fabrikam, carol):
    [explorer] = [application for application in dev.applications if application.name == "Contoso Explorer"]
    app = public(dev, explorer, tenant="organizations")
    flow = app.initiate_device_flow(scopes=["User.Read"])
    answer(dev, carol, flow["verification_uri"], flow["user_code"])
    succeeded(app.acquire_token_by_device_flow(flow))
    assert app.get_accounts()[0]["home_account_id"] == f"{carol.id}.{fabrikam.id}"


@shows("azure-identity (Python)", "device-code")
def test_azure_identity_shows_the_code_and_waits(dev, contoso, native, alice, api):
    def prompt(address, code, _expires):
        later(answer, dev, alice, address, code)

    credential = DeviceCodeCredential(
        native.client_id,
        tenant_id=contoso.id,
        prompt_callback=prompt,
        authority=dev.origin,
        disable_instance_discovery=True,
    )
    token = credential.get_token(api.full_scopes()[0])
    got = succeeded({"access_token": token.token, "expires_on": token.expires_on})
    assert verified_for_api(dev, got["access_token"], api=api, tenant_id=contoso.id)["oid"] == alice.id


def test_azure_identity_hears_of_a_person_who_declines(dev, contoso, native, bob):
    def prompt(address, code, _expires):
        answer(dev, bob, address, code, button=CANCEL)

    credential = DeviceCodeCredential(
        native.client_id,
        tenant_id=contoso.id,
        prompt_callback=prompt,
        authority=dev.origin,
        disable_instance_discovery=True,
    )
    with pytest.raises(ClientAuthenticationError, match="declined"):
        credential.get_token("User.Read")


@shows("ADAL Python", "device-code", dialect="v1.0")
def test_adal_gets_tokens_by_the_v1_endpoints(dev, contoso, native, alice, api):
    context = adal.AuthenticationContext(dev.authority(contoso.id), validate_authority=False, verify_ssl=dev.ca)
    resource = api.identifier_uri
    code = context.acquire_user_code(resource, native.client_id, language="de-DE")
    assert code["message"].startswith("Öffnen Sie")
    person = later(answer, dev, alice, code["verification_url"], code["user_code"])
    got = context.acquire_token_with_device_code(resource, code, native.client_id)
    person.join()
    claims = verified_for_api(dev, got["accessToken"], api=api, tenant_id=contoso.id)
    assert claims["oid"] == alice.id and got["userId"] == alice.upn
    assert got["refreshToken"] and got["isMRRT"]
