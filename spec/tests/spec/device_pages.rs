//! The pages of a sign-in for another device: the code, the question whether it was you, and what became of it.

use serde_json::json;
use spec::browser::{Browser, Landing, browser};
use spec::cast::{Application, alice, automation, bob, contoso, dave, explorer, native};
use spec::client::{Client, client};
use spec::form::Form;
use spec::server::Server;
use spec::tokens::Jwt;
use vestibule_wire::aadsts::Aadsts;

use crate::device_code::{Device, PAGE, arrives, says, types};
use crate::flows::USUAL;
use crate::graph::alone;

#[tokio::test]
async fn people_type_as_people_do() {
    let device = Device::usual().await;
    let code = device.json.str("user_code").to_ascii_lowercase();
    let typed = format!(" {}-{} {}", &code[..3], &code[3..6], &code[6..]);
    for page in [PAGE, "/devicelogin", &format!("/{}/oauth2/deviceauth", contoso().id)] {
        let page = types(&mut browser(), page, &typed).await;
        assert!(page.text().contains("Contoso Native"), "{}", page.text());
    }
}

#[tokio::test]
async fn consent_is_asked_for_after_the_question_and_a_no_ends_it() {
    let caller = alone(&contoso(), automation()).await;
    let body =
        json!({ "displayName": "Wall Display", "publicClient": { "redirectUris": ["http://localhost"] } });
    let registered = caller.registers(body).await;
    let application = Application { client_id: registered.client_id, ..native() };
    let device = Device::of(&client(), application, &contoso().id, "openid User.Read").await;
    let mut browser = browser();
    let page = arrives(&mut browser, &device, &bob()).await;
    let page = says(&mut browser, &page, "continue").await;
    let form = page.form_with("consent").unwrap_or_else(|| panic!("{}", page.text()));
    device.poll().await.refused(Aadsts::DeviceCodePending);
    let done = browser.submit(&page, &form.filled("consent", "cancel")).await.page();
    assert!(done.text().contains("Nobody was signed in"), "{}", done.text());
    device.poll().await.refused(Aadsts::DeviceCodeDeclined);
}

