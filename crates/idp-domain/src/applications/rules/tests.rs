//! Each rule, by a registration that keeps it and one that breaks it.

mod addresses;

use serde_json::json;
use uuid::Uuid;
use vestibule_wire::graph::{
    AppRole, MemberType, OptionalClaim, PermissionScope, PermissionType, PreAuthorizedApplication,
    RequiredResourceAccess, ResourceAccess, ResourceAccessType,
};
use vestibule_wire::ids::{ApplicationId, ClientId, TenantId};

use super::*;
use crate::applications::{FederatedCredential, Platform, RedirectUri, SignInAudience, TokenVersion};

const TENANT: TenantId = TenantId::from_u128(0xc0470500_0000_4000_8000_000000000001);
const CLIENT: ClientId = ClientId::from_u128(0xa11ce000_0000_4000_8000_000000000002);

fn tasks() -> Application {
    Application::new(TENANT, ApplicationId::from_u128(3), CLIENT, "Tasks".into())
}

fn scope(number: u128, value: &str) -> PermissionScope {
    PermissionScope {
        id: Uuid::from_u128(number),
        value: value.into(),
        kind: PermissionType::User,
        admin_consent_display_name: None,
        admin_consent_description: None,
        user_consent_display_name: None,
        user_consent_description: None,
        is_enabled: true,
    }
}

fn role(number: u128, value: &str) -> AppRole {
    AppRole {
        id: Uuid::from_u128(number),
        value: Some(value.into()),
        display_name: "d".into(),
        description: "d".into(),
        allowed_member_types: vec![MemberType::Application],
        is_enabled: true,
    }
}

/// What `check` says of a change from `old`, as pairs of member and rule.
fn changed(old: Option<&Application>, new: &Application) -> Vec<(String, Rule)> {
    let domains = ["contoso.test".to_owned(), "contoso.onmicrosoft.com".to_owned()];
    let circumstances = Circumstances { domains: &domains, registered_before: false };
    let problems = check(new, old, &circumstances).err().unwrap_or_default();
    problems.into_iter().map(|problem| (problem.member, problem.rule)).collect()
}

fn broken(change: impl FnOnce(&mut Application)) -> Vec<(String, Rule)> {
    let mut new = tasks();
    change(&mut new);
    changed(None, &new)
}

fn says(found: Vec<(String, Rule)>, member: &str, rule: Rule) {
    assert_eq!(found, [(member.to_owned(), rule)]);
}

#[test]
fn an_application_with_nothing_but_a_name_is_sound() {
    assert_eq!(broken(|_| {}), []);
}

#[test]
fn a_name_is_there_and_not_endless() {
    says(broken(|app| app.display_name = " ".into()), "displayName", Rule::Length);
    says(broken(|app| app.display_name = "ä".repeat(257)), "displayName", Rule::Length);
    says(broken(|app| app.display_name = "a\nb".into()), "displayName", Rule::Form);
    assert_eq!(broken(|app| app.display_name = "ä".repeat(256)), []);
}

#[test]
fn cn_08_nobody_registers_under_a_well_known_client_id() {
    for id in [
        ClientId::MICROSOFT_GRAPH,
        ClientId::from_u128(0x00000002_0000_0000_c000_000000000000),
        ClientId::from_u128(0x04b07795_8ddb_461a_bbee_02f9e1bf7b46),
        ClientId::from_u128(0x14d82eec_204b_4c2f_b7e8_296a70dab67e),
    ] {
        says(broken(|app| app.client_id = id), "appId", Rule::Reserved);
    }
    assert!(!is_reserved(CLIENT));
}

#[test]
fn ids_do_not_change() {
    let mut new = tasks();
    new.client_id = ClientId::from_u128(9);
    says(changed(Some(&tasks()), &new), "appId", Rule::Immutable);
}

