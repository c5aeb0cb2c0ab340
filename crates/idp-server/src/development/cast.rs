//! The cast: tenants, users and applications with fixed ids, passwords and secrets. Published, so worth nothing.

use idp_domain::applications::{ImplicitGrant, Platform, SignInAudience, TokenVersion};
use uuid::Uuid;
use vestibule_wire::ids::{ApplicationId, ClientId, ServicePrincipalId, TenantId, UserId};
use vestibule_wire::oauth::ClientFamily;

/// An organisation.
pub(crate) struct Organisation {
    pub(crate) id: TenantId,
    pub(crate) name: &'static str,
    pub(crate) domain: &'static str,
}

/// A person.
pub(crate) struct Person {
    pub(crate) tenant: TenantId,
    pub(crate) id: UserId,
    pub(crate) upn: &'static str,
    pub(crate) given_name: &'static str,
    pub(crate) surname: &'static str,
    pub(crate) administrator: bool,
}

/// A certificate and its private key, in PEM.
pub(crate) struct KeyPair {
    pub(crate) certificate: &'static str,
    pub(crate) private_key: &'static str,
}

/// An application.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) tenant: TenantId,
    /// The number at the end of its ids.
    pub(crate) number: u8,
    pub(crate) kind: &'static str,
    pub(crate) platform: Option<Platform>,
    pub(crate) secret: Option<&'static str>,
    pub(crate) key_pair: Option<KeyPair>,
    pub(crate) redirect_uris: &'static [&'static str],
    pub(crate) identifier_uri: Option<&'static str>,
    pub(crate) scopes: &'static [&'static str],
    pub(crate) app_roles: &'static [&'static str],
    /// The form of access tokens for it.
    pub(crate) access_tokens: TokenVersion,
    pub(crate) audience: SignInAudience,
    /// Delegated permissions of Microsoft Graph that it has, beyond those of every program.
    pub(crate) graph_scopes: &'static [&'static str],
    /// App roles of Microsoft Graph that it has.
    pub(crate) graph_app_roles: &'static [&'static str],
    /// Permissions of Microsoft Graph that its registration lists: delegated ones, and app roles.
    pub(crate) requires: (&'static [&'static str], &'static [&'static str]),
    /// Where it is told, in a hidden frame, that somebody signed out.
    pub(crate) logout_url: Option<&'static str>,
    /// Where the server itself tells it.
    pub(crate) back_channel_logout_url: Option<&'static str>,
    /// The family of programs that use each other's refresh tokens, if it belongs to one.
    pub(crate) client_family: Option<ClientFamily>,
    /// Which tokens it may have from the authorize endpoint.
    pub(crate) implicit_grant: ImplicitGrant,
    /// Whether an administrator of each tenant has consented to it.
    pub(crate) consented: bool,
}

pub(crate) const CONTOSO: TenantId = TenantId::from_u128(0xc0270500_0000_4000_8000_000000000001);
pub(crate) const FABRIKAM: TenantId = TenantId::from_u128(0xfab21ca0_0000_4000_8000_000000000002);

/// The password of everybody.
pub(crate) const PASSWORD: &str = "Vestibule-dev-1";

pub(crate) const ORGANISATIONS: [Organisation; 2] = [
    Organisation { id: CONTOSO, name: "Contoso", domain: "contoso.test" },
    Organisation { id: FABRIKAM, name: "Fabrikam", domain: "fabrikam.test" },
];

pub(crate) const PEOPLE: [Person; 4] = [
    Person {
        tenant: CONTOSO,
        id: person(1),
        upn: "alice@contoso.test",
        given_name: "Alice",
        surname: "Archer",
        administrator: true,
    },
    Person {
        tenant: CONTOSO,
        id: person(2),
        upn: "bob@contoso.test",
        given_name: "Bob",
        surname: "Baker",
        administrator: false,
    },
    Person {
        tenant: FABRIKAM,
        id: person(3),
        upn: "carol@fabrikam.test",
        given_name: "Carol",
        surname: "Carver",
        administrator: true,
    },
    Person {
        tenant: FABRIKAM,
        id: person(4),
        upn: "dave@fabrikam.test",
        given_name: "Dave",
        surname: "Dyer",
        administrator: false,
    },
];

