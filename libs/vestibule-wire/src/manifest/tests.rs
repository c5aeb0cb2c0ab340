//! Whole manifests there and back: what occurs in real projects, what is wrong, and everything in between.

mod documents;
mod properties;

use serde_json::{Map, Value, json};

use super::*;

pub(super) fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn graph(legacy: Value) -> Value {
    Value::Object(to_graph(object(legacy)).unwrap())
}

fn refusal(legacy: Value) -> String {
    to_graph(object(legacy)).unwrap_err().to_string()
}

#[test]
fn every_wrong_member_of_a_document_is_named() {
    let errors = refusal(json!({
        "name": 5,
        "informationalUrls": {"privacy": []},
        "identifierUris": ["api://a", 7],
        "oauth2Permissions": [{"id": "a", "isEnabled": "true"}, "b"],
        "preAuthorizedApplications": [{"permissionIds": [1]}],
        "replyUrlsWithType": [{"url": "https://a.example"}, {"type": "Mobile", "url": null}, {"url": "x", "type": "Spa", "index": 1}],
        "requiredResourceAccess": [{"resourceAccess": [{"id": "a"}, {"type": 1}]}],
        "availableToOtherTenants": "yes",
        "oauth2AllowImplicitFlow": 1,
        "tags": "x",
    }));
    let expected = [
        "name must be a string",
        "oauth2Permissions[0].isEnabled must be true or false",
        "oauth2Permissions[1] must be an object",
        "preAuthorizedApplications[0].permissionIds[0] must be a string",
        "informationalUrls.privacy must be a string",
        "replyUrlsWithType[0].type is missing",
        "replyUrlsWithType[1].url must be a string",
        "replyUrlsWithType[1].type must be one of Web, Spa, InstalledClient",
        "replyUrlsWithType[2].index has no place in the Microsoft Graph form",
        "oauth2AllowImplicitFlow must be true or false",
        "availableToOtherTenants must be true or false",
        "requiredResourceAccess[0].resourceAccess[1].type must be a string",
        "identifierUris[1] must be a string",
        "tags must be an array of strings",
    ];
    assert_eq!(errors.split("; ").collect::<Vec<_>>(), expected);
}

#[test]
fn no_more_than_a_hundred_errors_are_reported() {
    let errors = to_graph(object(json!({"name": "x", "tags": vec![0; 1000]}))).unwrap_err();
    assert_eq!(errors.iter().count(), MAX_ERRORS);
}

#[test]
fn members_that_say_two_things_are_refused() {
    for (legacy, expected) in [
        (json!({"name": "a", "displayName": "b"}), "displayName contradicts name"),
        (json!({"id": "a", "objectId": "b", "name": null}), "objectId contradicts id"),
        (
            json!({"publicClient": true, "allowPublicClient": false}),
            "publicClient contradicts allowPublicClient",
        ),
        (
            json!({"replyUrls": ["a"], "replyUrlsWithType": [{"url": "b", "type": "Web"}]}),
            "replyUrls contradicts replyUrlsWithType",
        ),
        (
            json!({"availableToOtherTenants": true, "signInAudience": "AzureADMyOrg"}),
            "availableToOtherTenants contradicts signInAudience",
        ),
        (
            json!({"name": "a", "keyCredentials": [{"endDate": "x", "endDateTime": "y"}]}),
            "keyCredentials[0].endDate contradicts keyCredentials[0].endDateTime",
        ),
        (
            json!({"name": "a", "info": 5, "logoUrl": null}),
            "info must be an object; logoUrl contradicts info.logoUrl",
        ),
    ] {
        assert_eq!(refusal(legacy), expected);
    }
}

#[test]
fn members_of_two_years_that_say_the_same_are_one() {
    assert_eq!(
        graph(json!({
            "objectId": "a", "id": "a", "displayName": "n", "name": null,
            "replyUrls": ["b", "a"],
            "replyUrlsWithType": [{"url": "a", "type": "Spa"}, {"url": "b", "type": "Web"}],
            "publicClient": true, "allowPublicClient": true,
            "availableToOtherTenants": true, "signInAudience": "AzureADandPersonalMicrosoftAccount",
        })),
        json!({
            "id": "a", "displayName": "n", "isFallbackPublicClient": true,
            "signInAudience": "AzureADandPersonalMicrosoftAccount",
            "web": {"redirectUris": ["b"]}, "spa": {"redirectUris": ["a"]}, "publicClient": {"redirectUris": []},
        })
    );
}

#[test]
fn a_manifest_of_both_forms_is_refused_with_the_members_that_clash() {
    let mixed = object(json!({
        "accessTokenAcceptedVersion": 2, "replyUrls": [], "displayName": "x",
        "isFallbackPublicClient": true, "web": {"redirectUris": []},
    }));
    let errors = detect(&mixed).unwrap_err();
    assert_eq!(errors, to_graph(mixed).unwrap_err());
    let old = vec!["accessTokenAcceptedVersion".to_owned(), "replyUrls".to_owned()];
    let expected = ["web.redirectUris", "isFallbackPublicClient"];
    for (error, member) in errors.iter().zip(expected) {
        assert_eq!((error.member.as_str(), &error.reason), (member, &Reason::OtherForm(old.clone())));
    }
    assert_eq!(errors.iter().count(), expected.len());
}

