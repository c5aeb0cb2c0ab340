//! Applications that every directory has from the start.

use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, ClientId, TenantId};

use super::application::{Application, DelegatedPermission, SignInAudience};

/// The tenant that first-party applications are at home in; nobody signs in there.
pub(super) const FIRST_PARTY_TENANT: TenantId = TenantId::from_u128(0xf8cdef31_a31e_4b4a_93e4_5f571e91255a);

/// Microsoft Graph: the resource of scopes that name none, with Microsoft's well-known ids of its permissions, so that
/// manifests of real projects keep their meaning.
pub fn microsoft_graph() -> Application {
    Application {
        tenant: FIRST_PARTY_TENANT,
        id: ApplicationId::from_u128(0x00000003_0000_0000_c000_000000000001),
        client_id: ClientId::MICROSOFT_GRAPH,
        display_name: "Microsoft Graph".into(),
        sign_in_audience: SignInAudience::AzureADMultipleOrgs,
        redirect_uris: Vec::new(),
        identifier_uris: vec!["https://graph.microsoft.com".into(), "https://graph.microsoft.com/".into()],
        delegated_permissions: vec![
            delegated(0x37f7f235_527c_4136_accd_4a02d197296e, "openid"),
            delegated(0x14dad69e_099b_42c9_810b_d002981feec1, "profile"),
            delegated(0x64a6cdd6_aab1_4aaf_94b8_3cc8405e90d0, "email"),
            delegated(0x7427e0e9_2fba_42fe_b0c0_848c9e6a8182, "offline_access"),
            delegated(0xe1fe6dd8_ba31_4d61_89e7_88639da4683d, "User.Read"),
        ],
        app_roles: Vec::new(),
        is_fallback_public_client: false,
        secrets: Vec::new(),
        revision: 0,
    }
}

fn delegated(id: u128, value: &str) -> DelegatedPermission {
    DelegatedPermission { id: Uuid::from_u128(id), value: value.into(), admin_only: false }
}
