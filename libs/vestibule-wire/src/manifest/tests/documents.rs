//! Documents of the shapes that real projects keep, written for these tests.

use serde_json::{Value, json};

use super::super::*;
use super::object;

const ID: &str = "3f0c8a52-6b1e-4a0e-9d57-0c2f6f4b7a11";

/// What the portal's manifest page downloaded between 2018 and 2024: every member, most of them null or empty.
fn portal_2021() -> Value {
    json!({
        "id": ID, "acceptMappedClaims": null, "accessTokenAcceptedVersion": 2, "addIns": [],
        "allowPublicClient": true, "appId": ID,
        "appRoles": [{
            "allowedMemberTypes": ["User", "Application"], "description": "May approve", "displayName": "Approver",
            "id": ID, "isEnabled": true, "lang": null, "origin": "Application", "value": "Approve",
        }],
        "oauth2AllowUrlPathMatching": false, "createdDateTime": "2021-03-02T08:00:00Z", "description": null,
        "certification": null, "disabledByMicrosoftStatus": null, "groupMembershipClaims": "SecurityGroup",
        "identifierUris": ["api://tasks"],
        "informationalUrls": {"termsOfService": null, "support": null, "privacy": "https://contoso.example/p", "marketing": null},
        "keyCredentials": [{
            "customKeyIdentifier": "q83v", "endDate": "2031-01-01T00:00:00Z", "keyId": ID,
            "startDate": "2021-01-01T00:00:00Z", "type": "AsymmetricX509Cert", "usage": "Verify", "value": null,
            "displayName": "CN=tasks",
        }],
        "knownClientApplications": [ID], "logoUrl": null, "logoutUrl": "https://tasks.contoso.example/out",
        "name": "Tasks", "notes": null, "oauth2AllowIdTokenImplicitFlow": true, "oauth2AllowImplicitFlow": false,
        "oauth2Permissions": [{
            "adminConsentDescription": "Read tasks", "adminConsentDisplayName": "Read", "id": ID, "isEnabled": true,
            "lang": null, "origin": "Application", "type": "User", "userConsentDescription": "Read your tasks",
            "userConsentDisplayName": "Read", "value": "Tasks.Read",
        }],
        "oauth2RequirePostResponse": false,
        "optionalClaims": {"idToken": [{"name": "email", "source": null, "essential": false, "additionalProperties": []}],
                           "accessToken": [], "saml2Token": []},
        "orgRestrictions": [],
        "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
        "passwordCredentials": [{
            "customKeyIdentifier": null, "endDate": "2023-01-01T00:00:00Z", "keyId": ID,
            "startDate": "2021-01-01T00:00:00Z", "value": null, "createdOn": "2021-01-01T00:00:00Z", "hint": "a1B",
            "displayName": "ci",
        }],
        "preAuthorizedApplications": [{"appId": ID, "permissionIds": [ID]}],
        "publisherDomain": "contoso.example",
        "replyUrlsWithType": [
            {"url": "https://tasks.contoso.example/in", "type": "Web"},
            {"url": "https://tasks.contoso.example/", "type": "Spa"},
            {"url": "http://localhost", "type": "InstalledClient"},
        ],
        "requiredResourceAccess": [{"resourceAppId": ID, "resourceAccess": [{"id": ID, "type": "Scope"}]}],
        "samlMetadataUrl": null, "signInUrl": "https://tasks.contoso.example", "signInAudience": "AzureADMyOrg",
        "tags": ["HideApp"], "tokenEncryptionKeyId": null,
    })
}

