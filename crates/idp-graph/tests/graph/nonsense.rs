//! Every operation, asked every kind of nonsense: there is an answer, and it is never the server's fault.

use http::Method;
use idp_domain::directory::role;
use idp_graph::operations::{self, Operation, Takes};
use idp_graph::schema::user::USER;
use serde_json::{Map, Value, json};

use crate::world::*;

fn values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("x"),
        json!("\u{202e}\u{0}<script>"),
        json!("00000000-0000-4000-8000-000000000000"),
        json!([]),
        json!([null]),
        json!([{}]),
        json!({}),
        json!({ "x": [] }),
        json!("ä".repeat(5000)),
    ]
}

/// Each member that the operation takes, as each kind of value; and members that it does not.
fn bodies(operation: &Operation) -> Vec<Value> {
    let properties = match operation.takes {
        Takes::Nothing => return vec![json!({})],
        Takes::Reference => return values().into_iter().map(|value| json!({ "@odata.id": value })).collect(),
        Takes::New(entity) | Takes::Changes(entity) => entity.properties,
        Takes::Arguments(properties) => properties,
    };
    let mut bodies = vec![json!({}), json!({ "unknown": 1 }), json!({ "members@odata.bind": ["x", 1] })];
    for value in values() {
        bodies.extend(properties.iter().map(|property| json!({ property.name: value.clone() })));
        // All at once.
        let all = properties.iter().map(|property| (property.name.to_owned(), value.clone()));
        bodies.push(Value::Object(all.collect::<Map<_, _>>()));
    }
    bodies
}

/// Something that is there, of the kind that a path is about.
fn there(path: &str, group: &str) -> String {
    let ids = [
        ("/users", BEN.id.to_string()),
        ("/groups", group.to_owned()),
        ("/applications", "00000000-0000-0000-0000-0000000090a3".into()),
        ("/servicePrincipals", PORTAL_PRINCIPAL.to_string()),
        ("/directoryRoles", role::USER_ADMINISTRATOR.to_string()),
        ("/directoryObjects", BEN.id.to_string()),
    ];
    let found = ids.into_iter().find(|(start, _)| path.starts_with(start));
    found.map_or_else(|| BOB.id.to_string(), |(_, id)| id)
}

#[tokio::test]
async fn no_body_is_answered_by_a_fault_of_the_server() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let mut asked = 0;
    let group =
        json!({ "displayName": "g", "mailEnabled": false, "mailNickname": "g", "securityEnabled": true });
    let group = alice.post("/groups", group).await.is(201).id();
    for operation in operations::all().filter(|operation| operation.method != operations::Verb::Get) {
        // What everything else is done to stays.
        if operation.method == operations::Verb::Delete && operation.path.ends_with("/{id}") {
            continue;
        }
        let method = Method::from_bytes(operation.method.as_str().as_bytes()).unwrap();
        let path = operation.path.replace("{id}", &there(operation.path, &group));
        let path = path.split('/').map(|piece| if piece.starts_with('{') { "x" } else { piece });
        let path = path.collect::<Vec<_>>().join("/");
        for body in bodies(operation) {
            let answer = alice.send(method.clone(), &path, Some(body.clone())).await;
            assert!(answer.status.as_u16() < 500, "{method} {path} {body}: {}", answer.text);
            asked += 1;
        }
    }
    assert!(asked > 1000, "{asked}");
    // Among all that, she revoked her own sessions.
    world.pass(1);
    let alice = world.of(ALICE);
    alice.get("/me").await.is(200);
    alice.get(&format!("/groups/{group}")).await.is(200);
}

#[tokio::test]
async fn no_query_and_no_key_is_answered_by_a_fault_of_the_server() {
    let world = World::new().await;
    let alice = world.of(ALICE).header("consistencylevel", "eventual");
    let some = USER.properties.iter().map(|property| property.name);
    let mut queries: Vec<String> = some
        .flat_map(|name| {
            [
                format!("$filter={name} eq null&$count=true"),
                format!("$filter={name} eq 'x'"),
                format!("$filter=startswith({name},'x')"),
                format!("$orderby={name}&$count=true"),
                format!("$select={name}"),
                format!("$search=\"{name}:x\""),
            ]
        })
        .collect();
    queries.extend(
        [
            "$filter=",
            "$filter=(",
            "$top=99999999999999999999",
            "$skiptoken=%00",
            "$expand=manager($expand=manager)",
            "%ff=1",
            "$count=x",
        ]
        .map(str::to_owned),
    );
    let (long, id) = ("x".repeat(3000), BOB.id.to_string());
    let keys = [id.as_str(), "x", "%00", "%27", "''", "%2e%2e", "%ff", "$ref", "(x", "a(b", long.as_str()];
    for operation in operations::all().filter(|operation| operation.method == operations::Verb::Get) {
        for key in keys {
            let path = operation.path.replace("{id}", key);
            let answer = alice.get(&path).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text);
        }
        let path = operation.path.replace("{id}", &id);
        for query in &queries {
            let answer = alice.get(&format!("{path}?{query}")).await;
            assert!(answer.status.as_u16() < 500, "{path}?{query}: {}", answer.text);
        }
    }
}