#[test]
fn cn_10_a_name_says_whose_it_is() {
    let uri = |uri: &str| broken(|app| app.identifier_uris = vec![uri.to_owned()]);
    for good in [
        format!("api://{CLIENT}"),
        format!("api://{CLIENT}/tasks"),
        format!("api://{TENANT}/tasks"),
        format!("api://{TENANT}/{CLIENT}"),
        format!("api://tasks/{CLIENT}"),
        "https://contoso.test".into(),
        "https://contoso.test/tasks".into(),
        "https://tasks.contoso.test".into(),
        "https://CONTOSO.test/tasks?x=1".into(),
        "https://contoso.onmicrosoft.com/tasks".into(),
        "api://contoso.test/tasks".into(),
        "api://tasks.contoso.test/x".into(),
    ] {
        assert_eq!(uri(&good), [], "{good}");
    }
    for foreign in [
        "https://fabrikam.test/tasks",
        "https://contoso.test.evil.test/",
        "https://evilcontoso.test/tasks",
        "https://.contoso.test",
        "api://tasks",
        "api://00000003-0000-0000-c000-000000000000",
        "api://00000003-0000-0000-c000-000000000000/tasks",
        "api:///a11ce000-0000-4000-8000-000000000002",
        "http://contoso.test/tasks",
        "https://graph.microsoft.com",
        "urn:contoso:tasks",
        "tasks://contoso.test",
    ] {
        let found = uri(foreign);
        assert_eq!(found.len(), 1, "{foreign}: {found:?}");
        assert!(matches!(found[0].1, Rule::NotOnVerifiedDomain | Rule::Form), "{foreign}: {found:?}");
    }
    says(uri("https://fabrikam.test/tasks"), "identifierUris[0]", Rule::NotOnVerifiedDomain);
    for bad in [
        "https://contoso.test/#x",
        "https://contoso.test/*",
        "https://*.contoso.test",
        "https://contoso.test/",
        "tasks",
        "https://u:p@contoso.test/tasks",
        "https://contoso.test/a b",
        "https://contoso.test\\@evil.test",
        "javascript:alert(1)",
        "https://contoso.test/ä",
    ] {
        says(uri(bad), "identifierUris[0]", Rule::Form);
    }
    says(uri(&format!("https://contoso.test/{}", "x".repeat(256))), "identifierUris[0]", Rule::Length);
    says(uri(""), "identifierUris[0]", Rule::Length);
    let twice = broken(|app| {
        app.identifier_uris = vec![format!("api://{CLIENT}"), format!("API://{CLIENT}")];
    });
    says(twice, "identifierUris[1]", Rule::Duplicate);
}

#[test]
fn a_name_that_was_there_before_stays() {
    let mut old = tasks();
    old.identifier_uris = vec!["https://sold.example/tasks/".into()];
    let mut new = old.clone();
    new.display_name = "Chores".into();
    assert_eq!(changed(Some(&old), &new), []);
    new.identifier_uris.push("https://sold.example/more".into());
    says(changed(Some(&old), &new), "identifierUris[1]", Rule::NotOnVerifiedDomain);
    let before = Circumstances { domains: &[], registered_before: true };
    new.identifier_uris.push("urn:contoso:tasks".into());
    assert_eq!(check(&new, None, &before), Ok(()));
    new.identifier_uris.push("javascript:alert(1)".into());
    assert!(check(&new, None, &before).is_err());
}

#[test]
fn permissions_share_ids_and_enabled_values() {
    let found = broken(|app| {
        app.delegated_permissions =
            vec![scope(1, "Tasks.Read"), scope(1, "Tasks.Write"), scope(2, "tasks.READ")];
        app.app_roles = vec![role(1, "Tasks.Do"), role(3, "Tasks.Write"), role(0, "Nil")];
    });
    let expected = [
        ("api.oauth2PermissionScopes[1].id", Rule::Duplicate),
        ("api.oauth2PermissionScopes[2].value", Rule::Duplicate),
        ("appRoles[0].id", Rule::Duplicate),
        ("appRoles[1].value", Rule::Duplicate),
        ("appRoles[2].id", Rule::Form),
    ];
    assert_eq!(found, expected.map(|(member, rule)| (member.to_owned(), rule)));
    let disabled = broken(|app| {
        let old = PermissionScope { is_enabled: false, ..scope(2, "Tasks.Read") };
        app.delegated_permissions = vec![scope(1, "Tasks.Read"), old];
    });
    assert_eq!(disabled, []);
}

#[test]
fn values_of_permissions_have_the_characters_of_scopes() {
    let value = |value: &str| broken(|app| app.delegated_permissions = vec![scope(1, value)]);
    for good in ["Tasks.Read", "user_impersonation", "a:b!#$%&'()*+,-./;=?@[]^_{}~1", &"x".repeat(120)] {
        assert_eq!(value(good), [], "{good}");
    }
    for (bad, rule) in [
        ("a b", Rule::Form),
        (".default", Rule::Form),
        ("a\"b", Rule::Form),
        ("a\\b", Rule::Form),
        ("ä", Rule::Form),
        ("", Rule::Length),
        (&*"x".repeat(121), Rule::Length),
    ] {
        says(value(bad), "api.oauth2PermissionScopes[0].value", rule);
    }
    says(broken(|app| app.app_roles = vec![role(1, "a b")]), "appRoles[0].value", Rule::Form);
    assert_eq!(broken(|app| app.app_roles = vec![AppRole { value: None, ..role(1, "") }]), []);
    let nobody = broken(|app| app.app_roles = vec![AppRole { allowed_member_types: vec![], ..role(1, "a") }]);
    says(nobody, "appRoles[0].allowedMemberTypes", Rule::Length);
}

