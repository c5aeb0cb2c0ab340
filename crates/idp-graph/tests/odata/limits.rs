//! GA-02 and GA-03: what is too deep, too long or too much is refused, and at once.

use std::time::{Duration, Instant};

use idp_graph::odata::filter::{Filter, MAX_DEPTH, MAX_VALUES};
use idp_graph::odata::options::QueryOptions;

use crate::entities::USER;

/// Refused within the time that the case allows.
fn refused_fast(query: &str) {
    let start = Instant::now();
    assert!(QueryOptions::parse(Some(query), &USER, true).is_err());
    assert!(start.elapsed() < Duration::from_millis(50), "{:?}", start.elapsed());
}

#[test]
fn ga_02_ten_thousand_brackets_are_refused_at_once() {
    let (open, close) = ("(".repeat(10_000), ")".repeat(10_000));
    refused_fast(&format!("$filter={open}displayName eq 'x'{close}"));
    refused_fast(&format!("$filter={open}"));
    refused_fast(&format!("$filter={}", "not ".repeat(10_000)));
    refused_fast(&format!("$expand={}", "members(".repeat(10_000)));
    refused_fast(&format!("$search={}", "\"a\" AND ".repeat(3_000)));
}

#[test]
fn ga_02_a_megabyte_of_text_is_refused_at_once() {
    for option in ["$filter", "$select", "$orderby", "$expand", "$search", "$skiptoken", "own"] {
        refused_fast(&format!("{option}={}", "a".repeat(1 << 20)));
    }
    refused_fast(&"a&".repeat(1 << 19));
}

#[test]
fn ga_02_nesting_is_allowed_to_the_limit_and_no_further() {
    let nested = |depth| format!("{}displayName eq 'x'{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Filter::parse(&nested(MAX_DEPTH), &USER, true).is_ok());
    let refused = Filter::parse(&nested(MAX_DEPTH + 1), &USER, true).unwrap_err();
    assert_eq!(refused.to_string(), "Invalid filter clause: Recursion depth exceeded allowed limit.");
    let negated = |depth| format!("{}displayName eq 'x'", "not ".repeat(depth));
    assert!(Filter::parse(&negated(MAX_DEPTH), &USER, true).is_ok());
    assert!(Filter::parse(&negated(MAX_DEPTH + 1), &USER, true).is_err());
}

#[test]
fn ga_02_a_list_is_allowed_to_the_limit_and_no_further() {
    let list = |length: usize| format!("displayName in ({})", vec!["'x'"; length].join(","));
    assert!(Filter::parse(&list(MAX_VALUES), &USER, false).is_ok());
    let refused = Filter::parse(&list(MAX_VALUES + 1), &USER, false).unwrap_err();
    assert_eq!(refused.to_string(), "Invalid filter clause: The list of values is longer than 100.");
}

#[test]
fn ga_02_the_longest_filter_is_answered_fast() {
    let text = vec!["displayName eq 'alice'"; 4096 / 26].join(" or ");
    let start = Instant::now();
    let filter = Filter::parse(&text, &USER, false).unwrap();
    assert!(crate::entities::people().iter().any(|person| filter.matches(person)));
    assert!(start.elapsed() < Duration::from_millis(50), "{:?}", start.elapsed());
}

#[test]
fn ga_03_a_page_has_between_one_and_999_objects() {
    for (value, ok) in [
        ("1", true),
        ("999", true),
        ("0", false),
        ("-1", false),
        ("1000", false),
        ("1000000000", false),
        ("99999999999999999999999999", false),
    ] {
        let parsed = QueryOptions::parse(Some(&format!("$top={value}")), &USER, false);
        let message = format!("Invalid page size specified: '{value}'. Must be between 1 and 999 inclusive.");
        match parsed {
            Ok(options) => assert!(ok && options.page_size().to_string() == value, "{value}"),
            Err(error) => assert_eq!((ok, error.to_string()), (false, message)),
        }
    }
    for value in ["", "x", "1.5", "0x10", "%2B5", "1e9", "--1", "٣"] {
        assert!(QueryOptions::parse(Some(&format!("$top={value}")), &USER, false).is_err(), "{value}");
    }
}
