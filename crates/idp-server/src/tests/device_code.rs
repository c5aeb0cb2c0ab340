//! Device codes on a moved clock: how long they last, what may happen between the yes and the tokens, and what is left.

use idp_domain::audit::Activity;
use idp_domain::changes::Change;
use idp_domain::device::DeviceCode;
use idp_domain::tenant::CompatProfile;
use idp_domain::tokens::RefreshToken;
use jiff::SignedDuration;

use super::{Answer, World, alice, program};
use crate::development::cast::CONTOSO;
use crate::upkeep;

const PAGE: &str = "/common/oauth2/deviceauth";

pub(super) struct Device {
    device_code: String,
    user_code: String,
}

impl World {
    /// Contoso Native asks on a device.
    pub(super) async fn device(&self) -> Device {
        let answer = self.asks_for_codes().await;
        Device { device_code: answer.text("device_code"), user_code: answer.text("user_code") }
    }

    pub(super) async fn asks_for_codes(&self) -> Answer {
        let client = program("native").client_id().to_string();
        let form =
            [("client_id", client.as_str()), ("scope", "openid offline_access api://contoso-api/Tasks.Read")];
        self.visit("/contoso.test/oauth2/v2.0/devicecode", Some(&form), "").await
    }

    pub(super) async fn poll(&self, device: &Device) -> Answer {
        let grant = [("grant_type", "device_code"), ("device_code", device.device_code.as_str())];
        self.token(program("native"), &grant).await
    }

    /// Types a code, in alice's browser.
    async fn types(&self, code: &str) -> (Answer, String) {
        let entry = self.visit(PAGE, None, "").await;
        let cookies = format!("{}; {}", entry.cookies.join("; "), self.session_cookie());
        let form = [("ctx", entry.ctx()), ("otc", code.to_owned())];
        (self.visit(PAGE, Some(&borrowed(&form)), &cookies).await, cookies)
    }

    /// Alice, who is signed in, answers, until the page that says so.
    pub(super) async fn answers(&self, device: &Device, answer: &str) -> Answer {
        let (picker, cookies) = self.types(&device.user_code).await;
        let choice =
            picker.text.split("name=\"account\" value=\"").nth(1).unwrap_or_else(|| panic!("{picker:?}"));
        let form = [("ctx", picker.ctx()), ("account", choice.split('"').next().unwrap().to_owned())];
        let confirm = self.visit("/signin/pick", Some(&borrowed(&form)), &cookies).await;
        let form = [("ctx", confirm.ctx()), ("handover", answer.to_owned())];
        let back = self.visit("/signin/handover", Some(&borrowed(&form)), &cookies).await;
        self.visit(&back.location.unwrap_or_else(|| panic!("{}", back.text)), None, &cookies).await
    }
}

fn borrowed<'a>(form: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[tokio::test]
async fn dc_05_both_codes_expire_after_a_quarter_of_an_hour() {
    let world = World::new(CompatProfile::Entra).await;
    let (first, second) = (world.device().await, world.device().await);
    world.pass(SignedDuration::from_mins(15) - SignedDuration::from_secs(1));
    assert_eq!(world.poll(&first).await.refusal(), 70016);
    assert!(world.answers(&second, "continue").await.is_ok());
    world.pass(SignedDuration::from_secs(1));
    for device in [&first, &second] {
        let answer = world.poll(device).await;
        assert_eq!((answer.refusal(), answer.body["error"].as_str()), (70020, Some("expired_token")));
    }
    let (page, _) = world.types(&first.user_code).await;
    assert!(page.text.contains("otcError"), "{}", page.text);
}

