//! GA-04: batches that would do too much, or go round in circles, or speak for somebody else.

use std::collections::BTreeMap;

use idp_graph::odata::batch::{Batch, BatchError, Method, Responses};
use serde_json::{Value, json};

fn parse(requests: &Value) -> Result<Batch, BatchError> {
    Batch::parse(json!({ "requests": requests }).to_string().as_bytes())
}

fn get(id: &str, depends_on: &[&str]) -> Value {
    json!({"id": id, "method": "GET", "url": "/me", "dependsOn": depends_on})
}

fn order(requests: &Value) -> Vec<String> {
    parse(requests).unwrap().requests().iter().map(|request| request.id.clone()).collect()
}

#[test]
fn a_batch_is_read_in_the_order_of_its_dependencies() {
    assert_eq!(
        order(&json!([get("1", &["3"]), get("2", &[]), get("3", &["2"]), get("4", &[])])),
        ["2", "3", "1", "4"]
    );
    let post = json!([{"id": "1", "method": "POST", "url": "users", "body": {"displayName": "x"},
                       "headers": {"Content-Type": "application/json", "X-Forwarded-For": "1.1.1.1", "Host": "x"}}]);
    let batch = parse(&post).unwrap();
    let request = &batch.requests()[0];
    assert_eq!((request.method, request.url.as_str()), (Method::Post, "/users"));
    assert_eq!(request.headers, BTreeMap::from([("content-type".into(), "application/json".into())]));
    assert_eq!(request.body, Some(json!({"displayName": "x"})));
}

#[test]
fn ga_04_twenty_requests_are_taken_and_twenty_one_are_not() {
    let many = |count: usize| Value::Array((0..count).map(|id| get(&id.to_string(), &[])).collect());
    assert_eq!(parse(&many(20)).unwrap().requests().len(), 20);
    assert_eq!(parse(&many(21)).unwrap_err(), BatchError::TooMany);
    assert_eq!(parse(&many(0)).unwrap_err(), BatchError::Empty);
}

#[test]
fn ga_04_nobody_waits_for_themselves() {
    for circle in [
        json!([get("1", &["1"])]),
        json!([get("1", &["2"]), get("2", &["1"])]),
        json!([get("0", &[]), get("1", &["3"]), get("2", &["1"]), get("3", &["2", "0"])]),
    ] {
        assert!(matches!(parse(&circle), Err(BatchError::Circle { .. })), "{circle}");
    }
    assert!(matches!(parse(&json!([get("1", &["9"])])), Err(BatchError::UnknownDependency { .. })));
}

#[test]
fn ga_04_ids_are_unique_without_regard_to_case() {
    assert!(matches!(parse(&json!([get("a", &[]), get("A", &[])])), Err(BatchError::Id { .. })));
    assert!(matches!(parse(&json!([get("", &[])])), Err(BatchError::Id { .. })));
    assert_eq!(order(&json!([get("b", &["A"]), get("a", &[])])), ["a", "b"]);
}

#[test]
fn ga_04_a_batch_within_a_batch_is_refused() {
    for url in ["/$batch", "$batch", "/%24batch", "/$BATCH?x=1", "/$batch()", "/users/$batch"] {
        let batch = json!([{"id": "1", "method": "POST", "url": url}]);
        assert!(matches!(parse(&batch), Err(BatchError::Nested { .. })), "{url}");
    }
}

#[test]
fn ga_04_an_address_that_leads_elsewhere_is_refused() {
    for url in [
        "",
        "/",
        "http://other.test/users",
        "https:/other.test",
        "//other.test/users",
        "/../oauth2/token",
        "/users/..",
        "/%2e%2e/x",
        "/users/%2E./x",
        "\\\\other",
        "/users\\..\\x",
        "/us ers",
        "/users\r\nHost: x",
        "/users#x",
        "javascript:alert(1)",
        "/..%5cx",
        "/%ff",
        "mailto:x",
        "/users//x",
    ] {
        let batch = json!([{"id": "1", "method": "GET", "url": url}]);
        assert!(matches!(parse(&batch), Err(BatchError::Url { .. })), "{url}");
    }
    for url in
        ["/users?$filter=displayName%20eq%20'http://x'", "me", "/applications(uniqueName='https:%2F%2Fx')"]
    {
        assert!(parse(&json!([{"id": "1", "method": "GET", "url": url}])).is_ok(), "{url}");
    }
}

#[test]
fn ga_04_all_requests_are_made_by_one_principal() {
    for name in ["Authorization", "authorization", "AUTHORIZATION"] {
        let batch = json!([{"id": "1", "method": "GET", "url": "/me", "headers": {name: "Bearer x"}}]);
        assert!(matches!(parse(&batch), Err(BatchError::OtherPrincipal { .. })), "{name}");
    }
}

#[test]
fn ga_04_what_is_no_batch_is_refused() {
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "{\"requests\":{}}",
        "{\"requests\":[1]}",
        "{\"requests\":[{\"id\":1,\"method\":\"GET\",\"url\":\"/me\"}]}",
        "{\"requests\":[{\"id\":\"1\",\"method\":\"TRACE\",\"url\":\"/me\"}]}",
        "{\"requests\":[],\"requests\":[]}",
        "{\"requests\":[{\"id\":\"1\",\"id\":\"2\",\"method\":\"GET\",\"url\":\"/me\"}]}",
    ] {
        assert_eq!(Batch::parse(body.as_bytes()).unwrap_err(), BatchError::Malformed, "{body}");
    }
    assert_eq!(Batch::parse(&b"[".repeat(1 << 20)).unwrap_err(), BatchError::Malformed);
}

#[test]
fn what_waits_for_a_failure_fails() {
    let batch = parse(&json!([get("1", &[]), get("2", &["1"]), get("3", &["2"]), get("4", &[])])).unwrap();
    let mut responses = Responses::default();
    for (request, status) in batch.requests().iter().zip([404, 200, 200, 200]) {
        if responses.may_run(request) {
            responses.answer(request, status, &BTreeMap::new(), Some(json!({"status": status})));
        } else {
            responses.refuse_dependent(request);
        }
    }
    let error = json!({"error": {"code": "FailedDependency",
                                 "message": "The request depends on a request that has failed."}});
    assert_eq!(
        responses.into_body(),
        json!({"responses": [
            {"id": "1", "status": 404, "headers": {}, "body": {"status": 404}},
            {"id": "2", "status": 424, "headers": {}, "body": error},
            {"id": "3", "status": 424, "headers": {}, "body": error},
            {"id": "4", "status": 200, "headers": {}, "body": {"status": 200}},
        ]})
    );
}
