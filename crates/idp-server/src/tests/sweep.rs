//! Every grant on behalf of a person, against everything that ends it: the checks that one path has, its siblings have.

use idp_domain::changes::Change;
use idp_domain::tenant::CompatProfile;
use jiff::SignedDuration;
use vestibule_wire::oauth::GrantType;

use super::{Answer, World, alice, program};
use crate::development::cast::{CONTOSO, PASSWORD};

/// A grant, with what was got for it before anything happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grant {
    Code,
    Refresh,
    OnBehalfOf,
    Password,
}

const GRANTS: [Grant; 4] = [Grant::Code, Grant::Refresh, Grant::OnBehalfOf, Grant::Password];

/// What happens to the person, the client, the resource or the consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    UserDisabled,
    SessionsRevoked,
    PasswordMustChange,
    ClientDisabled,
    ResourceDisabled,
    ConsentWithdrawn,
    TenantDisabled,
}

const EVENTS: [Event; 7] = [
    Event::UserDisabled,
    Event::SessionsRevoked,
    Event::PasswordMustChange,
    Event::ClientDisabled,
    Event::ResourceDisabled,
    Event::ConsentWithdrawn,
    Event::TenantDisabled,
];

const ORDERS: &str = "api://contoso-orders/Orders.Read";

impl Grant {
    /// Who presents it, and for what.
    fn client(self) -> &'static crate::development::cast::Program {
        program(if self == Self::OnBehalfOf { "api" } else { "web" })
    }

    /// What is got before anything happens.
    async fn begin(self, world: &World) -> String {
        match self {
            Self::Code => world.code(program("web")).await,
            Self::Refresh => world.refresh_token(program("web")).await,
            Self::OnBehalfOf => {
                let code = world.code(program("web")).await;
                world.redeem(program("web"), &code).await.text("access_token")
            }
            Self::Password => String::new(),
        }
    }

    /// Presents it, at a tenant.
    async fn present(self, world: &World, held: &str) -> Answer {
        match self {
            Self::Code => world.redeem(self.client(), held).await,
            Self::Refresh => world.refresh(self.client(), held).await,
            Self::OnBehalfOf => {
                let grant = [
                    ("grant_type", GrantType::JwtBearer.as_str()),
                    ("requested_token_use", "on_behalf_of"),
                    ("assertion", held),
                    ("scope", ORDERS),
                ];
                world.token(self.client(), &grant).await
            }
            Self::Password => {
                let grant = [
                    ("grant_type", "password"),
                    ("username", alice().upn),
                    ("password", PASSWORD),
                    ("scope", "openid offline_access api://contoso-api/Tasks.Read"),
                ];
                world.token(self.client(), &grant).await
            }
        }
    }

    /// The resource that it is for.
    fn resource(self) -> &'static crate::development::cast::Program {
        match self {
            Self::OnBehalfOf => super::named("Contoso Orders API"),
            _ => program("api"),
        }
    }
}

impl Event {
    async fn happen(self, world: &World, grant: Grant) {
        let (tenant, user) = (CONTOSO, alice().id);
        world.pass(SignedDuration::from_secs(1));
        let disable = |program: &crate::development::cast::Program| Change::SetPrincipalEnabled {
            tenant,
            principal: program.principal_id(tenant),
            enabled: false,
        };
        let change = match self {
            Self::UserDisabled => Change::SetUserEnabled { tenant, user, enabled: false },
            Self::SessionsRevoked => Change::RevokeUserGrants { tenant, user, valid_from: world.now() },
            Self::PasswordMustChange => {
                let revision = world.user(alice()).await.revision;
                Change::RequireNewPassword { tenant, user, revision, required: true }
            }
            Self::ClientDisabled => disable(grant.client()),
            Self::ResourceDisabled => disable(grant.resource()),
            Self::ConsentWithdrawn => Change::WithdrawPermissions {
                tenant,
                client: grant.client().principal_id(tenant),
                resource: grant.resource().principal_id(tenant),
            },
            Self::TenantDisabled => {
                let tenant = world.tenant(tenant).await;
                Change::UpdateTenant(Box::new(idp_domain::tenant::Tenant { enabled: false, ..tenant }))
            }
        };
        world.commit(change).await;
    }

    /// The code it is refused with; none where the grant begins anew, with a password typed after the event.
    fn refusal(self, grant: Grant) -> Option<u64> {
        match self {
            Self::UserDisabled => Some(50057),
            Self::SessionsRevoked if grant == Grant::Password => None,
            Self::SessionsRevoked => Some(50173),
            Self::PasswordMustChange => Some(50055),
            Self::ClientDisabled => Some(7_000_112),
            Self::ResourceDisabled => Some(500_014),
            Self::ConsentWithdrawn => Some(65001),
            Self::TenantDisabled => Some(90002),
        }
    }
}

