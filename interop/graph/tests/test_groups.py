"""Groups, with msgraph-sdk: made, filled, nested, emptied, deleted."""

import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.users.item.get_member_groups.get_member_groups_post_request_body import (
    GetMemberGroupsPostRequestBody,
)

from clients import graph, run, unique

pytestmark = pytest.mark.shows("msgraph-sdk (Python)", "graph")


def security_group(name):
    return Group(display_name=name, mail_nickname=name, mail_enabled=False, security_enabled=True, group_types=[])


def test_a_group_is_made_found_filled_nested_and_deleted(dev, automation):
    async def story():
        async with graph(dev, automation) as client:
            inner = await client.groups.post(security_group(unique("inner")))
            outer = await client.groups.post(security_group(unique("outer")))
            alice = (await client.users.by_user_id("alice@contoso.test").get()).id

            def reference(id):
                return ReferenceCreate(odata_id=f"{dev.origin}/graph/v1.0/directoryObjects/{id}")

            await client.groups.by_group_id(inner.id).members.ref.post(reference(alice))
            await client.groups.by_group_id(outer.id).members.ref.post(reference(inner.id))
            with pytest.raises(ODataError) as twice:
                await client.groups.by_group_id(inner.id).members.ref.post(reference(alice))
            assert "already exist" in twice.value.error.message

            direct = await client.groups.by_group_id(outer.id).members.get()
            assert [(member.id, member.odata_type) for member in direct.value] == [(inner.id, "#microsoft.graph.group")]
            everybody = await client.groups.by_group_id(outer.id).transitive_members.get()
            assert {member.id for member in everybody.value} == {inner.id, alice}
            belongs = await client.users.by_user_id(alice).get_member_groups.post(
                GetMemberGroupsPostRequestBody(security_enabled_only=True)
            )
            assert {inner.id, outer.id} <= set(belongs.value)

            query = GroupsRequestBuilder.GroupsRequestBuilderGetQueryParameters(filter=f"displayName eq '{inner.display_name}'")
            found = await client.groups.get(RequestConfiguration(query_parameters=query))
            assert [group.id for group in found.value] == [inner.id]

            await client.groups.by_group_id(inner.id).patch(Group(description="Changed"))
            assert (await client.groups.by_group_id(inner.id).get()).description == "Changed"
            await client.groups.by_group_id(inner.id).members.by_directory_object_id(alice).ref.delete()
            assert (await client.groups.by_group_id(inner.id).members.get()).value == []
            for group in (inner, outer):
                await client.groups.by_group_id(group.id).delete()

    run(story())
