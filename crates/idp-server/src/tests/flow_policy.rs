//! What an organisation forbids: every position, by every grant, for people with a directory role and without, when they
//! begin and when they go on.

use idp_domain::audit::Activity;
use idp_domain::changes::Change;
use idp_domain::policies::{FlowPolicy, FlowSwitch};
use idp_domain::tenant::{CompatProfile, Tenant};
use vestibule_wire::oauth::GrantType;

use super::device_code::Device;
use super::{Answer, World, alice, program};
use crate::development::cast::{CONTOSO, PASSWORD, PEOPLE, Person};

const BLOCKED: u64 = 53003;
const SCOPE: &str = "openid offline_access api://contoso-api/Tasks.Read";

fn bob() -> &'static Person {
    PEOPLE.iter().find(|person| person.tenant == CONTOSO && !person.administrator).unwrap()
}

async fn set(world: &World, flows: FlowPolicy) {
    let tenant = world.tenant(CONTOSO).await;
    world.commit(Change::UpdateTenant(Box::new(Tenant { flows, ..tenant }))).await;
}

async fn by_password(world: &World, person: &Person) -> Answer {
    let grant =
        [("grant_type", "password"), ("username", person.upn), ("password", PASSWORD), ("scope", SCOPE)];
    world.token(program("native"), &grant).await
}

async fn on_behalf_of(world: &World, access: &str) -> Answer {
    let grant = [
        ("grant_type", GrantType::JwtBearer.as_str()),
        ("requested_token_use", "on_behalf_of"),
        ("assertion", access),
        ("scope", "api://contoso-orders/Orders.Read"),
    ];
    world.token(program("api"), &grant).await
}

/// How many times it was put on record that something was forbidden.
async fn recorded(world: &World) -> usize {
    world.app.store.audit_events(CONTOSO, &[Activity::FlowBlocked], None, 100).await.unwrap().len()
}

fn verdict(answer: &Answer, blocked: bool, what: &str) {
    if blocked {
        assert_eq!(answer.refusal(), BLOCKED, "{what}: {answer:?}");
        assert_eq!(
            (&answer.body["error"], &answer.body["suberror"]),
            (&"invalid_grant".into(), &"message_only".into())
        );
    } else {
        assert!(answer.is_ok(), "{what}: {answer:?}");
    }
}

/// What was begun in each way while everything was allowed, by somebody with a directory role.
struct Begun {
    code: String,
    /// A refresh token, an access token and the client of each.
    in_browser: Answer,
    by_password: Answer,
    by_device: Answer,
    device: Device,
}

impl Begun {
    async fn with(world: &World) -> Self {
        let device = world.device().await;
        world.answers(&device, "continue").await;
        let waiting = world.device().await;
        world.answers(&waiting, "continue").await;
        Self {
            in_browser: world.redeem(program("native"), &world.code(program("native")).await).await,
            by_password: by_password(world, alice()).await,
            by_device: world.poll(&device).await,
            code: world.code(program("native")).await,
            device: waiting,
        }
    }
}

#[tokio::test]
async fn ro_02_dc_10_rt_10_every_position_holds_for_every_grant_and_for_what_was_begun_before() {
    let native = program("native");
    for password_grant in FlowSwitch::ALL {
        for device_code in FlowSwitch::ALL {
            let world = World::new(CompatProfile::Entra).await;
            let begun = Begun::with(&world).await;
            set(&world, FlowPolicy { password_grant, device_code }).await;
            let at = format!("{password_grant:?} {device_code:?}");
            // Alice has a role, so both kinds of no are one to her.
            let (password, device) =
                (password_grant != FlowSwitch::Allowed, device_code != FlowSwitch::Allowed);
            verdict(&by_password(&world, alice()).await, password, &at);
            verdict(&by_password(&world, bob()).await, password_grant == FlowSwitch::Blocked, &at);
            verdict(&world.poll(&begun.device).await, device, &at);
            verdict(&world.redeem(native, &begun.code).await, false, &at);
            for (tokens, blocked) in
                [(&begun.in_browser, false), (&begun.by_password, password), (&begun.by_device, device)]
            {
                verdict(&world.refresh(native, &tokens.text("refresh_token")).await, blocked, &at);
                verdict(&on_behalf_of(&world, &tokens.text("access_token")).await, blocked, &at);
            }
            // For itself no program is anybody.
            let itself = [("grant_type", "client_credentials"), ("scope", "api://contoso-api/.default")];
            verdict(&world.token(program("daemon"), &itself).await, false, &at);
            let asked = world.asks_for_codes().await;
            assert_eq!(asked.is_ok(), device_code != FlowSwitch::Blocked, "{at}: {asked:?}");
            let expected = usize::from(password) * 3
                + usize::from(password_grant == FlowSwitch::Blocked)
                + usize::from(device) * 3
                + usize::from(device_code == FlowSwitch::Blocked);
            assert_eq!(recorded(&world).await, expected, "{at}");
        }
    }
}

#[tokio::test]
async fn ro_02_where_passwords_are_not_taken_nothing_is_said_of_them_or_counted() {
    let world = World::new(CompatProfile::Entra).await;
    set(&world, FlowPolicy { password_grant: FlowSwitch::Blocked, ..FlowPolicy::ALLOWED }).await;
    let typed = |name: &'static str, password: &'static str| {
        let world = &world;
        async move {
            let grant =
                [("grant_type", "password"), ("username", name), ("password", password), ("scope", "openid")];
            world.token(program("native"), &grant).await.refusal()
        }
    };
    for _ in 0..12 {
        assert_eq!(typed(alice().upn, "wrong").await, BLOCKED);
        assert_eq!(typed("nobody@contoso.test", PASSWORD).await, BLOCKED);
    }
    set(&world, FlowPolicy::ALLOWED).await;
    assert!(by_password(&world, alice()).await.is_ok(), "nobody was locked out");
}

#[tokio::test]
async fn dc_10_an_administrator_is_told_on_the_page_and_the_device_gets_nothing() {
    let world = World::new(CompatProfile::Entra).await;
    set(&world, FlowPolicy::default()).await;
    let device = world.device().await;
    let page = world.answers(&device, "continue").await;
    assert!(page.text.contains("AADSTS53003"), "{}", page.text);
    assert!(page.text.contains("does not allow this way of signing in"), "{}", page.text);
    assert_eq!(world.poll(&device).await.refusal(), 70016);
    let found = world.app.store.audit_events(CONTOSO, &[Activity::FlowBlocked], None, 9).await.unwrap();
    assert_eq!(found.iter().map(|event| event.user).collect::<Vec<_>>(), [Some(alice().id)]);
}

#[tokio::test]
async fn rt_10_a_sibling_of_a_family_goes_on_in_the_way_that_the_sign_in_was() {
    let world = World::new(CompatProfile::Strict).await;
    let (mail, calendar) = (super::named("Contoso Mail"), super::named("Contoso Calendar"));
    let grant =
        [("grant_type", "password"), ("username", alice().upn), ("password", PASSWORD), ("scope", SCOPE)];
    let token = world.token(mail, &grant).await.text("refresh_token");
    set(&world, FlowPolicy::default()).await;
    assert_eq!(world.refresh(calendar, &token).await.refusal(), BLOCKED);
    set(&world, FlowPolicy::ALLOWED).await;
    assert!(world.refresh(calendar, &token).await.is_ok(), "a refusal uses nothing up");
}
