//! Applications that every directory has from the start.

use uuid::Uuid;
use vestibule_wire::graph::{AppRole, MemberType, PermissionScope, PermissionType, VerifiedPublisher};
use vestibule_wire::ids::{ApplicationId, ClientId, TenantId};

use super::{Application, SignInAudience};

/// The tenant that first-party applications are at home in; nobody signs in there.
pub(super) const FIRST_PARTY_TENANT: TenantId = TenantId::from_u128(0xf8cdef31_a31e_4b4a_93e4_5f571e91255a);

/// A permission of Microsoft Graph: its value, and its well-known ids as a delegated permission and as an app role.
struct Known {
    value: &'static str,
    delegated: Option<(u128, PermissionType)>,
    application: Option<u128>,
    says: &'static str,
}

use PermissionType::{Admin, User};

#[rustfmt::skip]
const PERMISSIONS: &[Known] = &[
    known("openid", Some((0x37f7f235_527c_4136_accd_4a02d197296e, User)), None, "Sign users in"),
    known("profile", Some((0x14dad69e_099b_42c9_810b_d002981feec1, User)), None, "View users' basic profile"),
    known("email", Some((0x64a6cdd6_aab1_4aaf_94b8_3cc8405e90d0, User)), None, "View users' email address"),
    known("offline_access", Some((0x7427e0e9_2fba_42fe_b0c0_848c9e6a8182, User)), None, "Maintain access to data you have given it access to"),
    known("User.Read", Some((0xe1fe6dd8_ba31_4d61_89e7_88639da4683d, User)), None, "Sign in and read user profile"),
    known("User.ReadWrite", Some((0xb4e74841_8e56_480b_be8b_910348b18b4c, User)), None, "Read and write user profile"),
    known("User.ReadBasic.All", Some((0xb340eb25_3456_403f_be2f_af7a0d370277, User)), Some(0x97235f07_e226_4f63_ace3_39588e11d3a1), "Read all users' basic profiles"),
    known("User.Read.All", Some((0xa154be20_db9c_4678_8ab7_66f6cc099a59, Admin)), Some(0xdf021288_bdef_4463_88db_98f22de89214), "Read all users' full profiles"),
    known("User.ReadWrite.All", Some((0x204e0828_b5ca_4ad8_b9f3_f32a958e7cc4, Admin)), Some(0x741f803b_c850_494e_b5df_cde7c675a1ca), "Read and write all users' full profiles"),
    known("User.Invite.All", Some((0x63dd7cd9_b489_4adf_a28c_ac38b9a0f962, Admin)), Some(0x09850681_111b_4a89_9bed_3f2cae46d706), "Invite guest users to the organization"),
    known("Group.Read.All", Some((0x5f8c59db_677d_491f_a6b8_5f174b11ec1d, Admin)), Some(0x5b567255_7703_4780_807c_7be8301ae99b), "Read all groups"),
    known("Group.ReadWrite.All", Some((0x4e46008b_f24c_477d_8fff_7bb4ec7aafe0, Admin)), Some(0x62a82d76_70ea_41e2_9197_370581804d09), "Read and write all groups"),
    known("GroupMember.Read.All", Some((0xbc024368_1153_4739_b217_4326f2e966d0, Admin)), Some(0x98830695_27a2_44f7_8c18_0c3ebc9698f6), "Read group memberships"),
    known("GroupMember.ReadWrite.All", Some((0xf81125ac_d3b7_4573_a3b2_7099cc39df9e, Admin)), Some(0xdbaae8cf_10b5_4b86_a4a1_f871c94c6695), "Read and write group memberships"),
    known("Directory.Read.All", Some((0x06da0dbc_49e2_44d2_8312_53f166ab848a, Admin)), Some(0x7ab1d382_f21e_4acd_a863_ba3e13f7da61), "Read directory data"),
    known("Directory.ReadWrite.All", Some((0xc5366453_9fb0_48a5_a156_24f0c49a4b84, Admin)), Some(0x19dbc75e_c2e2_444c_a770_ec69d8559fc7), "Read and write directory data"),
    known("Directory.AccessAsUser.All", Some((0x0e263e50_5827_48a4_b97c_d940288653c7, Admin)), None, "Access the directory as the signed-in user"),
    known("Application.Read.All", Some((0xc79f8feb_a9db_4090_85f9_90d820caa0eb, Admin)), Some(0x9a5d68dd_52b0_4cc2_bd40_abcf44ac3a30), "Read all applications"),
    known("Application.ReadWrite.All", Some((0xbdfbf15f_ee85_4955_8675_146e8e5296b5, Admin)), Some(0x1bfefb4e_e0b5_418b_a88f_73c46d2cc8e9), "Read and write all applications"),
    known("Application.ReadWrite.OwnedBy", None, Some(0x18a4783c_866b_4cc7_a460_3d5e5662c884), "Manage applications that this application creates or owns"),
    known("AppRoleAssignment.ReadWrite.All", Some((0x84bccea3_f856_4a8a_967b_dbe0a3d53a64, Admin)), Some(0x06b708a9_e830_4db3_a914_8e69da51d44f), "Manage app permission grants and app role assignments"),
    known("DelegatedPermissionGrant.ReadWrite.All", Some((0x41ce6ca6_6826_4807_84f1_1c82854f7ee5, Admin)), Some(0x8e8e4742_1d95_4f68_9d56_6ee75648c72a), "Manage all delegated permission grants"),
    known("RoleManagement.Read.Directory", Some((0x741c54c3_0c1e_44a1_818b_3f97ab4e8c83, Admin)), Some(0x483bed4a_2ad3_4361_a73b_c83ccdbdc53c), "Read directory role assignments"),
    known("RoleManagement.ReadWrite.Directory", Some((0xd01b97e9_cbc0_49fe_810a_750afd5527a3, Admin)), Some(0x9e3f62cf_ca93_4989_b6ce_bf83c28f9fe8), "Read and write directory role assignments"),
    known("Organization.Read.All", Some((0x4908d5b9_3fb2_4b1e_9336_1888b7937185, Admin)), Some(0x498476ce_e0fe_48b0_b801_37ba7e2685c6), "Read organization information"),
    known("Organization.ReadWrite.All", Some((0x46ca0847_7e6b_426e_9775_ea810a948356, Admin)), Some(0x292d869f_3427_49a8_9dab_8c70152b74e9), "Read and write organization information"),
    known("Domain.Read.All", Some((0x2f9ee017_59c1_4f1d_9472_bd5529a7b311, Admin)), Some(0xdbb9058a_0e50_45d7_ae91_66909b5d4664), "Read domains"),
    known("Domain.ReadWrite.All", Some((0x0b5d694c_a244_4bde_86e6_eb5cd07730fe, Admin)), Some(0x7e05723c_0bb0_42da_be95_ae9f08a6e53c), "Read and write domains"),
    known("Policy.Read.All", Some((0x572fea84_0151_49b2_9301_11cb16974376, Admin)), Some(0x246dd0d5_5bd0_4def_940b_0421030a5b68), "Read your organization's policies"),
    known("Policy.ReadWrite.Authorization", Some((0xedd3c878_b384_41fd_95ad_e7407dd775be, Admin)), Some(0xfb221be6_99f2_473f_bd32_01c6a0e9ca3b), "Read and write your organization's authorization policy"),
    known("AuditLog.Read.All", Some((0xe4c9e354_4dc5_45b8_9e7c_e1393b0b1a20, Admin)), Some(0xb0afded3_3588_46d8_8b3d_9842eff778da), "Read all audit log data"),
    known("Mail.Read", Some((0x570282fd_fa5c_430d_a7fd_fc8dc98a9dca, User)), Some(0x810c84a8_4a9e_49e6_bf7d_12d183f40d01), "Read user mail"),
    known("Mail.Send", Some((0xe383f46e_2787_4529_855e_0e479a3ffac0, User)), Some(0xb633e1c5_b582_4048_a93e_9f11b44c7e96), "Send mail as a user"),
];