pub(crate) const PROGRAMS: [Program; 17] = [
    Program {
        name: "Contoso Web",
        number: 1,
        kind: "web",
        platform: Some(Platform::Web),
        secret: Some("dev-web-secret-1Q8~published-worth-nothing"),
        redirect_uris: &[
            "http://localhost:3001/auth/callback",
            "https://localhost:3001/auth/callback",
            "http://localhost:5000/signin-oidc",
            "https://localhost:5001/signin-oidc",
            "http://localhost:3001/signed-out",
        ],
        ..NOTHING
    },
    Program {
        name: "Contoso SPA",
        number: 2,
        kind: "spa",
        platform: Some(Platform::Spa),
        redirect_uris: &[
            "http://localhost:3000/",
            "http://localhost:3000/redirect.html",
            "http://localhost:3000/blank.html",
            "https://localhost:3000/",
            "https://localhost:3000/redirect.html",
            "http://localhost:5173/",
            "http://localhost:4200/",
        ],
        ..NOTHING
    },
    Program {
        name: "Contoso Native",
        number: 3,
        kind: "native",
        platform: Some(Platform::Native),
        redirect_uris: &[
            "http://localhost",
            "http://127.0.0.1",
            "msalda7a0000-0000-4000-8000-000000000003://auth",
        ],
        ..NOTHING
    },
    Program {
        name: "Contoso Daemon",
        number: 4,
        kind: "daemon",
        secret: Some("dev-daemon-secret-4Q8~published-worth-nothing"),
        ..NOTHING
    },
    Program {
        name: "Contoso API",
        number: 5,
        kind: "api",
        secret: Some("dev-api-secret-5Q8~published-worth-nothing"),
        identifier_uri: Some("api://contoso-api"),
        scopes: &["Tasks.Read", "Tasks.ReadWrite"],
        app_roles: &["Tasks.Read.All"],
        access_tokens: TokenVersion::V2,
        ..NOTHING
    },
    Program {
        name: "Contoso SaaS",
        number: 6,
        kind: "saas",
        platform: Some(Platform::Web),
        secret: Some("dev-saas-secret-6Q8~published-worth-nothing"),
        redirect_uris: &["http://localhost:3002/auth/callback", "https://localhost:3002/auth/callback"],
        logout_url: Some("https://localhost:3002/front-channel-logout"),
        audience: SignInAudience::AzureADMultipleOrgs,
        ..NOTHING
    },
    // Those below are for whoever works on the directory itself.
    Program {
        name: "Contoso Automation",
        number: 7,
        kind: "daemon",
        secret: Some("dev-automation-secret-7Q8~published-worth-nothing"),
        graph_app_roles: &EVERYTHING_ALONE,
        ..NOTHING
    },
    Program {
        name: "Fabrikam Automation",
        tenant: FABRIKAM,
        number: 8,
        kind: "daemon",
        secret: Some("dev-automation-secret-8Q8~published-worth-nothing"),
        graph_app_roles: &EVERYTHING_ALONE,
        ..NOTHING
    },
    Program {
        name: "Contoso Explorer",
        number: 9,
        kind: "native",
        platform: Some(Platform::Native),
        redirect_uris: &["http://localhost", "http://127.0.0.1"],
        audience: SignInAudience::AzureADMultipleOrgs,
        graph_scopes: &EVERYTHING_FOR_A_USER,
        ..NOTHING
    },
    Program {
        name: "Contoso Newsletter",
        number: 10,
        kind: "saas",
        platform: Some(Platform::Web),
        secret: Some("dev-newsletter-secret-10Q8~published-worth-nothing"),
        redirect_uris: &["http://localhost:3003/auth/callback", "https://localhost:3003/auth/callback"],
        audience: SignInAudience::AzureADMultipleOrgs,
        requires: (&["User.Read", "Group.Read.All"], &["User.Read.All"]),
        consented: false,
        ..NOTHING
    },
    Program {
        name: "Contoso Certificate Daemon",
        number: 11,
        kind: "daemon",
        key_pair: Some(KeyPair {
            certificate: include_str!("certificate_daemon.pem"),
            private_key: include_str!("certificate_daemon.key.pem"),
        }),
        ..NOTHING
    },
    // Those below are for programs of the time of ADAL, and for APIs that call APIs.
    Program {
        name: "Contoso Classic",
        number: 12,
        kind: "spa",
        platform: Some(Platform::Spa),
        redirect_uris: &[
            "http://localhost:3005/",
            "http://localhost:3005/frame.html",
            "https://localhost:3005/",
            "http://localhost:3005/signed-out.html",
        ],
        implicit_grant: ImplicitGrant { id_token: true, access_token: true },
        ..NOTHING
    },
    Program {
        name: "Contoso Portal",
        number: 13,
        kind: "web",
        platform: Some(Platform::Web),
        secret: Some("dev-portal-secret-13Q8~published-worth-nothing"),
        redirect_uris: &[
            "http://localhost:3006/auth/callback",
            "https://localhost:3006/auth/callback",
            "http://localhost:3006/signed-out",
        ],
        logout_url: Some("https://localhost:3006/front-channel-logout"),
        back_channel_logout_url: Some("http://localhost:3006/backchannel-logout"),
        implicit_grant: ImplicitGrant { id_token: true, access_token: true },
        ..NOTHING
    },
    Program {
        name: "Contoso Orders API",
        number: 14,
        kind: "api",
        secret: Some("dev-orders-secret-14Q8~published-worth-nothing"),
        identifier_uri: Some("api://contoso-orders"),
        scopes: &["Orders.Read"],
        ..NOTHING
    },
    Program {
        name: "Contoso Stock API",
        number: 15,
        kind: "api",
        secret: Some("dev-stock-secret-15Q8~published-worth-nothing"),
        identifier_uri: Some("https://stock.contoso.test/"),
        scopes: &["user_impersonation"],
        access_tokens: TokenVersion::V2,
        ..NOTHING
    },
    // Those below are one family: who signed in to one is signed in to the other.
    Program {
        name: "Contoso Mail",
        number: 16,
        kind: "native",
        platform: Some(Platform::Native),
        redirect_uris: &["http://localhost", "http://127.0.0.1"],
        client_family: Some(ClientFamily::One),
        ..NOTHING
    },
    Program {
        name: "Contoso Calendar",
        number: 17,
        kind: "native",
        platform: Some(Platform::Native),
        redirect_uris: &["http://localhost", "http://127.0.0.1"],
        client_family: Some(ClientFamily::One),
        ..NOTHING
    },
];