#[test]
fn a_permission_is_disabled_before_it_goes() {
    let mut old = tasks();
    old.delegated_permissions = vec![scope(1, "Tasks.Read")];
    old.app_roles = vec![role(2, "Tasks.Do")];
    says(
        changed(Some(&old), &Application { app_roles: vec![], ..old.clone() }),
        "appRoles",
        Rule::EnabledEntitlement,
    );
    let without = Application { delegated_permissions: vec![], ..old.clone() };
    says(changed(Some(&old), &without), "api.oauth2PermissionScopes", Rule::EnabledEntitlement);
    let renamed = Application { delegated_permissions: vec![scope(1, "Tasks.See")], ..old.clone() };
    says(changed(Some(&old), &renamed), "api.oauth2PermissionScopes[0].value", Rule::EnabledEntitlement);
    let mut for_users = old.clone();
    for_users.app_roles[0].allowed_member_types = vec![MemberType::User];
    says(changed(Some(&old), &for_users), "appRoles[0].allowedMemberTypes", Rule::EnabledEntitlement);
    // Titles may change, and more kinds of members may come.
    let mut retitled = old.clone();
    retitled.app_roles[0].display_name = "other".into();
    retitled.app_roles[0].allowed_member_types.push(MemberType::User);
    assert_eq!(changed(Some(&old), &retitled), []);
    let mut disabled = old.clone();
    disabled.delegated_permissions[0].is_enabled = false;
    disabled.app_roles[0].is_enabled = false;
    assert_eq!(changed(Some(&old), &disabled), []);
    assert_eq!(changed(Some(&disabled), &tasks()), []);
}

fn web(uri: &str) -> RedirectUri {
    RedirectUri::register(Platform::Web, uri).unwrap()
}

#[test]
fn redirect_uris_are_counted_and_stand_on_one_platform() {
    let many = |count: usize| (0..count).map(|n| web(&format!("https://a.example/{n}"))).collect::<Vec<_>>();
    assert_eq!(broken(|app| app.redirect_uris = many(256)), []);
    says(broken(|app| app.redirect_uris = many(257)), "web.redirectUris", Rule::Count);
    let spa = RedirectUri::register(Platform::Spa, "https://a.example/").unwrap();
    let both =
        broken(|app| app.redirect_uris = vec![web("https://a.example/x"), web("https://a.example"), spa]);
    says(both, "spa.redirectUris[0]", Rule::Duplicate);
}

#[test]
fn az_05_az_06_az_08_az_09_a_stored_redirect_uri_is_looked_at_again() {
    for uri in ["https://a.example/#x", "javascript:alert(1)", "http://a.example/", "https://a.example/*"] {
        let stored = json!({ "platform": "native", "uri": uri });
        let uri: RedirectUri = serde_json::from_value(stored).unwrap();
        says(broken(|app| app.redirect_uris = vec![uri]), "publicClient.redirectUris[0]", Rule::Form);
    }
}

fn needs(resource: u128, permissions: std::ops::Range<u128>) -> RequiredResourceAccess {
    let kind = ResourceAccessType::Scope;
    let resource_access = permissions.map(|n| ResourceAccess { id: Uuid::from_u128(n), kind }).collect();
    RequiredResourceAccess { resource_app_id: ClientId::from_u128(resource), resource_access }
}

#[test]
fn the_permissions_it_needs_are_counted() {
    let required = |list: Vec<RequiredResourceAccess>| broken(|app| app.required_resource_access = list);
    assert_eq!(required((0..50).map(|n| needs(n, 0..8)).collect()), []);
    let found = required((0..51).map(|n| needs(n, 0..1)).collect());
    says(found, "requiredResourceAccess", Rule::Count);
    says(required(vec![needs(1, 0..401)]), "requiredResourceAccess", Rule::Count);
    let twice = required(vec![needs(1, 0..1), needs(1, 1..2)]);
    says(twice, "requiredResourceAccess[1].resourceAppId", Rule::Duplicate);
    let mut one = needs(1, 0..1);
    one.resource_access.push(one.resource_access[0]);
    says(required(vec![one]), "requiredResourceAccess[0].resourceAccess[1].id", Rule::Duplicate);
}

