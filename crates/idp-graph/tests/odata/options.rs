//! The query string as a whole.

use idp_graph::odata::error::QueryError;
use idp_graph::odata::options::{QueryOptions, Select};
use idp_graph::odata::page_token::{After, PageToken};
use vestibule_wire::graph_error::GraphErrorCode;

use crate::entities::{GROUP, USER, people};

fn parse(query: &str, eventual: bool) -> Result<QueryOptions, QueryError> {
    QueryOptions::parse(Some(query), &USER, eventual)
}

#[test]
fn every_option_is_read() {
    let query = "%24select=displayName,id,DISPLAYNAME&$filter=displayName+eq+%27a%2Bb%27&$top=5&$orderby=displayName%20desc\
                 &$count=true&$expand=memberOf($select=id;$top=50),manager&$search=%22mail:a%22&$skiptoken=t&$format=json&own=1";
    let options = parse(query, true).unwrap();
    let Select::Properties(names) = &options.select else { panic!("{:?}", options.select) };
    assert_eq!(names.iter().map(|property| property.name).collect::<Vec<_>>(), ["displayName", "id"]);
    assert_eq!(options.filter.unwrap().to_string(), "displayName eq 'a+b'");
    assert_eq!(options.top, Some(5));
    assert!(options.order_by.is_some_and(|order| order.property == "displayName" && order.descending));
    assert!(options.count);
    assert_eq!(options.search.unwrap().to_string(), "\"mail:a\"");
    assert_eq!(options.skip_token.as_deref(), Some("t"));
    let expanded: Vec<_> = options.expand.iter().map(|one| (one.navigation.name, one.top)).collect();
    assert_eq!(expanded, [("memberOf", 20), ("manager", 20)]);
    assert_eq!(QueryOptions::parse(None, &USER, false).unwrap().page_size(), 100);
    assert_eq!(parse("$select=*", false).unwrap().select, Select::All);
}

/// A query, and with which code and words it is refused.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "$select=x",
        "Request_BadRequest",
        "Could not find a property named 'x' on type 'microsoft.graph.user'.",
    ),
    (
        "$expand=members",
        "Request_BadRequest",
        "Could not find a property named 'members' on type 'microsoft.graph.user'.",
    ),
    (
        "$expand=memberOf($select=mail)",
        "Request_BadRequest",
        "Could not find a property named 'mail' on type 'microsoft.graph.group'.",
    ),
    (
        "$expand=memberOf($expand=members)",
        "Request_BadRequest",
        "The query option '$expand' is not supported within $expand.",
    ),
    ("$skip=5", "Request_BadRequest", "'$skip' is not supported by the service."),
    ("$apply=x", "Request_BadRequest", "The query parameter '$apply' is not supported."),
    (
        "$top=1&$top=2",
        "Request_BadRequest",
        "Query option '$top' was specified more than once, but it must be specified at most once.",
    ),
    ("$orderby=secret", "Request_UnsupportedQuery", "Sorting not supported for property 'secret'."),
    ("$orderby=mail", "Request_UnsupportedQuery", "Sorting not supported for current query."),
    (
        "$orderby=displayName&$filter=rank eq 1",
        "Request_UnsupportedQuery",
        "Sorting not supported for current query.",
    ),
    (
        "$orderby=displayName,mail",
        "Request_UnsupportedQuery",
        "Sorting by several properties is not supported.",
    ),
    (
        "$search=\"displayName:a\"",
        "Request_BadRequest",
        "Request with $search query parameter only works with a 'ConsistencyLevel: eventual' header.",
    ),
];

#[test]
fn what_is_wrong_with_an_option_is_said() {
    for (query, code, message) in REFUSED {
        let error = parse(query, false).unwrap_err();
        assert_eq!((error.code().as_str(), error.to_string().as_str()), (*code, *message), "{query}");
    }
}

#[test]
fn an_option_that_makes_no_sense_is_refused() {
    for query in [
        "$filter=",
        "$select=",
        "$select=id,",
        "$top=",
        "$count=1",
        "$orderby=displayName up",
        "$orderby= ",
        "$expand=",
        "$expand=manager,manager",
        "$expand=manager(",
        "$expand=manager)",
        "$expand=manager()x",
        "$expand=*",
        "$expand=memberOf($top=0)",
        "$expand=memberOf($top=1;$top=2)",
        "$format=xml",
        "$skiptoken=",
        "$filter=%zz",
        "$",
        "$Top=1",
        "%24filter=rank+eq+1&$filter=rank+eq+2",
    ] {
        assert!(parse(query, true).is_err(), "{query}");
    }
}

