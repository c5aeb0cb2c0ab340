//! Broken files: each is refused, with the path of what is broken.

use idp_domain::store::{Directory as _, Tenants as _};
use serde_json::{Value, json};
use vestibule_wire::ids::TenantId;

use super::{Audience, Place, acme};

/// Where a file is broken, by what, which path is told, and a word of what is told of it.
type Broken = (&'static str, Value, &'static str, &'static str);

#[rustfmt::skip]
fn the_file_and_the_tenant() -> Vec<Broken> {
    vec![
        ("/format", json!("vestibule-tenant/9"), "format", "vestibule-tenant/1"),
        ("/format", json!(1), "format", "vestibule-tenant/1"),
        ("/organization", Value::Null, "organization", "not an object"),
        ("/users", json!({}), "users", "not a list"),
        ("/people", json!([]), "people", "no such member"),
        ("/groups/1", json!("Sales"), "groups[1]", "not an object"),
        ("/organization/domains", json!([]), "organization.domains", "at least one"),
        ("/organization/domains/1", json!("acme"), "organization.domains[1]", "not a domain name"),
        ("/organization/domains/1", json!("ACME.test"), "organization.domains[1]", "twice"),
        ("/organization/id", json!("acme"), "organization.id", "not a GUID"),
        ("/organization/id", json!(TenantId::CONSUMERS), "organization.id", "every installation"),
        ("/organization/displayName", json!(""), "organization.displayName", "1 to 256"),
        ("/organization/userConsent", json!("maybe"), "organization.userConsent", "lowRisk"),
        ("/organization/refreshTokens", json!(true), "organization.refreshTokens", "not text"),
        ("/organization/passwordGrant", json!("maybe"), "organization.passwordGrant", "blockedForRoles"),
        ("/organization/deviceCode", json!(false), "organization.deviceCode", "not text"),
        ("/organization/tokenLifetime", json!(5), "organization.tokenLifetime", "from 600"),
        ("/organization/motto", json!("x"), "organization.motto", "no such member"),
    ]
}

#[rustfmt::skip]
fn users_and_groups() -> Vec<Broken> {
    vec![
        ("/users/1/userPrincipalName", json!("ben@elsewhere.test"), "users[1].userPrincipalName", "organization.domains"),
        ("/users/1/userPrincipalName", json!("ben"), "users[1].userPrincipalName", "name@domain"),
        ("/users/1/userPrincipalName", Value::Null, "users[1].userPrincipalName", "missing"),
        ("/users/1/userPrincipalName", json!("ANN@acme.test"), "users[1].userPrincipalName", "another user's name"),
        ("/users/1/id", json!("0"), "users[1].id", "not a GUID"),
        ("/users/0/directoryRoles/0", json!("King"), "users[0].directoryRoles[0]", "no directory role"),
        ("/users/0/directoryRoles", json!("Global Administrator"), "users[0].directoryRoles", "list of texts"),
        ("/users/0/password", json!("short"), "users[0].password", "8 to 256"),
        ("/users/0/password", json!(12345678), "users[0].password", "not text"),
        ("/users/0/passwordHash", json!("AQAA"), "users[0].passwordHash", "another master key"),
        ("/users/0/passwordProfile", json!({ "password": "Correct-Horse-7" }), "users[0].passwordProfile", "say password"),
        ("/users/0/isAdmin", json!(true), "users[0].isAdmin", "no such member"),
        ("/users/0/proxyAddresses", json!([]), "users[0].proxyAddresses", "cannot be set"),
        ("/users/1/usageLocation", json!("Holland"), "users[1].usageLocation", "two letters"),
        ("/users/1/accountEnabled", json!("no"), "users[1].accountEnabled", "Boolean"),
        ("/users/1/businessPhones", json!([1]), "users[1].businessPhones[0]", "String"),
        ("/users/1/manager", json!("carl@acme.test"), "users[1].manager", "nothing in the file"),
        ("/users/1/manager", json!("Sales"), "users[1].manager", "a group"),
        ("/users/1/manager", json!("ben@eu.acme.test"), "users[1].manager", "itself"),
        ("/users/1/createdDateTime", json!("yesterday"), "users[1].createdDateTime", "a time"),
        ("/groups/1/displayName", Value::Null, "groups[1].displayName", "missing"),
        ("/groups/1/displayName", json!("Staff"), "groups[1].id", "another object"),
        ("/groups/0/members/0", json!("carl@acme.test"), "groups[0].members[0]", "nothing in the file"),
        ("/groups/0/members/0", json!("22222222-2222-4222-8222-222222222222"), "groups[0].members[0]", "has the id"),
        ("/groups/0/members/0", json!("Staff"), "groups[0].members[0]", "itself"),
        ("/groups/0/members/0", json!("SALES"), "groups[0].members[1]", "twice"),
        ("/groups/0/owners/0", json!("Sales"), "groups[0].owners[0]", "a group"),
        ("/groups/0/isAssignableToRole", json!(true), "groups[0].members[1]", "a group"),
        ("/groups/2/groupTypes", json!(["DynamicMembership"]), "groups[2].groupTypes", "not supported"),
        ("/groups/2/mailEnabled", json!(false), "groups[2].securityEnabled", "mail-enabled"),
        ("/groups/2/mailNickname", json!("a b"), "groups[2].mailNickname", "1 to 64"),
        ("/groups/2/membershipRule", json!("true"), "groups[2].membershipRule", "cannot be set"),
    ]
}

#[rustfmt::skip]
fn applications() -> Vec<Broken> {
    vec![
        ("/applications/1/displayName", Value::Null, "applications[1].displayName", "missing"),
        ("/applications/1/appId", json!("00000003-0000-0000-c000-000000000000"), "applications[1].appId", "another application"),
        ("/applications/1/web/redirectUris/0", json!("http://acme.test/"), "applications[1].web.redirectUris[0]", "localhost"),
        ("/applications/1/web/redirectUris/0", json!("https://*.acme.test/"), "applications[1].web.redirectUris[0]", "wildcards"),
        ("/applications/1/signInAudience", json!("Everybody"), "applications[1].signInAudience", "one of"),
        ("/applications/0/api/oauth2PermissionScopes/0/value", json!("Orders Read"), "applications[0].api.oauth2PermissionScopes[0].value", ""),
        ("/applications/0/appRoles/0/id", json!("x"), "applications[0].appRoles[0]", ""),
        ("/applications/1/identifierUris", json!(["api://acme.test/api"]), "applications[1].identifierUris[0]", "another application"),
        ("/applications/1/clientSecret", json!("hunter2"), "applications[1].clientSecret", "16 to 256"),
        ("/applications/1/publisherDomain", json!("microsoft.com"), "applications[1].publisherDomain", "organization.domains"),
        ("/applications/1/owners/0", json!("Staff"), "applications[1].owners[0]", "a group"),
        ("/applications/1/secrets", json!([{ "keyId": "22222222-2222-4222-8222-222222222222", "endDateTime": "2030-01-01T00:00:00Z", "sealed": "AQAA" }]), "applications[1].secrets[0].sealed", "another master key"),
        ("/applications/1/federatedIdentityCredentials/0/issuer", json!("http://ci"), "applications[1].federatedIdentityCredentials[0].issuer", "https"),
        ("/applications/1/tokenLifetime", json!(1), "applications[1].tokenLifetime", "from 600"),
        ("/applications/0/servicePrincipal", json!(false), "applications[0].servicePrincipal", "all the same"),
        ("/servicePrincipals/0/displayName", json!("Acme Ghost"), "servicePrincipals[0].displayName", "no application"),
        ("/servicePrincipals/0/appId", json!("22222222-2222-4222-8222-222222222222"), "servicePrincipals[0].appId", "import that first"),
        ("/servicePrincipals/0/loginUrl", json!("javascript:alert(1)"), "servicePrincipals[0].loginUrl", "address"),
        ("/servicePrincipals/0/replyUrls", json!([]), "servicePrincipals[0].replyUrls", "cannot be set"),
        ("/servicePrincipals/0/appRoleAssignmentRequired", json!(1), "servicePrincipals[0].appRoleAssignmentRequired", "Boolean"),
    ]
}

#[rustfmt::skip]
fn what_is_granted() -> Vec<Broken> {
    vec![
        ("/oauth2PermissionGrants/0/clientId", json!("Acme Draft"), "oauth2PermissionGrants[0].clientId", "nothing in the file"),
        ("/oauth2PermissionGrants/0/resourceId", json!("Staff"), "oauth2PermissionGrants[0].resourceId", "a group"),
        ("/oauth2PermissionGrants/0/scope", json!("openid Orders.Raed"), "oauth2PermissionGrants[0].scope", "Orders.Raed"),
        ("/oauth2PermissionGrants/0/consentType", json!("Principal"), "oauth2PermissionGrants[0].principalId", "missing"),
        ("/oauth2PermissionGrants/0/consentType", json!("Some"), "oauth2PermissionGrants[0].consentType", "AllPrincipals"),
        ("/oauth2PermissionGrants/1", json!({ "clientId": "Acme Web", "resourceId": "Microsoft Graph", "scope": "email" }), "oauth2PermissionGrants[1]", "put them together"),
        ("/appRoleAssignments/0/appRoleId", json!("Orders.None"), "appRoleAssignments[0].appRoleId", "no app role"),
        ("/appRoleAssignments/0/principalId", json!("nobody@acme.test"), "appRoleAssignments[0].principalId", "nothing in the file"),
        ("/appRoleAssignments/0/resourceId", json!("ann@acme.test"), "appRoleAssignments[0].resourceId", "a user"),
        ("/appRoleAssignments/3/principalId", json!("ann@acme.test"), "appRoleAssignments[3].appRoleId", "not for users"),
        ("/appRoleAssignments/1", json!({ "principalId": "Acme Robot", "resourceId": "Acme API", "appRoleId": "Orders.All" }), "appRoleAssignments[1]", "twice"),
        ("/appRoleAssignments/0/until", json!("2030"), "appRoleAssignments[0].until", "no such member"),
    ]
}

/// Puts a value where a pointer leads, be there something or not.
fn set(file: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match file.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        object => object[name] = value,
    }
}

