//! Consent: the newsletter is registered in Contoso and for everybody; nobody has allowed it anything.

use spec::browser::{Browser, Landing, authorize_at};
use spec::cast::{
    Person, Tenant, alice, bob, carol, contoso, dave, fabrikam, fabrikam_automation, newsletter,
};
use spec::client::Client;
use spec::form::Form;
use spec::page::Page;
use spec::server::Server;
use spec::tokens::Jwt;
use vestibule_wire::aadsts::{Aadsts, OAuthError};

const WHO: &str = "openid profile offline_access User.Read";
const GROUPS: &str = "openid Group.Read.All";

fn address(tenant: &Tenant, request: &Form) -> String {
    authorize_at(&tenant.id, request)
}

/// This person signs in to the newsletter, in a browser of their own.
async fn asked(server: &Server, person: &Person, tenant: &Tenant, scope: &str) -> (Browser, Landing) {
    let mut browser = Browser::at(server);
    let landing = browser.sign_in(person, &address(tenant, &newsletter().authorizes(scope))).await;
    (browser, landing)
}

async fn answer(browser: &mut Browser, page: &Page, consent: &str, everybody: bool) -> Landing {
    let form = page.form_with("consent").unwrap_or_else(|| panic!("{}", page.text()));
    let form = form.filled("consent", consent);
    let form = if everybody { form.filled("on_behalf_of_organization", "yes") } else { form };
    browser.submit(page, &form).await
}

/// The page says that this is for an administrator, and has no way to say yes.
#[track_caller]
fn for_administrators(page: &Page) {
    let label = Aadsts::AdminConsentRequired.row().label();
    assert!(page.text().contains(&label) && !page.has("button[value=accept]"), "{}", page.text());
}

/// An administrator of Fabrikam allows the newsletter what it needs, for everybody.
async fn carol_allows_it(server: &Server, scope: &str) {
    let (mut browser, landing) = asked(server, &carol(), &fabrikam(), scope).await;
    answer(&mut browser, &landing.page(), "accept", true).await.returned().code();
}

#[tokio::test]
async fn a_person_of_another_organisation_allows_it_and_the_application_comes_in() {
    let server = Server::own();
    let client = Client::of(&server);
    let alone = newsletter().for_itself("https://graph.microsoft.com/.default");
    client.token(&fabrikam(), &alone).await.refused(Aadsts::ApplicationNotFound);

    let (mut browser, landing) = asked(&server, &dave(), &fabrikam(), WHO).await;
    let page = landing.page();
    for text in ["Contoso Newsletter", "Fabrikam", "dave@fabrikam.test", "User.Read"] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    assert!(!page.has("[name=on_behalf_of_organization]"), "dave speaks for himself only");
    let returned = answer(&mut browser, &page, "accept", false).await.returned();
    let tokens = client.token(&fabrikam(), &newsletter().redeems(returned.code())).await.tokens();
    assert_eq!(Jwt::read(tokens.id()).claims.str("tid"), fabrikam().id);

    // Allowed once is allowed.
    let request = newsletter().authorizes(WHO);
    browser.open(&address(&fabrikam(), &request)).await.returned().code();
    // Dave spoke for himself.
    let (_, landing) = asked(&server, &carol(), &fabrikam(), WHO).await;
    assert!(landing.page().form_with("consent").is_some());
}

#[tokio::test]
async fn before_anybody_has_allowed_it_silence_is_an_error() {
    let server = Server::own();
    let (mut browser, landing) = asked(&server, &dave(), &fabrikam(), WHO).await;
    landing.page();
    let request = newsletter().authorizes(WHO).with("prompt", "none");
    let returned = browser.open(&address(&fabrikam(), &request)).await.returned();
    returned.refused_as(Aadsts::ConsentMissing, OAuthError::InteractionRequired, &request);
}

#[tokio::test]
async fn cn_05_what_is_allowed_in_one_organisation_is_not_allowed_in_another() {
    let server = Server::own();
    carol_allows_it(&server, WHO).await;
    let (_, landing) = asked(&server, &bob(), &contoso(), WHO).await;
    assert!(landing.page().form_with("consent").is_some());
}

