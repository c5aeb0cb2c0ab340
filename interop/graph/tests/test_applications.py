"""Applications, with msgraph-sdk: registered, given a secret, used, changed, deleted."""

import dataclasses

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.applications.applications_request_builder import ApplicationsRequestBuilder
from msgraph.generated.applications.item.add_password.add_password_post_request_body import AddPasswordPostRequestBody
from msgraph.generated.applications.item.remove_password.remove_password_post_request_body import (
    RemovePasswordPostRequestBody,
)
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.application import Application
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.models.web_application import WebApplication

from clients import graph, run, unique

pytestmark = pytest.mark.shows("msgraph-sdk (Python)", "graph")

GRAPH = "00000003-0000-0000-c000-000000000000"
USER_READ_ALL = "df021288-bdef-4463-88db-98f22de89214"


def credential(dev, application):
    return ClientSecretCredential(
        application.tenant.id,
        application.client_id,
        application.client_secret,
        authority=dev.origin,
        disable_instance_discovery=True,
        connection_verify=dev.ca,
    )


def by(filter):
    query = ApplicationsRequestBuilder.ApplicationsRequestBuilderGetQueryParameters(filter=filter)
    return RequestConfiguration(query_parameters=query)


@pytest.mark.shows("azure-identity (Python)", "client-secret")
def test_an_application_is_registered_gets_a_secret_a_permission_and_a_token_with_it(dev, automation):
    async def story():
        async with graph(dev, automation) as client:
            made = await client.applications.post(Application(display_name=unique("robot")))
            one = client.applications.by_application_id(made.id)
            principal = await client.service_principals.post(ServicePrincipal(app_id=made.app_id))
            secret = await one.add_password.post(
                AddPasswordPostRequestBody(password_credential=PasswordCredential(display_name="first"))
            )
            assert len(secret.secret_text) >= 32 and secret.hint == secret.secret_text[:3]
            again = await one.get()
            assert [known.secret_text for known in again.password_credentials] == [None]

            robot = dataclasses.replace(automation, client_id=made.app_id, client_secret=secret.secret_text)
            with credential(dev, robot) as own:
                assert own.get_token(f"{dev.origin}/graph/.default").token
            # It has no permission yet.
            async with graph(dev, robot) as by_robot:
                with pytest.raises(ODataError) as refused:
                    await by_robot.users.get()
                assert refused.value.response_status_code == 403
            resource = await client.service_principals_with_app_id(GRAPH).get()
            await client.service_principals.by_service_principal_id(principal.id).app_role_assignments.post(
                AppRoleAssignment(principal_id=principal.id, resource_id=resource.id, app_role_id=USER_READ_ALL)
            )
            async with graph(dev, robot) as by_robot:
                assert (await by_robot.users.get()).value
            await one.remove_password.post(RemovePasswordPostRequestBody(key_id=secret.key_id))
            with credential(dev, robot) as own, pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
                own.get_token(f"{dev.origin}/graph/.default")
            await one.delete()
            with credential(dev, robot) as own, pytest.raises(ClientAuthenticationError, match="AADSTS7000"):
                own.get_token(f"{dev.origin}/graph/.default")

    run(story())


def test_an_application_is_found_by_id_and_by_identifier_uri_and_changed(dev, automation):
    async def story():
        async with graph(dev, automation) as client:
            made = await client.applications.post(Application(display_name=unique("site")))
            one = client.applications.by_application_id(made.id)
            uri = f"api://{made.app_id}"
            await one.patch(Application(identifier_uris=[uri], web=WebApplication(redirect_uris=["https://site.example/cb"])))
            (found,) = (await client.applications.get(by(f"identifierUris/any(s:s eq '{uri}')"))).value
            assert found.id == made.id and found.web.redirect_uris == ["https://site.example/cb"]
            (found,) = (await client.applications.get(by(f"appId eq '{made.app_id}'"))).value
            assert found.id == made.id
            assert (await client.applications_with_app_id(made.app_id).get()).id == made.id
            await one.delete()

    run(story())


@pytest.mark.parametrize(
    "uri", ["https://site.example/#x", "javascript:alert(1)", "http://site.example/cb", "https://*.site.example/"]
)
def test_az_05_to_az_09_a_redirect_uri_that_must_not_be_is_refused_and_named(dev, automation, uri):
    async def story():
        async with graph(dev, automation) as client:
            with pytest.raises(ODataError) as refused:
                await client.applications.post(
                    Application(display_name="no", web=WebApplication(redirect_uris=["https://fine.example/", uri]))
                )
            assert refused.value.response_status_code == 400
            assert "redirectUris" in refused.value.error.message + str(refused.value.error.details)

    run(story())