#[test]
fn a_form_is_told_by_what_only_it_has() {
    for (manifest, form) in [
        (json!({}), Form::Graph),
        (json!({"displayName": "x", "appId": "y"}), Form::Graph),
        (json!({"displayName": "x", "orgRestrictions": []}), Form::Legacy),
        (json!({"displayName": "x", "web": {"logoutUrl": null}, "orgRestrictions": []}), Form::Graph),
        (json!({"displayName": "x", "homepage": null}), Form::Legacy),
        (json!({"displayName": "x", "publicClient": false}), Form::Legacy),
        (json!({"displayName": "x", "publicClient": {"redirectUris": []}}), Form::Graph),
        (json!({"displayName": "x", "informationalUrls": {"support": null}}), Form::Legacy),
        (json!({"name": "x", "web": {"redirectUriSettings": []}, "@odata.context": "y"}), Form::Legacy),
    ] {
        assert_eq!(detect(&object(manifest.clone())).unwrap(), form, "{manifest}");
    }
}

#[test]
fn a_manifest_with_one_implicit_flag_allowed_both_tokens() {
    let settings = |legacy: Value| graph(legacy)["web"]["implicitGrantSettings"].take();
    assert_eq!(
        settings(json!({"oauth2AllowImplicitFlow": true})),
        json!({"enableAccessTokenIssuance": true, "enableIdTokenIssuance": true})
    );
    assert_eq!(
        settings(json!({"oauth2AllowImplicitFlow": false})),
        json!({"enableAccessTokenIssuance": false})
    );
    assert_eq!(
        settings(json!({"oauth2AllowImplicitFlow": true, "oauth2AllowIdTokenImplicitFlow": false})),
        json!({"enableAccessTokenIssuance": true, "enableIdTokenIssuance": false})
    );
}

#[test]
fn access_tokens_alone_do_not_become_id_tokens_on_the_way_back() {
    let access = object(json!({"web": {"implicitGrantSettings": {"enableAccessTokenIssuance": true}}}));
    let there_and_back = Value::Object(to_graph(to_legacy(&access)).unwrap());
    assert_eq!(there_and_back["web"]["implicitGrantSettings"]["enableIdTokenIssuance"], false);
}

#[test]
fn the_reply_urls_of_a_native_client_of_2015_are_a_public_clients() {
    let native = graph(json!({"replyUrls": ["urn:ietf:wg:oauth:2.0:oob"], "publicClient": true}));
    assert_eq!(native["publicClient"]["redirectUris"], json!(["urn:ietf:wg:oauth:2.0:oob"]));
    assert_eq!(
        (&native["web"]["redirectUris"], &native["isFallbackPublicClient"]),
        (&json!([]), &json!(true))
    );
    let web = graph(json!({"replyUrls": ["https://a.example"], "publicClient": null}));
    assert_eq!(web["web"]["redirectUris"], json!(["https://a.example"]));
    assert_eq!(web.get("isFallbackPublicClient"), None);
}

#[test]
fn what_the_other_form_has_no_place_for_is_carried() {
    let legacy = object(json!({
        "name": "x", "errorUrl": null, "orgRestrictions": [1], "samlAssertion": "y",
        "informationalUrls": {"privacy": null, "imprint": "z"},
    }));
    let there = to_graph(legacy.clone()).unwrap();
    assert_eq!(
        Value::Object(there.clone()),
        json!({
            "displayName": "x", "errorUrl": null, "orgRestrictions": [1], "samlAssertion": "y",
            "info": {"privacyStatementUrl": null}, "informationalUrls": {"imprint": "z"},
        })
    );
    assert_eq!(to_legacy(&there), legacy);

    let graph = object(json!({
        "displayName": "x", "notes": "y", "api": {"resourceSpecificApplicationPermissions": []},
        "web": {"homePageUrl": null, "redirectUriSettings": [{"uri": "a", "index": 1}], "implicitGrantSettings": {"x": 1}},
    }));
    let there = to_legacy(&graph);
    assert_eq!(
        Value::Object(there.clone()),
        json!({
            "name": "x", "signInUrl": null, "notes": "y", "api": {"resourceSpecificApplicationPermissions": []},
            "web": {"redirectUriSettings": [{"uri": "a", "index": 1}], "implicitGrantSettings": {"x": 1}},
        })
    );
    assert_eq!(to_graph(there).unwrap(), graph);
}

#[test]
fn what_cannot_be_converted_to_the_old_form_stays_where_it_is() {
    for graph in [
        json!({"web": 5, "isFallbackPublicClient": "x"}),
        json!({"web": {"redirectUris": [1]}, "spa": {"redirectUris": ["a"]}}),
        json!({"displayName": {}, "api": {"preAuthorizedApplications": [{"delegatedPermissionIds": 1}]}}),
        json!({"displayName": "x", "name": "y"}),
        json!({"info": {"supportUrl": "x"}, "informationalUrls": 5}),
    ] {
        let graph = object(graph);
        assert_eq!(to_legacy(&graph), graph);
    }
}

#[test]
fn an_object_without_members_or_null_in_its_place_means_none() {
    let graph = object(json!({
        "displayName": "x", "web": {"implicitGrantSettings": {}}, "spa": null, "api": {}, "informationalUrls": {},
    }));
    assert_eq!(Value::Object(to_legacy(&graph)), json!({"name": "x"}));
    let legacy =
        object(json!({"name": "x", "informationalUrls": {}, "publicClient": null, "web": {}, "tags": null}));
    assert_eq!(Value::Object(to_graph(legacy).unwrap()), json!({"displayName": "x", "tags": null}));
}