#[tokio::test]
async fn an_administrator_allows_it_for_everybody_and_nobody_else_is_asked() {
    let server = Server::own();
    carol_allows_it(&server, GROUPS).await;
    let (_, landing) = asked(&server, &dave(), &fabrikam(), GROUPS).await;
    let client = Client::of(&server);
    let returned = landing.returned();
    let tokens = client.token(&fabrikam(), &newsletter().redeems(returned.code())).await.tokens();
    assert!(tokens.json.str("scope").contains("Group.Read.All"));
}

#[tokio::test]
async fn cn_04_a_plain_user_is_sent_to_an_administrator_and_cannot_say_yes() {
    let server = Server::own();
    let (mut browser, landing) = asked(&server, &dave(), &fabrikam(), GROUPS).await;
    let page = landing.page();
    for_administrators(&page);
    // A forged yes.
    for_administrators(&answer(&mut browser, &page, "accept", true).await.page());
    let (_, landing) = asked(&server, &carol(), &fabrikam(), WHO).await;
    assert!(landing.page().form_with("consent").is_some(), "nothing was granted");
}

#[tokio::test]
async fn who_says_no_is_brought_back_and_nothing_is_granted() {
    let server = Server::own();
    for (person, scope) in [(dave(), WHO), (dave(), GROUPS), (carol(), GROUPS)] {
        let mut browser = Browser::at(&server);
        let request = newsletter().authorizes(scope);
        let page = browser.sign_in(&person, &address(&fabrikam(), &request)).await.page();
        let returned = answer(&mut browser, &page, "cancel", true).await.returned();
        returned.refused(Aadsts::ConsentDeclined, &request);
        let page = browser.open(&address(&fabrikam(), &request)).await.page();
        assert!(page.form_with("consent").is_some());
    }
}

#[tokio::test]
async fn cn_06_what_was_allowed_does_not_cover_what_is_new() {
    let server = Server::own();
    carol_allows_it(&server, WHO).await;
    let (mut browser, landing) = asked(&server, &carol(), &fabrikam(), GROUPS).await;
    let page = landing.page();
    assert!(page.text().contains("Group.Read.All"));
    answer(&mut browser, &page, "accept", false).await.returned().code();
    // For herself this time: dave is not covered.
    let (_, landing) = asked(&server, &dave(), &fabrikam(), GROUPS).await;
    for_administrators(&landing.page());
}

#[tokio::test]
async fn prompt_consent_asks_again() {
    let server = Server::own();
    carol_allows_it(&server, WHO).await;
    let (mut browser, landing) = asked(&server, &dave(), &fabrikam(), WHO).await;
    landing.returned().code();
    let request = newsletter().authorizes(WHO).with("prompt", "consent");
    let page = browser.open(&address(&fabrikam(), &request)).await.page();
    answer(&mut browser, &page, "accept", false).await.returned().code();
}

#[tokio::test]
async fn cn_02_an_answer_is_sent_by_our_page_in_this_browser_and_never_by_a_link() {
    let server = Server::own();
    let (mut browser, landing) = asked(&server, &dave(), &fabrikam(), WHO).await;
    let page = landing.page();
    let form = page.form_with("consent").unwrap().filled("consent", "accept");
    assert_eq!(form.action, "/signin/consent");
    let policy = page.answer.header("content-security-policy").unwrap_or_default();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let link = format!("{}?{}", form.action, form.fields.encode());
    assert!(browser.open(&link).await.page().refused(Aadsts::FlowExpired).contains("expired"));
    // Another browser, with the same form.
    let elsewhere = Browser::at(&server).submit(&page, &form).await.page();
    elsewhere.refused(Aadsts::FlowExpired);
    // Another site.
    let forged = browser.client().request(http::Method::POST, &form.action).form(&form.fields);
    let forged = browser.send(forged.header("origin", "https://evil.example")).await;
    Page::of(&forged).refused(Aadsts::RequestMalformed);
    let (_, landing) = asked(&server, &dave(), &fabrikam(), WHO).await;
    assert!(landing.page().form_with("consent").is_some(), "nothing was granted");
}

const V1: &str = "/adminconsent";
const V2: &str = "/v2.0/adminconsent";

fn admin_consent(tenant: &str, path: &str, form: &Form) -> String {
    format!("/{tenant}{path}?{}", form.encode())
}

fn by_administrator() -> Form {
    Form::new()
        .with("client_id", newsletter().client_id)
        .with("redirect_uri", newsletter().redirect_uri())
        .with("state", "of mind")
}