/// What a program needs to look after a directory by itself.
const EVERYTHING_ALONE: [&str; 10] = [
    "User.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.ReadWrite.All",
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
    "Organization.ReadWrite.All",
    "Policy.ReadWrite.Authorization",
    "AuditLog.Read.All",
];

/// The same on behalf of somebody, who can do with it what they may.
const EVERYTHING_FOR_A_USER: [&str; 10] = [
    "User.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "RoleManagement.ReadWrite.Directory",
    "Organization.ReadWrite.All",
    "Policy.ReadWrite.Authorization",
    "AuditLog.Read.All",
];

const NOTHING: Program = Program {
    name: "",
    tenant: CONTOSO,
    number: 0,
    kind: "",
    platform: None,
    secret: None,
    key_pair: None,
    redirect_uris: &[],
    identifier_uri: None,
    scopes: &[],
    app_roles: &[],
    access_tokens: TokenVersion::Unsaid,
    audience: SignInAudience::AzureADMyOrg,
    graph_scopes: &[],
    graph_app_roles: &[],
    requires: (&["User.Read"], &[]),
    logout_url: None,
    back_channel_logout_url: None,
    client_family: None,
    implicit_grant: ImplicitGrant { id_token: false, access_token: false },
    consented: true,
};

const fn person(number: u128) -> UserId {
    UserId::from_u128(0x95e45000_0000_4000_8000_000000000000 + number)
}

impl Program {
    pub(crate) const fn client_id(&self) -> ClientId {
        ClientId::from_u128(0xda7a0000_0000_4000_8000_000000000000 + self.number as u128)
    }

    pub(crate) const fn object_id(&self) -> ApplicationId {
        ApplicationId::from_u128(0x0b7ec700_0000_4000_8000_000000000000 + self.number as u128)
    }

    pub(crate) fn principal_id(&self, tenant: TenantId) -> ServicePrincipalId {
        principal_id(tenant, self.number)
    }

    /// The id of its n-th scope or role.
    pub(crate) const fn permission_id(&self, number: usize, role: bool) -> Uuid {
        let kind = if role { 0x401e } else { 0x5c09 };
        Uuid::from_u128(
            0x9e470000_0000_4000_8000_000000000000
                + ((kind as u128) << 32)
                + ((self.number as u128) << 16)
                + number as u128,
        )
    }

    /// The tenants that have a service principal of it: its own, and for a program of many, those that consented.
    pub(crate) fn tenants(&self) -> impl Iterator<Item = TenantId> {
        let everywhere = self.audience.is_multi_tenant() && self.consented;
        ORGANISATIONS
            .iter()
            .map(|organisation| organisation.id)
            .filter(move |id| everywhere || *id == self.tenant)
    }
}

/// The service principal with this number in a tenant; Microsoft Graph has the number 0.
pub(crate) fn principal_id(tenant: TenantId, number: u8) -> ServicePrincipalId {
    let place: u128 = if tenant == CONTOSO { 1 } else { 2 };
    ServicePrincipalId::from_u128(0x59000000_0000_4000_8000_000000000000 + (place << 16) + u128::from(number))
}