#[tokio::test]
async fn ob_05_ro_04_rt_08_cd_25_whatever_ends_one_grant_ends_its_siblings() {
    for compat in [CompatProfile::Entra, CompatProfile::Strict] {
        for grant in GRANTS {
            for event in EVENTS {
                let world = World::new(compat).await;
                let held = grant.begin(&world).await;
                event.happen(&world, grant).await;
                let answer = grant.present(&world, &held).await;
                match event.refusal(grant) {
                    Some(code) => assert_eq!(answer.refusal(), code, "{grant:?} after {event:?}"),
                    None => assert!(answer.is_ok(), "{grant:?} after {event:?}: {answer:?}"),
                }
            }
            let world = World::new(compat).await;
            let held = grant.begin(&world).await;
            assert!(grant.present(&world, &held).await.is_ok(), "{grant:?} with nothing in its way");
        }
    }
}

#[tokio::test]
async fn ob_05_a_replayed_code_ends_what_its_access_token_could_be_exchanged_for() {
    let world = World::new(CompatProfile::Entra).await;
    let code = world.code(program("web")).await;
    let access = world.redeem(program("web"), &code).await.text("access_token");
    let first = Grant::OnBehalfOf.present(&world, &access).await;
    assert!(first.is_ok());
    assert_eq!(world.redeem(program("web"), &code).await.refusal(), 54005);
    assert_eq!(Grant::OnBehalfOf.present(&world, &access).await.refusal(), 70000);
    // What was got meanwhile is no right to more either.
    let grant = [
        ("grant_type", GrantType::JwtBearer.as_str()),
        ("requested_token_use", "on_behalf_of"),
        ("assertion", &first.text("access_token")),
        ("scope", "https://stock.contoso.test//user_impersonation"),
    ];
    assert_eq!(world.token(super::named("Contoso Orders API"), &grant).await.refusal(), 70000);
}

#[tokio::test]
async fn ob_05_an_expired_assertion_is_refused_and_says_when_it_expired() {
    let world = World::new(CompatProfile::Entra).await;
    let held = Grant::OnBehalfOf.begin(&world).await;
    world.pass(SignedDuration::from_secs(3601));
    assert_eq!(Grant::OnBehalfOf.present(&world, &held).await.refusal(), 500_133);
}

#[tokio::test]
async fn ob_13_a_chain_goes_on_for_as_long_as_its_tokens_live_and_no_longer() {
    let world = World::new(CompatProfile::Entra).await;
    let mut held = Grant::OnBehalfOf.begin(&world).await;
    let hop = |assertion: String, api: &'static str, scope: &'static str| {
        let world = &world;
        async move {
            let grant = [
                ("grant_type", GrantType::JwtBearer.as_str()),
                ("requested_token_use", "on_behalf_of"),
                ("assertion", &assertion),
                ("scope", scope),
            ];
            world.token(super::named(api), &grant).await
        }
    };
    for _ in 0..25 {
        held = hop(held, "Contoso API", ORDERS).await.text("access_token");
        held = hop(held, "Contoso Orders API", "api://contoso-api/Tasks.Read").await.text("access_token");
    }
    world.commit(Change::SetUserEnabled { tenant: CONTOSO, user: alice().id, enabled: false }).await;
    assert_eq!(hop(held, "Contoso API", ORDERS).await.refusal(), 50057);
}

#[tokio::test]
async fn ro_03_a_page_and_a_program_count_in_one_counter() {
    let world = World::new(CompatProfile::Entra).await;
    let wrong = |n: usize| format!("wrong-password-{n}");
    let ask = |password: String| {
        let world = &world;
        async move {
            let grant = [
                ("grant_type", "password"),
                ("username", alice().upn),
                ("password", &*password),
                ("scope", "openid"),
            ];
            world.token(program("web"), &grant).await
        }
    };
    for n in 0..9 {
        assert_eq!(ask(wrong(n)).await.refusal(), 50126);
    }
    assert!(world.type_password(&wrong(9)).await.text.contains("role=\"alert\""), "the tenth, on the page");
    assert_eq!(ask(PASSWORD.into()).await.refusal(), 50053, "locked, whatever the password");
    world.pass(SignedDuration::from_secs(61));
    assert!(ask(PASSWORD.into()).await.is_ok());
}