#[test]
fn a_pre_authorized_client_uses_permissions_that_are_there() {
    let client = |ids: Vec<Uuid>| PreAuthorizedApplication { app_id: CLIENT, delegated_permission_ids: ids };
    let (there, not) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let found = broken(|app| {
        app.delegated_permissions = vec![scope(1, "Tasks.Read")];
        app.pre_authorized = vec![client(vec![there, not]), client(vec![there, there])];
    });
    let expected = [
        ("api.preAuthorizedApplications[0].delegatedPermissionIds[1]", Rule::Unknown),
        ("api.preAuthorizedApplications[1].appId", Rule::Duplicate),
        ("api.preAuthorizedApplications[1].delegatedPermissionIds[1]", Rule::Duplicate),
    ];
    assert_eq!(found, expected.map(|(member, rule)| (member.to_owned(), rule)));
    says(
        broken(|app| app.known_clients = vec![CLIENT, CLIENT]),
        "api.knownClientApplications[1]",
        Rule::Duplicate,
    );
}

#[test]
fn optional_claims_have_names_that_mean_something() {
    assert!(optional_claims::is_known("acct") && optional_claims::is_known("ztdid"));
    let claim = |name: &str, source: Option<&str>| OptionalClaim {
        name: name.into(),
        source: source.map(str::to_owned),
        ..OptionalClaim::default()
    };
    let claims = |list: Vec<OptionalClaim>| broken(|app| app.optional_claims.access_token = list);
    let extension = "extension_ab603c56068041afb2f6832e2a17e237_skypeId";
    assert_eq!(claims(vec![claim("upn", None), claim("email", None), claim(extension, Some("user"))]), []);
    says(claims(vec![claim("isAdmin", None)]), "optionalClaims.accessToken[0].name", Rule::Unknown);
    says(claims(vec![claim("upn", Some("user"))]), "optionalClaims.accessToken[0].name", Rule::Unknown);
    says(claims(vec![claim("upn", Some("x"))]), "optionalClaims.accessToken[0].source", Rule::Unknown);
    let twice = claims(vec![claim("upn", None), claim("upn", None)]);
    says(twice, "optionalClaims.accessToken[1].name", Rule::Duplicate);
}

fn federated(number: u128) -> FederatedCredential {
    FederatedCredential {
        id: Uuid::from_u128(number),
        name: format!("main-{number}"),
        issuer: "https://token.actions.example".into(),
        subject: format!("repo:contoso/tasks:ref:{number}"),
        audiences: vec!["api://AzureADTokenExchange".into()],
        description: None,
    }
}

#[test]
fn federated_credentials_are_few_named_once_and_for_good_and_trust_one_issuer() {
    let with = |list: Vec<FederatedCredential>| broken(|app| app.federated_credentials = list);
    assert_eq!(with((0..20).map(federated).collect()), []);
    says(with((0..21).map(federated).collect()), "federatedIdentityCredentials", Rule::Count);
    let at = |member: &str| format!("federatedIdentityCredentials[0].{member}");
    let one = |change: fn(&mut FederatedCredential)| {
        let mut credential = federated(1);
        change(&mut credential);
        with(vec![credential])
    };
    for name in ["ab", "a b c", "-abc", "a/b/c", ""] {
        let mut credential = federated(1);
        credential.name = name.into();
        says(with(vec![credential]), &at("name"), Rule::Form);
    }
    says(one(|c| c.issuer = "http://a.example".into()), &at("issuer"), Rule::Form);
    says(one(|c| c.issuer = "https://a.example/?x".into()), &at("issuer"), Rule::Form);
    says(one(|c| c.subject = String::new()), &at("subject"), Rule::Length);
    says(one(|c| c.subject = " x".into()), &at("subject"), Rule::Length);
    says(one(|c| c.audiences = vec![]), &at("audiences"), Rule::Count);
    says(one(|c| c.audiences.push("x".into())), &at("audiences"), Rule::Count);
    says(one(|c| c.description = Some("x".repeat(601))), &at("description"), Rule::Length);
    let same_name = FederatedCredential { name: "MAIN-1".into(), ..federated(2) };
    says(with(vec![federated(1), same_name]), "federatedIdentityCredentials[1].name", Rule::Duplicate);
    let same_subject = FederatedCredential { subject: federated(1).subject, ..federated(2) };
    says(with(vec![federated(1), same_subject]), "federatedIdentityCredentials[1].subject", Rule::Duplicate);
    let mut old = tasks();
    old.federated_credentials = vec![federated(1)];
    let mut new = old.clone();
    new.federated_credentials[0].name = "other".into();
    says(changed(Some(&old), &new), &at("name"), Rule::Immutable);
}

