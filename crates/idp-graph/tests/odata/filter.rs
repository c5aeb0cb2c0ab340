//! What filters say, which of them need advanced mode, and how the wrong ones are refused.

use idp_graph::odata::filter::Filter;
use idp_graph::odata::seek::Seek;
use vestibule_wire::graph_error::GraphErrorCode;

use crate::entities::{ALICE, INDEXED, SIGN_IN, USER, people};

/// The first letters of the users that a filter finds.
fn found(text: &str, advanced: bool) -> String {
    let filter = Filter::parse(text, &USER, advanced).unwrap_or_else(|error| panic!("{text}: {error}"));
    let printed = filter.to_string();
    assert_eq!(Filter::parse(&printed, &USER, advanced).as_ref(), Ok(&filter), "{text} → {printed}");
    let names = people();
    let names = names.iter().filter(|person| filter.matches(person));
    names.filter_map(|person| person["displayName"].as_str()?.chars().next()).collect()
}

#[test]
fn what_clients_send_without_advanced_mode() {
    for (text, expected) in [
        ("displayName eq 'alice'", "A"),
        ("DisplayName EQ 'ALICE'", "A"),
        ("displayName eq 'bob o''brien'", "B"),
        ("displayName eq 'émile zola'", "É"),
        ("startswith(displayName,'al')", "A"),
        ("startsWith(displayName, 'émi')", "É"),
        ("startswith(displayName,'al') eq true", "A"),
        ("displayName in ('alice','x', 'nobody')", "Ax"),
        ("accountEnabled eq true", "AÉ"),
        ("accountEnabled", "AÉ"),
        ("rank eq -1", "B"),
        ("rank in (3,10)", "AÉ"),
        ("id eq 'A1B2C3D4-0000-4000-8000-000000000001'", "A"),
        ("id eq a1b2c3d4-0000-4000-8000-000000000001", "A"),
        ("createdDateTime ge 2026-06-01T12:00:00Z", "BÉ"),
        ("createdDateTime ge 2026-06-01T14:00:00+02:00", "BÉ"),
        ("createdDateTime lt 2026-06-01", "A"),
        ("createdDateTime eq 2026-08-13T21:24:29.500Z", "É"),
        ("tags/any(c:c eq 'blue')", "A"),
        ("tags/any(t:startswith(t,'re'))", "AÉ"),
        ("tags/any(c:c eq 'blue' and c eq 'red')", ""),
        ("roleIds/any(r:r eq a1b2c3d4-0000-4000-8000-000000000001)", "A"),
        ("office/city eq 'KÖLN'", "A"),
        ("identities/any(c:c/issuerAssignedId eq 'al' and c/issuer eq 'contoso.test')", "A"),
        ("identities/any(c:c/issuerAssignedId eq 'al' and c/issuer eq 'other.test')", ""),
        ("extra/a/b eq 1", "A"),
        ("displayName eq 'alice' or displayName eq 'x' and accountEnabled eq true", "A"),
        ("(displayName eq 'alice' or displayName eq 'x') and accountEnabled eq true", "A"),
        ("(displayName eq 'alice' or displayName eq 'x')", "Ax"),
    ] {
        assert_eq!(found(text, false), expected, "{text}");
    }
}

#[test]
fn what_needs_advanced_mode() {
    for (text, expected) in [
        ("displayName ne 'alice'", "BÉx"),
        ("not accountEnabled", "Bx"),
        ("NOT(startswith(displayName,'al'))", "BÉx"),
        ("NOT startsWith(displayName,'al')", "BÉx"),
        ("not (displayName eq 'alice' or displayName eq 'x')", "BÉ"),
        ("startswith(displayName,'al') eq false", "BÉx"),
        ("endswith(mail,'@CONTOSO.test')", "A"),
        ("endsWith(userPrincipalName,'@fabrikam.test')", "Éx"),
        ("mail eq null", "BÉx"),
        ("mail ne null", "A"),
        ("mail in ('a',null)", "BÉx"),
        ("rank gt 2", "AÉ"),
        ("rank le 3", "AB"),
        ("displayName ge 'bob'", "BÉx"),
        ("description eq 'project apollo lead'", "É"),
        ("tags/$count eq 0", "Bx"),
        ("tags/$count gt 1", "A"),
        ("tags/any()", "AÉ"),
        ("tags/any(c:c ne 'red')", "A"),
        ("tags/all(c:c eq 'red')", "BÉx"),
        ("not tags/any(c:c eq 'red')", "Bx"),
    ] {
        assert_eq!(found(text, true), expected, "{text}");
        let refused = Filter::parse(text, &USER, false).unwrap_err();
        assert_eq!(refused.code(), GraphErrorCode::UnsupportedQuery, "{text}: {refused}");
    }
}

#[test]
fn contains_is_for_logs_only() {
    let text = "contains(displayName,'lic') and not (displayName eq 'x')";
    let refused = Filter::parse(text, &USER, true).unwrap_err();
    assert_eq!(refused.to_string(), "Operator 'Contains' is not supported for property 'displayName'.");
    let filter = Filter::parse(text, &SIGN_IN, false).unwrap();
    assert!(
        filter.matches(&crate::entities::named("ALICE")) && !filter.matches(&crate::entities::named("x"))
    );
}