/// Section 9.1: the header and `$count=true`, both.
#[test]
fn advanced_mode_takes_the_header_and_the_count() {
    let query = "$filter=displayName ne 'x'";
    let counted = format!("{query}&$count=true");
    assert_eq!(parse(query, true).unwrap_err().code(), GraphErrorCode::UnsupportedQuery);
    assert_eq!(parse(&counted, false).unwrap_err().code(), GraphErrorCode::UnsupportedQuery);
    assert!(parse(&counted, true).is_ok());
    assert!(parse("$orderby=mail&$filter=rank eq 1&$count=true", true).is_ok());
}

#[test]
fn a_search_finds_beginnings_of_words() {
    for (search, expected) in [
        ("\"displayName:zo\"", vec!["ÉMILE Zola"]),
        ("\"displayName:zola émile\"", vec!["ÉMILE Zola"]),
        ("\"displayName:ola\"", vec![]),
        ("\"apollo\"", vec!["ÉMILE Zola"]),
        (
            "\"displayName:alice\" OR \"displayName:bob\" AND \"displayName:brien\"",
            vec!["Alice", "Bob O'Brien"],
        ),
        ("\"displayName:alice\" AND \"displayName:bob\"", vec![]),
    ] {
        let query = vestibule_wire::form::encode([("$search", search)]);
        let found = parse(&query, true).unwrap().search.unwrap();
        let names: Vec<_> = people()
            .into_iter()
            .filter(|person| found.matches(person))
            .map(|person| person["displayName"].clone())
            .collect();
        assert_eq!(names, expected, "{search}");
    }
    for search in [
        "displayName:a",
        "\"displayName:a",
        "\"\"",
        "\":\"",
        "\"displayName:\"",
        "\"secret:a\"",
        "\"nope:a\"",
        "\"rank:1\"",
        "\"a\" \"b\"",
        "\"a\" AND",
        "\"a\" AND ",
        "\"a\" NOT \"b\"",
        "AND \"a\"",
    ] {
        let query = vestibule_wire::form::encode([("$search", search)]);
        assert!(parse(&query, true).is_err(), "{search}");
    }
}

#[test]
fn ga_03_a_page_token_serves_only_the_query_it_was_given_for() {
    let of = |query: &str| parse(&format!("$count=true&{query}"), true).unwrap();
    let given = of("$filter=displayName eq 'a'&$orderby=displayName");
    let after = After { key: Some("a".into()), id: "1".into() };
    let token = PageToken::new("users", &given, after.clone());
    let back = || PageToken::from_bytes(&token.to_bytes()).unwrap();
    assert_eq!(back().redeem("users", &given).unwrap(), after);
    // The same query in other words, with more to see.
    let same = of("$orderby=displayName asc&$filter=(displayName  EQ 'a')&$select=id&$top=7");
    assert_eq!(back().redeem("users", &same).unwrap(), after);
    for other in [
        "",
        "$filter=displayName eq 'a'",
        "$orderby=displayName",
        "$filter=displayName eq 'b'&$orderby=displayName",
        "$filter=displayName eq 'a'&$orderby=displayName desc",
        "$filter=displayName eq 'a'&$orderby=mail",
        "$filter=displayName eq 'a'&$orderby=displayName&$search=\"a\"",
    ] {
        assert_eq!(back().redeem("users", &of(other)), Err(QueryError::ExpiredPageToken), "{other}");
    }
    assert_eq!(back().redeem("groups", &given).unwrap_err().code().as_str(), "Directory_ExpiredPageToken");
}

#[test]
fn ga_03_what_is_no_page_token_is_refused() {
    for bytes in [
        &b""[..],
        b"x",
        b"{}",
        b"[]",
        b"{\"collection\":\"users\",\"query\":\"\",\"after\":{\"id\":1}}",
        b"{\"collection\":\"users\",\"query\":\"\",\"after\":{\"id\":\"1\"},\"tenant\":\"other\"}",
    ] {
        assert_eq!(PageToken::from_bytes(bytes), Err(QueryError::ExpiredPageToken));
    }
    assert!(QueryOptions::parse(Some("$filter=displayName eq 'a'"), &GROUP, false).is_ok());
}
