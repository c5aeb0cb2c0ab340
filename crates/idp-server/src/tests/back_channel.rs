//! Telling applications of a sign-out, where the server reaches public addresses alone, as `vestibule serve` does.

use std::net::TcpListener;
use std::sync::Arc;

use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::Change;
use idp_domain::tenant::CompatProfile;
use idp_domain::tokens::{EndedSession, TokenForm};
use idp_web::back_channel::{self, Notice};
use vestibule_wire::form;
use vestibule_wire::ids::SessionId;

use super::{World, alice, program};
use crate::development::cast::{CONTOSO, FABRIKAM};

/// Where an application of whoever may register one could want to be told.
const INWARD: [&str; 6] = [
    "https://127.0.0.1:{port}/",
    "https://localhost:{port}/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://169.254.169.254/latest/meta-data/",
    "http://localhost:{port}/",
    "http://127.0.0.1:{port}/",
];

impl World {
    async fn recorded(&self, activity: Activity) -> Vec<AuditEvent> {
        self.app.store.audit_events(CONTOSO, &[activity], None, 500).await.unwrap()
    }

    /// Signs in to the web application, which wants to be told there, and out again.
    async fn signs_out_of_web_told_at(&self, address: String) {
        let web = program("web");
        let registration = self.app.store.registration(CONTOSO, web.client_id()).await.unwrap().unwrap();
        let mut application = (*registration.application).clone();
        application.back_channel_logout_url = Some(address);
        self.commit(Change::UpdateApplication(Box::new(application))).await;
        let authorized = self.authorize(web, &[]).await;
        let code = authorized.parameter("code").unwrap_or_else(|| panic!("{authorized:?}"));
        let id_token = self.redeem(web, &code).await.text("id_token");
        let cookies = format!("{}; {}", self.session_cookie(), authorized.cookies.join("; "));
        let query = form::encode([("id_token_hint", id_token.as_str())]);
        let path = format!("/contoso.test/oauth2/v2.0/logout?{query}");
        assert!(self.visit(&path, None, &cookies).await.is_ok());
    }
}

#[tokio::test]
async fn ui_09_nobody_on_this_machine_is_told_and_that_is_recorded() {
    let world = World::new(CompatProfile::Entra).await;
    tokio::spawn(back_channel::deliver(Arc::clone(&world.app)));
    let canary = TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let port = canary.local_addr().unwrap().port().to_string();
    for (number, target) in INWARD.iter().enumerate() {
        world.signs_out_of_web_told_at(target.replace("{port}", &port)).await;
        world.app.back_channel.drain().await;
        let recorded = world.recorded(Activity::SignOutNotTold).await;
        assert_eq!(recorded.len(), number + 1, "{target}");
        assert_eq!(recorded[0].user, Some(alice().id));
        assert_eq!(recorded[0].client, Some(program("web").client_id()));
        world.sign_in(alice(), false).await;
    }
    assert!(world.recorded(Activity::SignOutTold).await.is_empty());
    assert!(canary.accept().is_err(), "nobody came");
}

#[tokio::test]
async fn ui_10_ui_13_who_has_no_place_in_the_queue_is_recorded_and_others_have_theirs() {
    // Nobody delivers here, so the queue fills.
    let world = World::new(CompatProfile::Entra).await;
    let notices = |home, count: u8| -> Vec<Notice> {
        let notice = |number: u8| Notice {
            ended: EndedSession {
                tenant: CONTOSO,
                user: alice().id,
                session: SessionId::from_random([number; 16]),
                client: program("web").client_id(),
                form: TokenForm::V2,
                news: [number; 16],
            },
            home,
            address: "https://application.example/out".into(),
            from: None,
            correlation_id: None,
        };
        (0..count).map(notice).collect()
    };
    for _ in 0..2 {
        back_channel::tell(&world.app, notices(CONTOSO, 150)).await;
    }
    assert_eq!(world.recorded(Activity::SignOutNotTold).await.len(), 300 - 256);
    back_channel::tell(&world.app, notices(FABRIKAM, 200)).await;
    assert_eq!(world.recorded(Activity::SignOutNotTold).await.len(), 300 - 256);
}