#[test]
fn a_token_lives_ten_minutes_to_a_day() {
    for (seconds, good) in [(599, false), (600, true), (86_400, true), (86_401, false)] {
        assert_eq!(broken(|app| app.token_lifetime = Some(seconds)).is_empty(), good, "{seconds}");
    }
}

#[test]
fn personal_accounts_narrow_what_is_possible() {
    let personal = |change: fn(&mut Application)| {
        broken(|app| {
            app.sign_in_audience = SignInAudience::AzureADandPersonalMicrosoftAccount;
            app.access_token_version = TokenVersion::V2;
            change(app);
        })
    };
    assert_eq!(personal(|_| {}), []);
    for version in [TokenVersion::Unsaid, TokenVersion::V1] {
        let found = broken(|app| {
            app.sign_in_audience = SignInAudience::PersonalMicrosoftAccount;
            app.access_token_version = version;
        });
        says(found, "api.requestedAccessTokenVersion", Rule::TokenVersion);
    }
    const RULE: Rule = Rule::PersonalAccounts;
    says(personal(|app| app.display_name = "x".repeat(91)), "displayName", RULE);
    let query = personal(|app| app.redirect_uris = vec![web("https://a.example/?x=1")]);
    says(query, "web.redirectUris[0]", RULE);
    let many = personal(|app| {
        app.redirect_uris = (0..101).map(|n| web(&format!("https://a.example/{n}"))).collect();
    });
    says(many, "web.redirectUris", Rule::Count);
    let one = personal(|app| app.required_resource_access = vec![needs(1, 0..31)]);
    says(one, "requiredResourceAccess[0].resourceAccess", RULE);
    let all = personal(|app| app.required_resource_access = (0..8).map(|n| needs(n, 0..26)).collect());
    says(all, "requiredResourceAccess", RULE);
    says(personal(|app| app.app_roles = vec![role(1, "Tasks.Do")]), "appRoles", RULE);
    let long = personal(|app| app.delegated_permissions = vec![scope(1, &"x".repeat(41))]);
    says(long, "api.oauth2PermissionScopes[0].value", RULE);
    let uri = personal(|app| app.identifier_uris = vec![format!("https://contoso.test/{}", "x".repeat(100))]);
    says(uri, "identifierUris[0]", RULE);
}

#[test]
fn a_credential_has_an_id_of_its_own_and_a_name_fit_to_be_shown() {
    let certificate = |number: u128, name: &str| crate::applications::Certificate {
        id: Uuid::from_u128(number),
        display_name: Some(name.into()),
        der: String::new(),
        thumbprint: String::new(),
        starts_at: jiff::Timestamp::UNIX_EPOCH,
        expires_at: jiff::Timestamp::MAX,
        parsed: Default::default(),
    };
    let with = |list| broken(|app| app.certificates = list);
    assert_eq!(with(vec![certificate(1, "CN=a"), certificate(2, "CN=a")]), []);
    let twice = with(vec![certificate(1, "a"), certificate(1, "b")]);
    says(twice, "keyCredentials[1].keyId", Rule::Duplicate);
    says(with(vec![certificate(1, "a\u{1b}[31m")]), "keyCredentials[0].displayName", Rule::Form);
    says(with(vec![certificate(1, &"x".repeat(257))]), "keyCredentials[0].displayName", Rule::Form);
}

/// A file may be large; looking at it takes no longer than reading it.
#[test]
fn a_registration_that_is_much_too_large_is_refused_for_that_alone() {
    let uri = web("https://a.example/");
    says(broken(|app| app.redirect_uris = vec![uri; 200_000]), "", Rule::Count);
}

#[test]
fn all_lists_together_have_1200_entries() {
    let fill =
        |count: u128| broken(|app| app.app_roles = (1..=count).map(|n| role(n, &format!("r{n}"))).collect());
    assert_eq!(fill(1200), []);
    says(fill(1201), "", Rule::Count);
}

#[test]
fn all_problems_are_told_at_once_but_not_endlessly() {
    let found = broken(|app| {
        app.display_name = String::new();
        app.token_lifetime = Some(1);
        app.known_clients = vec![CLIENT; 500];
    });
    assert_eq!(found.len(), MAX_PROBLEMS);
    assert_eq!(found[0].0, "displayName");
}