#[tokio::test]
async fn administrator_consent_allows_all_that_is_registered_and_the_application_may_work_alone() {
    let server = Server::own();
    let mut browser = Browser::at(&server);
    let address = admin_consent("organizations", V1, &by_administrator());
    let page = browser.sign_in(&carol(), &address).await.page();
    for text in ["Group.Read.All", "User.Read.All", "Fabrikam", "carol@fabrikam.test"] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    let returned = answer(&mut browser, &page, "accept", false).await.returned();
    let fields: Vec<_> = returned.fields.pairs().collect();
    let tenant = fabrikam().id;
    assert_eq!(fields, [("admin_consent", "True"), ("tenant", tenant.as_str()), ("state", "of mind")]);

    let client = Client::of(&server);
    let request = newsletter().for_itself("https://graph.microsoft.com/.default");
    let token = client.token(&fabrikam(), &request).await.tokens();
    assert_eq!(Jwt::read(token.access()).claims.strings("roles"), ["User.Read.All"]);
    let (_, landing) = asked(&server, &dave(), &fabrikam(), GROUPS).await;
    landing.returned().code();
}

#[tokio::test]
async fn administrator_consent_to_some_permissions_allows_those() {
    let server = Server::own();
    let mut browser = Browser::at(&server);
    let form = by_administrator().with("scope", "https://graph.microsoft.com/User.Read openid");
    let page = browser.sign_in(&carol(), &admin_consent("fabrikam.test", V2, &form)).await.page();
    assert!(!page.text().contains("Group.Read.All"), "{}", page.text());
    let returned = answer(&mut browser, &page, "accept", false).await.returned();
    assert_eq!(returned.get("scope"), "https://graph.microsoft.com/User.Read openid");
    let (_, landing) = asked(&server, &dave(), &fabrikam(), WHO).await;
    landing.returned().code();
}

#[tokio::test]
async fn an_administrator_who_says_no_is_told_of_in_the_words_of_each_endpoint() {
    let server = Server::own();
    let mut browser = Browser::at(&server);
    let page =
        browser.sign_in(&carol(), &admin_consent("fabrikam.test", V1, &by_administrator())).await.page();
    let returned = answer(&mut browser, &page, "cancel", false).await.returned();
    assert_eq!(returned.get("error"), "permission_denied");
    assert_eq!(returned.get("error_description"), "The admin canceled the request");
    let form = by_administrator().with("scope", "/.default");
    let page = browser.open(&admin_consent("fabrikam.test", V2, &form)).await.page();
    let returned = answer(&mut browser, &page, "cancel", false).await.returned();
    assert_eq!((returned.get("admin_consent"), returned.get("error")), ("True", "consent_required"));
    assert!(returned.get("error_description").starts_with("AADSTS65004"));
}

#[tokio::test]
async fn cn_04_administrator_consent_is_for_administrators_of_that_organisation() {
    let server = Server::own();
    let address = admin_consent("fabrikam.test", V1, &by_administrator());
    let page = Browser::at(&server).sign_in(&dave(), &address).await.page();
    for_administrators(&page);
    let page = Browser::at(&server).sign_in(&alice(), &address).await.page();
    page.refused(Aadsts::UserNotInTenant);
}

#[tokio::test]
async fn administrator_consent_without_a_redirect_uri_ends_on_a_page() {
    let server = Server::own();
    let mut browser = Browser::at(&server);
    let form = Form::new().with("client_id", newsletter().client_id);
    let page = browser.sign_in(&carol(), &admin_consent("fabrikam.test", V1, &form)).await.page();
    let done = answer(&mut browser, &page, "accept", false).await.page();
    assert!(done.text().contains("Contoso Newsletter") && done.text().contains("Fabrikam"));
}