/// The same application as Microsoft Graph tells it.
fn graph_2021() -> Value {
    json!({
        "id": ID, "addIns": [], "isFallbackPublicClient": true, "appId": ID,
        "appRoles": [{
            "allowedMemberTypes": ["User", "Application"], "description": "May approve", "displayName": "Approver",
            "id": ID, "isEnabled": true, "lang": null, "origin": "Application", "value": "Approve",
        }],
        "oauth2AllowUrlPathMatching": false, "createdDateTime": "2021-03-02T08:00:00Z", "description": null,
        "certification": null, "disabledByMicrosoftStatus": null, "groupMembershipClaims": "SecurityGroup",
        "identifierUris": ["api://tasks"],
        "info": {"termsOfServiceUrl": null, "supportUrl": null, "privacyStatementUrl": "https://contoso.example/p",
                 "marketingUrl": null, "logoUrl": null},
        "keyCredentials": [{
            "customKeyIdentifier": "q83v", "endDateTime": "2031-01-01T00:00:00Z", "keyId": ID,
            "startDateTime": "2021-01-01T00:00:00Z", "type": "AsymmetricX509Cert", "usage": "Verify", "key": null,
            "displayName": "CN=tasks",
        }],
        "displayName": "Tasks", "notes": null,
        "api": {
            "acceptMappedClaims": null, "requestedAccessTokenVersion": 2, "knownClientApplications": [ID],
            "oauth2PermissionScopes": [{
                "adminConsentDescription": "Read tasks", "adminConsentDisplayName": "Read", "id": ID,
                "isEnabled": true, "lang": null, "origin": "Application", "type": "User",
                "userConsentDescription": "Read your tasks", "userConsentDisplayName": "Read", "value": "Tasks.Read",
            }],
            "preAuthorizedApplications": [{"appId": ID, "delegatedPermissionIds": [ID]}],
        },
        "oauth2RequirePostResponse": false,
        "optionalClaims": {"idToken": [{"name": "email", "source": null, "essential": false, "additionalProperties": []}],
                           "accessToken": [], "saml2Token": []},
        "orgRestrictions": [],
        "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
        "passwordCredentials": [{
            "customKeyIdentifier": null, "endDateTime": "2023-01-01T00:00:00Z", "keyId": ID,
            "startDateTime": "2021-01-01T00:00:00Z", "secretText": null, "createdOn": "2021-01-01T00:00:00Z",
            "hint": "a1B", "displayName": "ci",
        }],
        "publisherDomain": "contoso.example",
        "web": {
            "redirectUris": ["https://tasks.contoso.example/in"], "homePageUrl": "https://tasks.contoso.example",
            "logoutUrl": "https://tasks.contoso.example/out",
            "implicitGrantSettings": {"enableIdTokenIssuance": true, "enableAccessTokenIssuance": false},
        },
        "spa": {"redirectUris": ["https://tasks.contoso.example/"]},
        "publicClient": {"redirectUris": ["http://localhost"]},
        "requiredResourceAccess": [{"resourceAppId": ID, "resourceAccess": [{"id": ID, "type": "Scope"}]}],
        "samlMetadataUrl": null, "signInAudience": "AzureADMyOrg", "tags": ["HideApp"], "tokenEncryptionKeyId": null,
    })
}

/// What the classic portal downloaded in 2015.
fn portal_2015() -> Value {
    json!({
        "appId": ID, "appRoles": [], "availableToOtherTenants": true, "displayName": "Tasks", "errorUrl": null,
        "groupMembershipClaims": null, "homepage": "https://tasks.contoso.example",
        "identifierUris": ["https://contoso.example/tasks"], "keyCredentials": [], "knownClientApplications": [],
        "logoutUrl": null, "oauth2AllowImplicitFlow": true, "oauth2AllowUrlPathMatching": false,
        "oauth2Permissions": [], "objectId": ID,
        "passwordCredentials": [{"customKeyIdentifier": null, "endDate": "2016-01-01T00:00:00Z", "keyId": ID,
                                 "startDate": "2015-01-01T00:00:00Z", "value": null}],
        "publicClient": null, "replyUrls": ["https://tasks.contoso.example/in"], "requiredResourceAccess": [],
        "samlMetadataUrl": null,
    })
}

fn file(manifest: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(manifest).unwrap()
}

#[test]
fn the_portals_download_of_2021_becomes_microsoft_graphs_application_and_back() {
    let (form, manifest) = parse(&file(&portal_2021())).unwrap();
    assert_eq!(form, Form::Legacy);
    let there = to_graph(manifest).unwrap();
    assert_eq!(Value::Object(there.clone()), graph_2021());
    assert_eq!(parse(&file(&graph_2021())).unwrap(), (Form::Graph, there.clone()));
    assert_eq!(Value::Object(to_legacy(&there)), portal_2021());
}

#[test]
fn the_classic_portals_download_of_2015_becomes_the_later_form_and_stays_it() {
    let (form, manifest) = parse(&file(&portal_2015())).unwrap();
    assert_eq!(form, Form::Legacy);
    let there = to_graph(manifest).unwrap();
    let back = to_legacy(&there);
    assert_eq!(
        Value::Object(back.clone()),
        json!({
            "id": ID, "appId": ID, "name": "Tasks", "appRoles": [], "signInAudience": "AzureADMultipleOrgs",
            "errorUrl": null, "groupMembershipClaims": null, "signInUrl": "https://tasks.contoso.example",
            "identifierUris": ["https://contoso.example/tasks"], "keyCredentials": [], "knownClientApplications": [],
            "logoutUrl": null, "oauth2AllowImplicitFlow": true, "oauth2AllowIdTokenImplicitFlow": true,
            "oauth2AllowUrlPathMatching": false, "oauth2Permissions": [],
            "passwordCredentials": [{"customKeyIdentifier": null, "endDate": "2016-01-01T00:00:00Z", "keyId": ID,
                                     "startDate": "2015-01-01T00:00:00Z", "value": null}],
            "replyUrlsWithType": [{"url": "https://tasks.contoso.example/in", "type": "Web"}],
            "requiredResourceAccess": [], "samlMetadataUrl": null,
        })
    );
    assert_eq!(to_graph(back).unwrap(), there);
}

