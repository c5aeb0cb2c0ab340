//! A password for one sign-in: nothing comes of it until another one is set (LG-25).

use idp_domain::changes::Change;
use idp_domain::credentials::PasswordHash;
use idp_domain::directory::{Upn, User};
use idp_domain::secret::Secret;
use idp_domain::tenant::CompatProfile;
use vestibule_wire::form;
use vestibule_wire::ids::UserId;

use super::{Answer, World, alice, program};
use crate::world::SystemRandomness;

const GIVEN: &str = "Given-to-Erin-1";
const CHOSEN: &str = "Chosen-by-herself-2";

/// A world in which erin was given a password for one sign-in.
async fn world() -> World {
    let world = World::new(CompatProfile::Entra).await;
    let erin = User {
        id: UserId::from_u128(5),
        upn: Upn::parse("erin@contoso.test").unwrap(),
        password: Some(PasswordHash::make(&Secret::new(GIVEN), &SystemRandomness)),
        must_change_password: true,
        directory_roles: Vec::new(),
        ..world.user(alice()).await
    };
    world.commit(Change::CreateUser(Box::new(erin))).await;
    world
}

/// A browser without a session, as far as its cookies.
struct Visitor<'a> {
    world: &'a World,
    cookies: Vec<String>,
}

impl Visitor<'_> {
    async fn visit(&mut self, path: &str, form: Option<&[(&str, &str)]>) -> Answer {
        let answer = self.world.visit(path, form, &self.cookies.join("; ")).await;
        self.cookies.extend(answer.cookies.clone());
        answer
    }

    /// Gives a password, and sees what comes of it.
    async fn gives(&mut self, password: &str) -> Answer {
        let client = program("web").client_id().to_string();
        let query = form::encode([
            ("client_id", client.as_str()),
            ("response_type", "code"),
            ("redirect_uri", program("web").redirect_uris[0]),
            ("scope", "openid"),
        ]);
        let page = self.visit(&format!("/contoso.test/oauth2/v2.0/authorize?{query}"), None).await;
        let named = [("ctx", &*page.ctx()), ("loginfmt", "erin@contoso.test")];
        let page = self.visit("/signin/account", Some(&named)).await;
        self.visit("/signin/password", Some(&[("ctx", &*page.ctx()), ("passwd", password)])).await
    }

    fn is_signed_in(&self) -> bool {
        self.cookies.iter().any(|cookie| cookie.starts_with("__Host-idp.sso="))
    }
}

#[tokio::test]
async fn lg_25_a_password_for_one_sign_in_leads_nowhere_but_to_another_password() {
    let world = world().await;
    let mut erin = Visitor { world: &world, cookies: Vec::new() };
    let page = erin.gives(GIVEN).await;
    assert!(page.text.contains("newPassword") && !erin.is_signed_in(), "{page:?}");
    // Not by the steps that would come next, taken out of turn (LG-10).
    let ctx = page.ctx();
    let skipped = erin.visit("/signin/stay", Some(&[("ctx", &*ctx), ("stay", "no")])).await;
    assert_eq!(skipped.location, None);
    let resumed = erin.visit(&format!("/contoso.test/oauth2/v2.0/authorize/resume?ctx={ctx}"), None).await;
    assert_eq!(resumed.location, None);
    assert!(!erin.is_signed_in());
}

#[tokio::test]
async fn lg_25_the_other_password_is_taken_when_it_is_suitable_and_signs_in() {
    let world = world().await;
    let mut erin = Visitor { world: &world, cookies: Vec::new() };
    let mut page = erin.gives(GIVEN).await;
    for (new, again) in
        [("", ""), (CHOSEN, "another"), ("short", "short"), ("Erin-2026-x", "Erin-2026-x"), (GIVEN, GIVEN)]
    {
        let form = [("ctx", &*page.ctx()), ("newpasswd", new), ("newpasswdagain", again)];
        page = erin.visit("/signin/new-password", Some(&form)).await;
        assert!(page.text.contains("role=\"alert\"") && !erin.is_signed_in(), "{new}: {page:?}");
    }
    let form = [("ctx", &*page.ctx()), ("newpasswd", CHOSEN), ("newpasswdagain", CHOSEN)];
    let stay = erin.visit("/signin/new-password", Some(&form)).await;
    assert!(erin.is_signed_in(), "{stay:?}");
    let back = erin.visit("/signin/stay", Some(&[("ctx", &*stay.ctx()), ("stay", "no")])).await;
    let code = erin.visit(&back.location.unwrap(), None).await;
    assert!(code.parameter("code").is_some(), "{code:?}");
    // The old page was for one use, and the old password for one sign-in.
    let again = erin.visit("/signin/new-password", Some(&form)).await;
    assert!(again.status.is_client_error(), "{again:?}");
    let mut elsewhere = Visitor { world: &world, cookies: Vec::new() };
    assert!(elsewhere.gives(GIVEN).await.text.contains("passwordError"));
    assert!(!elsewhere.is_signed_in());
}