#[test]
fn what_is_wrong_is_said_in_graphs_words() {
    let types =
        "Invalid filter clause: A binary operator with incompatible types was detected. Found operand types ";
    for (text, code, message) in [
        (
            "nickname eq 'x'",
            GraphErrorCode::BadRequest,
            "Invalid filter clause: Could not find a property named 'nickname' on type 'microsoft.graph.user'."
                .to_owned(),
        ),
        ("displayName eq 1", GraphErrorCode::BadRequest, format!("{types}'Edm.String' and 'Edm.Int32' for operator kind 'Equal'.")),
        ("rank eq 'x'", GraphErrorCode::BadRequest, format!("{types}'Edm.Int32' and 'Edm.String' for operator kind 'Equal'.")),
        ("accountEnabled eq 'true'", GraphErrorCode::BadRequest, format!("{types}'Edm.Boolean' and 'Edm.String' for operator kind 'Equal'.")),
        (
            "id eq 'x'",
            GraphErrorCode::BadRequest,
            "Invalid value specified for property 'id' of resource 'User'.".to_owned(),
        ),
        (
            "displayName foo 'x'",
            GraphErrorCode::BadRequest,
            "Invalid filter clause: Syntax error at position 12 in 'displayName foo 'x''.".to_owned(),
        ),
        (
            "tolower(displayName) eq 'x'",
            GraphErrorCode::BadRequest,
            "Invalid filter clause: An unknown function with name 'tolower' was found.".to_owned(),
        ),
        (
            "secret eq 'x'",
            GraphErrorCode::UnsupportedQuery,
            "Unsupported or invalid query filter clause specified for property 'secret' of resource 'User'."
                .to_owned(),
        ),
        (
            "not(displayName eq 'x')",
            GraphErrorCode::UnsupportedQuery,
            "Operator 'Not' is not supported because the 'ConsistencyLevel:eventual' header is missing. Refer to https://aka.ms/graph-docs/advanced-queries for more information".to_owned(),
        ),
    ] {
        let error = Filter::parse(text, &USER, false).unwrap_err();
        assert_eq!((error.code(), error.to_string()), (code, message), "{text}");
    }
}

#[test]
fn what_is_no_filter_is_refused() {
    for text in [
        "",
        " ",
        "displayName",
        "displayName eq",
        "eq 'x'",
        "'x' eq displayName",
        "1 eq 1",
        "true",
        "displayName eq 'x' and",
        "and displayName eq 'x'",
        "displayName eq 'x' displayName eq 'y'",
        "(displayName eq 'x'",
        "displayName eq 'x')",
        "displayName in ()",
        "displayName in 'x'",
        "displayName in ('x'",
        "displayName in ('x',)",
        "startswith(displayName)",
        "startswith('x',displayName)",
        "startswith(id,'a')",
        "startswith(tags,'a')",
        "startswith(displayName,1)",
        "displayName/any(x:x eq 'a')",
        "tags eq 'red'",
        "tags eq null",
        "tags/any(x eq 'a')",
        "tags/any(x:y eq 'a')",
        "tags/any(x:displayName eq 'a')",
        "tags/all()",
        "tags/any(x:tags/any(y:y eq 'a'))",
        "tags/$count",
        "tags/$count eq 'x'",
        "tags/$count eq -1",
        "displayName/$count eq 0",
        "office eq null",
        "office/floor eq '1'",
        "displayName/x eq '1'",
        "id gt 'a1b2c3d4-0000-4000-8000-000000000001'",
        "accountEnabled gt true",
        "rank eq 1.5",
        "rank eq 99999999999",
        "rank gt null",
        "createdDateTime eq '2026-01-01T00:00:00Z'",
        "createdDateTime eq 2026-13-01",
        "id eq a1b2c3d4000040008000000000000001",
        "displayName eq x",
        "$filter eq 'x'",
        "tags/any(c:c/x eq 'a')",
        "identities/any(c:c eq 'a')",
        "identities/any(c:c/secret eq 'a')",
    ] {
        let refused = Filter::parse(text, &USER, true);
        assert!(refused.is_err(), "{text}: {refused:?}");
    }
}

#[test]
fn the_index_that_helps_most_is_taken() {
    let equals =
        |property: &str, value: &str| Seek::Equals { property: property.into(), value: value.into() };
    let one_of = |property: &str, values: &[&str]| Seek::OneOf {
        property: property.into(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let starts = |prefix: &str| Seek::StartsWith { property: "displayName".into(), prefix: prefix.into() };
    for (text, expected) in [
        ("displayName eq 'ALICE'", equals("displayName", "alice")),
        ("id eq 'A1B2C3D4-0000-4000-8000-000000000001'", equals("id", ALICE)),
        ("displayName eq 'a' and userPrincipalName eq 'B@c.test'", equals("userPrincipalName", "b@c.test")),
        ("startswith(displayName,'A') and tags/any(t:t eq 'Red')", equals("tags", "red")),
        (
            "identities/any(c:c/issuer eq 'i' and c/issuerAssignedId eq 'X')",
            equals("identities/issuerAssignedId", "x"),
        ),
        ("displayName in ('b','A','B')", one_of("displayName", &["a", "b"])),
        ("displayName in ('b','B')", equals("displayName", "b")),
        ("displayName eq 'a' or displayName in ('b')", one_of("displayName", &["a", "b"])),
        ("displayName eq 'a' or userPrincipalName eq 'b'", Seek::Any),
        ("displayName eq 'a' or accountEnabled eq true", Seek::Any),
        ("startswith(displayName,'Al')", starts("al")),
        ("startswith(displayName,'')", Seek::Any),
        ("startswith(displayName,'A') and startswith(displayName,'Al')", starts("al")),
        ("not (displayName eq 'a')", Seek::Any),
        ("displayName ne 'a'", Seek::Any),
        ("tags/all(t:t eq 'red')", Seek::Any),
        ("mail eq null", Seek::Any),
        ("displayName in ('a',null)", Seek::Any),
    ] {
        let filter = Filter::parse(text, &USER, true).unwrap();
        assert_eq!(Seek::find(&filter, INDEXED), expected, "{text}");
    }
}