const fn known(
    value: &'static str,
    delegated: Option<(u128, PermissionType)>,
    application: Option<u128>,
    says: &'static str,
) -> Known {
    Known { value, delegated, application, says }
}

/// Microsoft Graph: the resource of scopes that name none, with Microsoft's well-known ids of its permissions, so that
/// manifests of real projects keep their meaning. Its tokens have the v1.0 form.
pub fn microsoft_graph() -> Application {
    let id = ApplicationId::from_u128(0x00000003_0000_0000_c000_000000000001);
    Application {
        sign_in_audience: SignInAudience::AzureADMultipleOrgs,
        identifier_uris: vec!["https://graph.microsoft.com".into(), "https://graph.microsoft.com/".into()],
        delegated_permissions: PERMISSIONS.iter().filter_map(delegated).collect(),
        app_roles: PERMISSIONS.iter().filter_map(app_role).collect(),
        verified_publisher: VerifiedPublisher {
            display_name: Some("Vestibule".into()),
            ..VerifiedPublisher::default()
        },
        ..Application::new(FIRST_PARTY_TENANT, id, ClientId::MICROSOFT_GRAPH, "Microsoft Graph".into())
    }
}

fn delegated(permission: &Known) -> Option<PermissionScope> {
    let (id, kind) = permission.delegated?;
    let says = Some(permission.says.to_owned());
    Some(PermissionScope {
        id: Uuid::from_u128(id),
        value: permission.value.into(),
        kind,
        admin_consent_display_name: says.clone(),
        admin_consent_description: says.clone(),
        user_consent_display_name: says.clone(),
        user_consent_description: says,
        is_enabled: true,
    })
}

fn app_role(permission: &Known) -> Option<AppRole> {
    Some(AppRole {
        id: Uuid::from_u128(permission.application?),
        value: Some(permission.value.into()),
        display_name: permission.says.into(),
        description: permission.says.into(),
        allowed_member_types: vec![MemberType::Application],
        is_enabled: true,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_permission_of_microsoft_graph_shares_its_id_or_its_value() {
        let graph = microsoft_graph();
        let scopes: HashSet<_> = graph.delegated_permissions.iter().map(|scope| scope.id).collect();
        let roles: HashSet<_> = graph.app_roles.iter().map(|role| role.id).collect();
        assert_eq!(scopes.len(), graph.delegated_permissions.len());
        assert_eq!(roles.len(), graph.app_roles.len());
        assert!(scopes.is_disjoint(&roles));
        let values: HashSet<_> = PERMISSIONS.iter().map(|permission| permission.value).collect();
        assert_eq!(values.len(), PERMISSIONS.len());
    }
}