#[tokio::test]
async fn a_person_who_takes_too_long_over_the_question_is_told_that_the_code_expired() {
    let world = World::new(CompatProfile::Entra).await;
    let device = world.device().await;
    world.pass(SignedDuration::from_mins(14));
    let (picker, cookies) = world.types(&device.user_code).await;
    let choice = picker.text.split("name=\"account\" value=\"").nth(1).unwrap();
    let form = [("ctx", picker.ctx()), ("account", choice.split('"').next().unwrap().to_owned())];
    let confirm = world.visit("/signin/pick", Some(&borrowed(&form)), &cookies).await;
    world.pass(SignedDuration::from_mins(2));
    let form = [("ctx", confirm.ctx()), ("handover", "continue".to_owned())];
    let back = world.visit("/signin/handover", Some(&borrowed(&form)), &cookies).await;
    let page = world.visit(&back.location.unwrap(), None, &cookies).await;
    assert!(page.text.contains("AADSTS70020"), "{}", page.text);
}

#[tokio::test]
async fn dc_11_a_person_disabled_revoked_or_asked_for_another_password_after_saying_yes_gets_nothing_there() {
    let (tenant, user) = (alice().tenant, alice().id);
    let disabled: fn(&World) -> Change =
        |_| Change::SetUserEnabled { tenant: alice().tenant, user: alice().id, enabled: false };
    let revoked: fn(&World) -> Change = |world| Change::RevokeUserGrants {
        tenant: alice().tenant,
        user: alice().id,
        valid_from: world.now() + SignedDuration::from_secs(1),
    };
    for (change, code) in [(disabled, 50057), (revoked, 50173)] {
        let world = World::new(CompatProfile::Entra).await;
        let device = world.device().await;
        assert!(world.answers(&device, "continue").await.is_ok());
        world.commit(change(&world)).await;
        assert_eq!(world.poll(&device).await.refusal(), code);
    }
    let world = World::new(CompatProfile::Entra).await;
    let device = world.device().await;
    assert!(world.answers(&device, "continue").await.is_ok());
    let revision = world.user(alice()).await.revision;
    world.commit(Change::RequireNewPassword { tenant, user, revision, required: true }).await;
    assert_eq!(world.poll(&device).await.refusal(), 50055);
}

#[tokio::test]
async fn the_family_of_a_device_remembers_that_the_sign_in_was_carried_over() {
    let world = World::new(CompatProfile::Entra).await;
    let device = world.device().await;
    world.answers(&device, "continue").await;
    let mut token = world.poll(&device).await.text("refresh_token");
    for _ in 0..2 {
        let opened = RefreshToken::open(&token, &world.app.sealer).unwrap();
        let family = world.app.store.family(CONTOSO, opened.family()).await.unwrap().unwrap();
        assert!(family.facts.carried_over);
        token = world.refresh(program("native"), &token).await.text("refresh_token");
    }
}

#[tokio::test]
async fn what_was_answered_and_redeemed_is_on_record() {
    let world = World::new(CompatProfile::Entra).await;
    let (yes, no) = (world.device().await, world.device().await);
    world.answers(&yes, "continue").await;
    world.poll(&yes).await.text("access_token");
    world.answers(&no, "cancel").await;
    for activity in [Activity::DeviceApproved, Activity::DeviceDeclined, Activity::DeviceRedeemed] {
        let events = world.app.store.audit_events(CONTOSO, &[activity], None, 9).await.unwrap();
        assert_eq!(events.len(), 1, "{activity:?}");
        assert_eq!(events[0].user, Some(alice().id));
        assert_eq!(events[0].client, Some(program("native").client_id()));
    }
}

#[tokio::test]
async fn dc_14_what_is_over_is_swept_and_an_expired_code_is_known_as_such_even_then() {
    let world = World::new(CompatProfile::Entra).await;
    let device = world.device().await;
    let key = DeviceCode::open(&device.device_code, &world.app.sealer).unwrap().key(&world.app.sealer);
    let is_there = async || world.app.store.device_request(key).await.unwrap().is_some();
    upkeep::tidy(&world.app).await;
    assert!(is_there().await);
    world.pass(SignedDuration::from_hours(2));
    upkeep::tidy(&world.app).await;
    assert!(!is_there().await);
    assert_eq!(world.poll(&device).await.refusal(), 70020);
}