#[tokio::test]
async fn a_bad_request_for_administrator_consent_is_a_page_that_says_so() {
    let browser = spec::browser::browser;
    let refused = async |form: Form, path, code| {
        browser().open(&admin_consent("fabrikam.test", path, &form)).await.page().refused(code);
    };
    refused(Form::new(), V1, Aadsts::ParameterMissing).await;
    refused(by_administrator(), V2, Aadsts::ParameterMissing).await;
    refused(by_administrator().with("scope", "a\u{1}b"), V2, Aadsts::ScopeInvalid).await;
    refused(by_administrator().with("client_id", "nobody"), V1, Aadsts::ApplicationNotFound).await;
    refused(
        by_administrator().with("client_id", spec::cast::web().client_id),
        V1,
        Aadsts::ApplicationNotFound,
    )
    .await;
    let single = Form::new().with("client_id", spec::cast::web().client_id);
    browser().open(&admin_consent("organizations", V1, &single)).await.page().refused(Aadsts::NotMultiTenant);
    let elsewhere = by_administrator().with("redirect_uri", "https://evil.example/");
    refused(elsewhere, V1, Aadsts::RedirectUriMismatch).await;
    refused(by_administrator().with("state", "x".repeat(5000)), V1, Aadsts::ParameterInvalid).await;
}

#[tokio::test]
async fn an_administrator_allows_what_they_are_not_assigned_to_themselves() {
    let server = Server::own();
    let address = admin_consent("fabrikam.test", V1, &by_administrator());
    let mut browser = Browser::at(&server);
    let page = browser.sign_in(&carol(), &address).await.page();
    answer(&mut browser, &page, "accept", false).await.returned();
    let client = Client::of(&server);
    let looks_after = fabrikam_automation().for_itself("https://graph.microsoft.com/.default");
    let token = client.token(&fabrikam(), &looks_after).await.tokens();
    let path = format!("/graph/v1.0/servicePrincipals(appId='{}')", newsletter().client_id);
    let body = r#"{"appRoleAssignmentRequired":true}"#;
    let required = client.request(http::Method::PATCH, &path).bearer(token.access());
    required.body("application/json", body).send().await.is(204);
    let page = browser.open(&address).await.page();
    let returned = answer(&mut browser, &page, "accept", false).await.returned();
    assert_eq!(returned.get("admin_consent"), "True");
}

#[tokio::test]
async fn what_is_not_in_the_organisation_cannot_be_allowed_there() {
    let form = by_administrator().with("scope", spec::cast::TASKS_READ);
    let mut browser = spec::browser::browser();
    let landing = browser.sign_in(&carol(), &admin_consent("fabrikam.test", V2, &form)).await;
    landing.page().refused(Aadsts::ResourceNotInTenant);
}

#[tokio::test]
async fn the_way_back_of_administrator_consent_is_no_door() {
    for path in ["/fabrikam.test/adminconsent/resume", "/fabrikam.test/v2.0/adminconsent/resume?ctx=forged"] {
        spec::browser::browser().open(path).await.page().refused(Aadsts::RequestMalformed);
    }
}

#[tokio::test]
async fn cn_01_an_organisation_decides_what_its_people_may_consent_to() {
    let server = Server::own();
    let client = Client::of(&server);
    let looks_after = fabrikam_automation().for_itself("https://graph.microsoft.com/.default");
    let token = client.token(&fabrikam(), &looks_after).await.tokens();
    let policy = |assigned: &str| {
        let body =
            format!(r#"{{"defaultUserRolePermissions":{{"permissionGrantPoliciesAssigned":[{assigned}]}}}}"#);
        client
            .request(http::Method::PATCH, "/graph/v1.0/policies/authorizationPolicy")
            .bearer(token.access())
            .body("application/json", body)
            .send()
    };
    // Nothing: not even to say who they are.
    policy("").await.is(204);
    let (_, landing) = asked(&server, &dave(), &fabrikam(), "openid").await;
    for_administrators(&landing.page());
    // Anything that is not for administrators, to anybody.
    policy(r#""ManagePermissionGrantsForSelf.microsoft-user-default-legacy""#).await.is(204);
    let (_, landing) = asked(&server, &dave(), &fabrikam(), "openid Mail.Read").await;
    assert!(landing.page().has("button[value=accept]"));
    let (_, landing) = asked(&server, &dave(), &fabrikam(), GROUPS).await;
    for_administrators(&landing.page());
    // Little, as at the beginning.
    policy(r#""ManagePermissionGrantsForSelf.microsoft-user-default-low""#).await.is(204);
    let (_, landing) = asked(&server, &dave(), &fabrikam(), "openid Mail.Read").await;
    for_administrators(&landing.page());
    policy(r#""ManagePermissionGrantsForSelf.everything""#).await.is(400);
}