#[tokio::test]
async fn dc_08_the_page_names_application_publisher_account_and_place_and_warns() {
    let device = Device::usual().await;
    let mut browser = browser();
    let page = arrives(&mut browser, &device, &alice()).await;
    for said in [
        "Contoso Native",
        "alice@contoso.test",
        "127.0.0.1",
        "Published by contoso.test",
        "not verified",
        "Only continue if you started this yourself.",
    ] {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    device.poll().await.refused(Aadsts::DeviceCodePending);
}

/// Nothing but a form of ours, sent by our page, in the same browser, takes a code.
#[tokio::test]
async fn dc_08_no_link_brings_a_code_along() {
    let device = Device::usual().await;
    let code = device.json.str("user_code");
    let landing = browser().open(&format!("{PAGE}?otc={code}&user_code={code}")).await.page();
    assert!(!landing.answer.text().contains(code), "{}", landing.text());
}

#[tokio::test]
async fn dc_09_who_is_signed_in_already_is_asked_which_account_and_whether_it_was_they() {
    let (first, second) = (Device::usual().await, Device::usual().await);
    let mut browser = browser();
    let page = arrives(&mut browser, &first, &alice()).await;
    says(&mut browser, &page, "continue").await;
    // One session, and fresh: it is picked, not taken.
    let picker = types(&mut browser, PAGE, second.json.str("user_code")).await;
    let form = picker.form_with("account").unwrap_or_else(|| panic!("{}", picker.text()));
    second.poll().await.refused(Aadsts::DeviceCodePending);
    let choice = form.buttons.iter().find(|(_, value, _)| !value.is_empty()).unwrap().1.clone();
    let confirm = browser.submit(&picker, &form.filled("account", &choice)).await.page();
    assert!(confirm.form_with("handover").is_some(), "{}", confirm.text());
    second.poll().await.refused(Aadsts::DeviceCodePending);
    says(&mut browser, &confirm, "continue").await;
    second.poll().await.tokens();
}

#[tokio::test]
async fn what_one_account_said_does_not_count_for_another() {
    let device = Device::usual().await;
    let mut browser = browser();
    let page = arrives(&mut browser, &device, &alice()).await;
    let switch = page.forms().into_iter().find(|form| form.action.ends_with("/signin/switch")).unwrap();
    let landing = browser.submit(&page, &switch).await;
    let page = browser.continue_as(&bob(), landing).await.page();
    assert!(
        page.text().contains("bob@contoso.test") && page.form_with("handover").is_some(),
        "{}",
        page.text()
    );
    says(&mut browser, &page, "continue").await;
    let tokens = device.poll().await.tokens();
    assert_eq!(Jwt::read(tokens.id()).claims.str("oid"), bob().id);
}

#[tokio::test]
async fn an_account_of_another_organisation_cannot_approve_what_is_for_one() {
    let device = Device::of(&client(), explorer(), &contoso().id, "openid").await;
    let mut browser = browser();
    let page = types(&mut browser, PAGE, device.json.str("user_code")).await;
    let page = browser.continue_as(&dave(), Landing::Page(page)).await.page();
    assert!(page.text().contains("AADSTS50020"), "{}", page.text());
    device.poll().await.refused(Aadsts::DeviceCodePending);
}

#[tokio::test]
async fn dc_12_a_form_from_elsewhere_or_of_another_browser_approves_nothing() {
    let device = Device::usual().await;
    let mut browser = browser();
    let page = arrives(&mut browser, &device, &alice()).await;
    let form = page.form_with("handover").unwrap().filled("handover", "continue");
    // From another site, in the same browser.
    for (name, value) in
        [("origin", "https://evil.test"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]
    {
        let request = device.client.request(http::Method::POST, "/signin/handover").form(&form.fields);
        let answer = browser.send(request.header(name, value)).await;
        assert_eq!(answer.status, 400, "{name}: {}", answer.shown());
    }
    // With the page's own form, in another browser; and with one of our own making.
    let mut other = Browser::of(device.client.clone());
    assert_eq!(other.post("/signin/handover", &form.fields).await.status, 400);
    assert_eq!(browser.post("/signin/handover", &Form::new().with("handover", "continue")).await.status, 400);
    device.poll().await.refused(Aadsts::DeviceCodePending);
    // The page for codes is as well guarded.
    let entry = browser.open(PAGE).await.page();
    let form = entry.form_with("otc").unwrap().filled("otc", device.json.str("user_code"));
    let request = device.client.request(http::Method::POST, PAGE).form(&form.fields);
    assert_eq!(browser.send(request.header("sec-fetch-site", "cross-site")).await.status, 400);
    assert_eq!(other.post(PAGE, &form.fields).await.status, 400);
    assert_eq!(browser.post(PAGE, &form.fields.clone().without("ctx")).await.status, 400);
}

/// Whoever goes straight to the end has not said yes.
#[tokio::test]
async fn dc_12_the_way_back_without_an_answer_approves_nothing() {
    let device = Device::usual().await;
    let mut browser = browser();
    let page = arrives(&mut browser, &device, &alice()).await;
    let ctx = page.form_with("handover").unwrap().fields.get("ctx").unwrap().to_owned();
    let way_back = format!("/common/oauth2/deviceauth/resume?{}", Form::new().with("ctx", ctx).encode());
    assert_eq!(browser.open(&way_back).await.page().answer.status, 400);
    device.poll().await.refused(Aadsts::DeviceCodePending);
}

#[tokio::test]
async fn dc_13_an_applications_name_is_text_on_every_page() {
    let caller = alone(&contoso(), automation()).await;
    let name = "<script>alert(1)</script>\"'&{{7*7}}";
    let body = json!({ "displayName": name, "isFallbackPublicClient": true });
    let registered = caller.registers(body).await;
    let application = Application { client_id: registered.client_id, ..native() };
    let device = Device::of(&client(), application, &contoso().id, "openid").await;
    let mut browser = browser();
    let page = arrives(&mut browser, &device, &alice()).await;
    assert!(
        !page.answer.text().contains("<script>alert") && page.text().contains("{{7*7}}"),
        "{}",
        page.text()
    );
    let done = says(&mut browser, &page, "cancel").await;
    assert!(!done.answer.text().contains("<script>alert"));
}

/// On a server of its own, where nobody else is locked out.
#[tokio::test]
async fn dc_01_after_ten_wrong_codes_a_browser_cannot_try_the_right_one_either() {
    let server = Server::own();
    let client = Client::of(&server);
    let device = Device::of(&client, native(), &contoso().id, USUAL).await;
    let mut browser = Browser::at(&server);
    for n in 0..10 {
        let wrong = types(&mut browser, PAGE, &format!("BBBBBBBB{}", b"BCDFGHJKLM"[n] as char)).await;
        let said = wrong.text_of("#otcError").unwrap();
        assert!(said.contains("No device is waiting"), "{said}");
    }
    let right = types(&mut browser, PAGE, device.json.str("user_code")).await;
    let said = right.text_of("#otcError").unwrap();
    assert!(said.contains("too many wrong codes") && said.contains("15 minutes"), "{said}");
    // Another browser is not concerned, and what was typed before is not on the page of a code that was never asked.
    let other = types(&mut Browser::at(&server), PAGE, device.json.str("user_code")).await;
    assert!(other.form_with("loginfmt").is_some(), "{}", other.text());
}