#[tokio::test]
async fn a_broken_file_is_refused_with_the_path_of_what_is_broken_and_nothing_is_written() {
    let table = [the_file_and_the_tenant(), users_and_groups(), applications(), what_is_granted()].concat();
    assert!(table.len() >= 70);
    let place = Place::new(7);
    let mut missed = Vec::new();
    for (pointer, value, path, word) in table {
        let mut file = acme();
        set(&mut file, pointer, value.clone());
        assert_ne!(file, acme(), "{pointer}");
        let told = match place.decide(Audience::Developers, &[&file.to_string()]).await {
            Ok(_) => vec!["it was taken".to_owned()],
            Err(told) => told,
        };
        let expected = format!("{path}: ");
        let found = told.iter().any(|fault| fault.starts_with(&expected) && fault.contains(word));
        // What refers to the broken object may be wrong with it, and nothing else is.
        if !found || told.len() > 8 {
            missed.push(format!("{pointer} = {value}: {told:#?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(place.store.tenant_of_domain("acme.test").await.unwrap().is_none());
}

#[tokio::test]
async fn ga_02_what_is_not_json_is_refused_and_it_is_said_where() {
    let place = Place::new(7);
    let deep = format!("{{\"format\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    for (text, word) in [
        ("", "line 1"),
        ("[]", "not a JSON object"),
        ("{\n  \"format\": \"vestibule-tenant/1\",\n}", "line 3"),
        ("{\"format\":\"vestibule-tenant/1\",\"format\":1}", "twice"),
        (&deep, "too deeply"),
        ("\u{0}", "line 1"),
    ] {
        let told = place.decide(Audience::Developers, &[text]).await.unwrap_err();
        assert!(told.len() == 1 && told[0].starts_with("the file: ") && told[0].contains(word), "{told:?}");
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once_up_to_a_hundred() {
    let place = Place::new(7);
    let mut file = acme();
    file["users"] = (0..150).map(|_| json!({ "userPrincipalName": "nobody" })).collect();
    let refused = super::import(
        &place.with(Audience::Developers),
        vec![(String::new(), super::parse(file.to_string().as_bytes()).unwrap())],
    )
    .await;
    let sentence = refused.unwrap_err().to_string();
    assert!(sentence.contains("users[99].userPrincipalName: "), "{sentence}");
    assert_eq!(sentence.lines().count(), 102, "{sentence}");
    assert!(sentence.lines().last().unwrap().ends_with("more"), "{sentence}");
}

#[tokio::test]
async fn what_looks_like_a_member_of_another_tenant_is_not_found() {
    let place = Place::new(7);
    place.import(&[&acme().to_string()]).await;
    let tenant = place.tenant_id("acme.test").await;
    let ann = place.store.domains(tenant).await.unwrap();
    assert_eq!(ann.len(), 2);
    let other = json!({ "format": "vestibule-tenant/1",
        "organization": { "displayName": "Other", "domains": ["other.test"] },
        "groups": [{ "displayName": "Thieves", "members": ["ann@acme.test"] }] });
    let told = place.decide(Audience::Developers, &[&other.to_string()]).await.unwrap_err();
    assert_eq!(told, ["groups[0].members[0]: nothing in the file is called 'ann@acme.test'"]);
}