#[test]
fn a_template_with_places_to_fill_is_a_manifest() {
    let template = json!({
        "id": "${{APP_OBJECT_ID}}", "appId": "${{APP_ID}}", "name": "bot-${{ENVIRONMENT}}",
        "accessTokenAcceptedVersion": 2, "signInAudience": "AzureADMyOrg",
        "requiredResourceAccess": [{"resourceAppId": "Microsoft Graph", "resourceAccess": [{"id": "User.Read", "type": "Scope"}]}],
        "preAuthorizedApplications": [{"appId": ID, "permissionIds": ["${{SCOPE_ID}}"]}],
        "replyUrlsWithType": [{"url": "https://${{DOMAIN}}/auth-end.html", "type": "Web"}],
    });
    let (form, manifest) = parse(&file(&template)).unwrap();
    assert_eq!(form, Form::Legacy);
    assert_eq!(Value::Object(to_legacy(&to_graph(manifest).unwrap())), template);
}

#[test]
fn the_command_lines_answers_of_both_times_are_read_with_their_annotations() {
    let mut before = object(portal_2015());
    before.insert("odata.type".into(), "Microsoft.DirectoryServices.Application".into());
    before.insert("logo@odata.mediaEditLink".into(), "directoryObjects/1/logo".into());
    let (form, manifest) = parse(&file(&Value::Object(before))).unwrap();
    assert_eq!(form, Form::Legacy);
    let there = to_graph(manifest).unwrap();
    assert_eq!(there["odata.type"], "Microsoft.DirectoryServices.Application");
    assert_eq!(detect(&there).unwrap(), Form::Graph);

    let mut after = object(graph_2021());
    after.insert("@odata.context".into(), "https://graph.example/v1.0/$metadata#applications/$entity".into());
    let (form, manifest) = parse(&file(&Value::Object(after.clone()))).unwrap();
    assert_eq!((form, &manifest), (Form::Graph, &after));
    assert_eq!(to_graph(to_legacy(&manifest)).unwrap(), after);
}

#[test]
fn what_programs_put_around_one_application_is_taken_off() {
    let application = graph_2021();
    for wrapped in [
        json!([application]),
        json!({"@odata.context": "x", "value": [application]}),
        json!({"application": application, "servicePrincipal": {"id": ID}}),
    ] {
        let (form, manifest) = parse(&file(&wrapped)).unwrap();
        assert_eq!((form, Value::Object(manifest)), (Form::Graph, graph_2021()));
    }
    let mut text = b"\xef\xbb\xbf\r\n".to_vec();
    text.extend(file(&portal_2015()));
    assert_eq!(parse(&text).unwrap().0, Form::Legacy);
}

#[test]
fn ga_02_what_is_no_manifest_is_refused() {
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(MAX_BYTES));
    let samples_setup =
        r#"{"Sample": {"Level": 100}, "AADApps": [{"Id": "spa", "ReplyUrls": "http://localhost"}]}"#;
    for (text, expected) in [
        (large.as_bytes(), "the document is too large"),
        (b"{\"name\":\"\xff\"}", "the document is not UTF-8"),
        (b"\xff\xfe{\0", "the document is not UTF-8"),
        (b"{} // manifest", "the document is not JSON (line 1, column 4)"),
        (b"5", "the document must be an object"),
        (b"{}", "the document is not an application manifest"),
        (b"[]", "the document is not an application manifest"),
        (b"[[]]", "the document is not an application manifest"),
        (b"{\"value\":{\"name\":\"x\"}}", "the document is not an application manifest"),
        (samples_setup.as_bytes(), "the document is not an application manifest"),
        (b"[{\"name\":\"x\"},{\"name\":\"y\"}]", "the document holds 2 applications; a manifest is one"),
        (b"{\"name\":\"x\",\"name\":\"y\"}", "name occurs twice"),
        (
            b"{\"displayName\":5,\"api\":[],\"web\":{\"redirectUris\":\"x\"}}",
            "api must be an object; displayName must be a string; web.redirectUris must be an array of strings",
        ),
    ] {
        assert_eq!(
            parse(text).unwrap_err().to_string(),
            expected,
            "{}",
            text[..text.len().min(80)].escape_ascii()
        );
    }
}
