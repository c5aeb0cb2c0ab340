"""Users, with msgraph-sdk: listed, filtered, paged, made, changed, deleted and brought back."""

import pytest
from kiota_abstractions.api_error import APIError
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.user import User
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core.tasks.page_iterator import PageIterator

from clients import graph, run, unique

pytestmark = pytest.mark.shows("msgraph-sdk (Python)", "graph")

Query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters


def asking(**parameters):
    return RequestConfiguration(query_parameters=Query(**parameters))


def newcomer(name, domain="contoso.test"):
    return User(
        account_enabled=True,
        display_name=name,
        mail_nickname=name,
        user_principal_name=f"{name}@{domain}",
        password_profile=PasswordProfile(password="Correct-Horse-42", force_change_password_next_sign_in=False),
    )


def test_everybody_of_the_organisation_and_nobody_else_is_listed(dev, automation, fabrikam_automation):
    async def names(application):
        async with graph(dev, application) as client:
            return {user.user_principal_name for user in (await client.users.get()).value}

    contoso, fabrikam = run(names(automation)), run(names(fabrikam_automation))
    assert {"alice@contoso.test", "bob@contoso.test"} <= contoso
    assert {"carol@fabrikam.test", "dave@fabrikam.test"} <= fabrikam
    assert not contoso & fabrikam


def test_a_user_is_found_by_name_by_id_and_by_the_beginning_of_a_name(dev, automation):
    async def story():
        async with graph(dev, automation) as client:
            found = await client.users.get(asking(filter="userPrincipalName eq 'alice@contoso.test'"))
            (alice,) = found.value
            assert alice.display_name == "Alice Archer" and alice.given_name == "Alice"
            assert (await client.users.by_user_id(alice.id).get()).surname == "Archer"
            assert (await client.users.by_user_id("ALICE@contoso.test").get()).id == alice.id
            found = await client.users.get(asking(filter="startswith(displayName,'ali')", select=["id", "displayName"]))
            assert [user.id for user in found.value] == [alice.id]
            assert found.value[0].user_principal_name is None
            found = await client.users.get(asking(filter=f"id in ('{alice.id}')", orderby=None))
            assert [user.id for user in found.value] == [alice.id]

    run(story())


def test_a_user_is_made_changed_deleted_and_brought_back(dev, automation):
    async def story():
        async with graph(dev, automation) as client:
            made = await client.users.post(newcomer(unique("erin")))
            one = client.users.by_user_id(made.id)
            await one.patch(User(job_title="Engineer", given_name="Erin", business_phones=["+1 555 0100"]))
            wanted = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(
                select=["id", "jobTitle", "givenName", "businessPhones", "accountEnabled", "createdDateTime"]
            )
            now = await one.get(RequestConfiguration(query_parameters=wanted))
            assert (now.job_title, now.given_name, now.business_phones) == ("Engineer", "Erin", ["+1 555 0100"])
            assert now.account_enabled and now.created_date_time
            await one.delete()
            with pytest.raises(APIError) as gone:
                await one.get()
            assert gone.value.response_status_code == 404
            deleted = client.directory.deleted_items.by_directory_object_id(made.id)
            assert (await deleted.get()).id == made.id
            assert (await deleted.restore.post()).id == made.id
            assert (await one.get()).id == made.id
            await one.delete()
            await deleted.delete()
            with pytest.raises(APIError):
                await deleted.get()

    run(story())


def test_pages_follow_one_another_until_there_are_no_more(dev, automation):
    async def story():
        async with graph(dev, automation) as client:
            prefix = unique("page")
            made = [(await client.users.post(newcomer(f"{prefix}-{number}"))).id for number in range(7)]
            first = await client.users.get(asking(filter=f"startswith(userPrincipalName,'{prefix}')", top=3))
            assert len(first.value) == 3 and first.odata_next_link
            seen = []
            pages = PageIterator(first, client.request_adapter)
            await pages.iterate(lambda user: seen.append(user.id) or True)
            assert sorted(seen) == sorted(made)
            for user in made:
                await client.users.by_user_id(user).delete()

    run(story())


def test_what_is_wrong_is_said_in_graphs_words(dev, automation, daemon):
    async def story():
        async with graph(dev, automation) as client:
            with pytest.raises(ODataError) as taken:
                await client.users.post(newcomer("alice"))
            assert taken.value.error.code == "Request_BadRequest" or "already exists" in taken.value.error.message
            with pytest.raises(ODataError) as elsewhere:
                await client.users.post(newcomer("mallory", "fabrikam.test"))
            assert elsewhere.value.response_status_code == 400
            with pytest.raises(ODataError) as nobody:
                await client.users.by_user_id("95e45000-0000-4000-8000-0000000000ff").get()
            assert nobody.value.error.code == "Request_ResourceNotFound"
            with pytest.raises(ODataError) as odd:
                await client.users.get(asking(filter="colour eq 'red'"))
            assert "colour" in odd.value.error.message
        async with graph(dev, daemon) as client:
            with pytest.raises(ODataError) as refused:
                await client.users.get()
            assert (refused.value.response_status_code, refused.value.error.code) == (403, "Authorization_RequestDenied")

    run(story())


def test_a_neighbours_user_is_not_found(dev, automation, fabrikam_automation):
    async def story():
        async with graph(dev, fabrikam_automation) as client:
            carol = (await client.users.by_user_id("carol@fabrikam.test").get()).id
        async with graph(dev, automation) as client:
            for change in (client.users.by_user_id(carol).get(), client.users.by_user_id(carol).delete()):
                with pytest.raises(ODataError) as refused:
                    await change
                assert refused.value.response_status_code == 404

    run(story())
