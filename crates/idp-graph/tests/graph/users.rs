//! Users: made, read, changed, deleted, brought back.

use idp_domain::audit::Activity;
use serde_json::{Value, json};

use crate::world::*;

fn dora() -> Value {
    json!({
        "accountEnabled": true, "displayName": "Dora", "mailNickname": "dora", "userPrincipalName": "Dora@contoso.test",
        "passwordProfile": { "password": "Correct-Horse-9", "forceChangePasswordNextSignIn": false },
        "jobTitle": "Diver", "businessPhones": ["+31 20 1234567"], "usageLocation": "NL",
    })
}

#[tokio::test]
async fn a_user_is_made_read_changed_deleted_and_brought_back() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let made = alice.post("/users", dora()).await.is(201);
    let id = made.id();
    assert_eq!(made.json["userPrincipalName"], "dora@contoso.test");
    assert_eq!(made.json["businessPhones"], json!(["+31 20 1234567"]));
    assert_eq!(made.header("location"), Some(&*format!("{ORIGIN}/graph/v1.0/users/{id}")));
    assert_eq!(made.json["@odata.context"], format!("{ORIGIN}/graph/v1.0/$metadata#users/$entity"));
    assert!(!made.text.contains("Correct-Horse"), "GA-06: {}", made.text);

    for key in
        [format!("/users/{id}"), "/users/dora@contoso.test".into(), "/users('Dora@Contoso.test')".into()]
    {
        let read = alice.get(&key).await.is(200);
        assert_eq!(read.id(), id);
        assert_eq!(read.header("etag"), read.json["@odata.etag"].as_str());
    }
    let one = alice.get(&format!("/users/{id}?$select=id,usageLocation")).await.is(200);
    assert_eq!(one.json["usageLocation"], "NL");
    assert_eq!(
        one.json["@odata.context"],
        format!("{ORIGIN}/graph/v1.0/$metadata#users(id,usageLocation)/$entity")
    );
    assert!(one.json.get("displayName").is_none());

    world.pass(1);
    alice.patch(&format!("/users/{id}"), json!({ "displayName": "Dora D.", "jobTitle": null })).await.is(204);
    let read = alice.get(&format!("/users/{id}")).await.is(200);
    assert_eq!((&read.json["displayName"], &read.json["jobTitle"]), (&json!("Dora D."), &Value::Null));

    let path = format!("/users/{id}?$select=signInSessionsValidFromDateTime");
    let made = alice.get(&path).await.is(200).json["signInSessionsValidFromDateTime"].clone();
    world.pass(1);
    alice.delete(&format!("/users/{id}")).await.is(204);
    alice.get(&format!("/users/{id}")).await.not_found();
    let deleted = alice.get("/directory/deletedItems/microsoft.graph.user").await.is(200);
    assert_eq!(deleted.each("id"), [&id]);
    alice.get(&format!("/directory/deletedItems/{id}")).await.is(200);
    world.pass(1);
    alice.post(&format!("/directory/deletedItems/{id}/restore"), json!({})).await.is(200);
    let restored = alice.get(&path).await.is(200);
    assert!(restored.json["signInSessionsValidFromDateTime"].as_str() > made.as_str(), "{made}");
    world.pass(1);
    alice.delete(&format!("/users/{id}")).await.is(204);
    world.pass(1);
    alice.delete(&format!("/directory/deletedItems/{id}")).await.is(204);
    alice.get(&format!("/directory/deletedItems/{id}")).await.not_found();

    let recorded: Vec<_> = world.recorded().await.iter().rev().map(|event| event.activity).collect();
    use Activity::*;
    assert_eq!(
        recorded,
        [ObjectAdded, ObjectUpdated, ObjectDeleted, ObjectRestored, ObjectDeleted, ObjectPurged]
    );
    let updated = &world.recorded().await[4];
    let target = updated.target.as_ref().unwrap();
    assert_eq!((target.kind.as_str(), target.id.to_string(), updated.user), ("user", id, Some(ALICE.id)));
    assert_eq!(target.changed, ["displayName", "jobTitle"]);
}

#[tokio::test]
async fn ga_05_what_the_server_says_cannot_be_written() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    for member in ["isAdmin", "tenantId", "passwordHash", "directoryRoles", "roles"] {
        let answer = alice.patch("/users/bob@contoso.test", json!({ member: "x" })).await.is(400);
        assert_eq!(answer.message(), format!("Invalid property '{member}'."));
        assert_eq!(answer.json["error"]["target"], member);
    }
    for member in
        ["id", "createdDateTime", "onPremisesSyncEnabled", "onPremisesSamAccountName", "proxyAddresses"]
    {
        let answer = alice.patch("/users/bob@contoso.test", json!({ member: "x" })).await.is(400);
        assert_eq!(answer.message(), format!("Property '{member}' is read-only and cannot be set."));
    }
    let before = alice.get("/users/bob@contoso.test").await.is(200).json;
    let both = json!({ "displayName": "Robert", "isAdmin": true, "accountEnabled": "no" });
    let answer = alice.patch("/users/bob@contoso.test", both).await.is(400);
    assert_eq!(answer.json["error"]["details"].as_array().unwrap().len(), 2);
    assert_eq!(alice.get("/users/bob@contoso.test").await.json, before, "nothing of it is stored");
}

#[tokio::test]
async fn a_user_is_refused_whole_and_everything_missing_is_named() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let answer = alice.post("/users", json!({ "displayName": "X" })).await.is(400);
    let details = answer.json["error"]["details"].as_array().unwrap();
    let missing: Vec<_> = details.iter().map(|detail| detail["target"].as_str().unwrap()).collect();
    assert_eq!(missing, ["accountEnabled", "mailNickname", "passwordProfile", "userPrincipalName"]);
    let with = |name: &str, value: Value| {
        let mut body = dora();
        body[name] = value;
        body
    };
    for (name, value) in [
        ("userPrincipalName", json!("dora@fabrikam.test")),
        ("userPrincipalName", json!("dora")),
        ("passwordProfile", json!({ "password": "short" })),
        ("passwordProfile", json!({ "password": "lowercase only please" })),
        ("passwordProfile", json!({})),
        ("displayName", json!("")),
        ("usageLocation", json!("Holland")),
    ] {
        let answer = alice.post("/users", with(name, value.clone())).await.is(400);
        let target = answer.json["error"]["target"].as_str().unwrap_or_default();
        assert!(target.starts_with(name), "{name} {value}: {}", answer.text);
    }
    let answer = alice.post("/users", with("userPrincipalName", json!("BOB@contoso.test"))).await;
    let answer = answer.refused(400, "Request_MultipleObjectsWithSameKeyValue");
    assert_eq!(
        answer.message(),
        "Another object with the same value for property userPrincipalName already exists."
    );
    let answer =
        alice.patch("/users/ben@contoso.test", json!({ "userPrincipalName": "bob@contoso.test" })).await;
    answer.refused(400, "Request_MultipleObjectsWithSameKeyValue");
    assert!(world.recorded().await.is_empty(), "nothing came of it");
    let weak = json!({ "passwordProfile": { "password": "lowercase only please" }, "passwordPolicies": "DisableStrongPassword" });
    let mut body = dora();
    body.as_object_mut().unwrap().extend(weak.as_object().unwrap().clone());
    alice.post("/users", body).await.is(201);
}

#[tokio::test]
async fn ga_11_a_stale_etag_is_refused() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let path = "/users/bob@contoso.test";
    let etag = alice.get(path).await.is(200).header("etag").unwrap().to_owned();
    let with = |tag: &str| world.of(ALICE).header("if-match", tag.to_owned());
    with(&etag).patch(path, json!({ "jobTitle": "Baker" })).await.is(204);
    with(&etag).patch(path, json!({ "jobTitle": "Butcher" })).await.refused(412, "PreconditionFailed");
    with(&etag).delete(path).await.refused(412, "PreconditionFailed");
    with("*").patch(path, json!({ "jobTitle": "Brewer" })).await.is(204);
    assert_eq!(alice.get(path).await.json["jobTitle"], "Brewer");
}

/// Of those who read the same version, one changes it.
#[tokio::test]
async fn ga_11_no_update_is_lost() {
    let world = World::new().await;
    let path = "/users/bob@contoso.test";
    let etag = world.of(ALICE).get(path).await.is(200).header("etag").unwrap().to_owned();
    let asking = world.of(ALICE).header("if-match", etag);
    let bodies: Vec<_> = (0..4).map(|n| json!({ "jobTitle": n.to_string() })).collect();
    let [a, b, c, d] = &bodies[..] else { panic!() };
    let patch = |body: &Value| asking.patch(path, body.clone());
    let (a, b, c, d) = tokio::join!(patch(a), patch(b), patch(c), patch(d));
    let mut statuses = [a, b, c, d].map(|answer| answer.status.as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 412, 412, 412]);
    // Who asks for no version takes what is there, each in turn.
    let asking = world.of(ALICE);
    let patch = |name: &'static str| asking.patch(path, json!({ name: "x" }));
    let (a, b, c) = tokio::join!(patch("city"), patch("state"), patch("department"));
    for answer in [a, b, c] {
        answer.is(204);
    }
    let read = asking.get(&format!("{path}?$select=city,state,department")).await.is(200);
    assert_eq!(
        (&read.json["city"], &read.json["state"], &read.json["department"]),
        (&json!("x"), &json!("x"), &json!("x"))
    );
}

#[tokio::test]
async fn a_person_changes_their_own_details_and_nothing_else() {
    let world = World::new().await;
    let bob = world.as_person(CONTOSO, BOB, "User.ReadWrite");
    bob.patch("/me", json!({ "mobilePhone": "+31 6 12345678" })).await.is(204);
    assert_eq!(bob.get("/me").await.is(200).json["mobilePhone"], "+31 6 12345678");
    for body in [
        json!({ "jobTitle": "Chief" }),
        json!({ "userPrincipalName": "chief@contoso.test" }),
        json!({ "accountEnabled": true }),
        json!({ "mobilePhone": "1", "displayName": "Chief" }),
        json!({ "passwordProfile": { "password": "Correct-Horse-9" } }),
        json!({ "userType": "Guest" }),
    ] {
        bob.patch("/me", body).await.denied();
    }
    bob.patch("/users/ben@contoso.test", json!({ "mobilePhone": "1" })).await.denied();
    world.as_person(CONTOSO, BOB, "User.Read").patch("/me", json!({ "mobilePhone": "1" })).await.denied();
}

#[tokio::test]
async fn a_person_changes_their_password_knowing_it() {
    let world = World::new().await;
    let bob = world.of(BOB);
    let ask = |current: &str, new: &str| json!({ "currentPassword": current, "newPassword": new });
    bob.post("/me/changePassword", ask("Wrong-Horse-7", "Correct-Horse-8")).await.is(400);
    bob.post("/me/changePassword", ask(PASSWORD, "weak")).await.is(400);
    bob.post("/me/changePassword", ask(PASSWORD, PASSWORD)).await.is(400);
    bob.post("/me/changePassword", json!({ "newPassword": "Correct-Horse-8" })).await.is(400);
    world.pass(10);
    let bob = world.of(BOB);
    bob.post("/me/changePassword", ask(PASSWORD, "Correct-Horse-8")).await.is(204);
    world.pass(600);
    let bob = world.of(BOB);
    bob.post("/me/changePassword", ask(PASSWORD, "Correct-Horse-9")).await.is(400);
    bob.post("/me/changePassword", ask("Correct-Horse-8", "Correct-Horse-9")).await.is(204);
}

/// LG-02: here as on the page, ten wrong passwords lock.
#[tokio::test]
async fn lg_02_changing_a_password_is_no_way_to_guess_it() {
    let world = World::new().await;
    let bob = world.of(BOB);
    for guess in 0..10 {
        let body = json!({ "currentPassword": format!("Guess-{guess}"), "newPassword": "Correct-Horse-8" });
        bob.post("/me/changePassword", body).await.is(400);
    }
    let right = json!({ "currentPassword": PASSWORD, "newPassword": "Correct-Horse-8" });
    bob.post("/me/changePassword", right).await.is(400);
    let recorded: Vec<_> = world.recorded().await.iter().map(|event| event.activity).collect();
    assert_eq!(recorded.len(), 10);
    assert!(recorded.contains(&Activity::SignInFailed) && recorded.contains(&Activity::AccountLocked));
}

#[tokio::test]
async fn an_administrator_sets_a_password_for_one_sign_in() {
    let world = World::new().await;
    let ursula = world.of(URSULA);
    world.pass(10);
    let body = json!({ "passwordProfile": { "password": "Correct-Horse-8" }, "jobTitle": "Baker" });
    ursula.patch("/users/bob@contoso.test", body).await.is(204);
    let user = world.app.store.user(CONTOSO, BOB.id).await.unwrap().unwrap();
    assert!(user.must_change_password);
    assert_eq!(user.valid_from, world.app.now(), "what was signed in before is dead");
    assert_eq!(user.profile.text("jobTitle"), Some("Baker"));
    let body = json!({ "passwordProfile": { "password": "Correct-Horse-9", "forceChangePasswordNextSignIn": false } });
    ursula.patch("/users/bob@contoso.test", body).await.is(204);
    assert!(!world.app.store.user(CONTOSO, BOB.id).await.unwrap().unwrap().must_change_password);
    let events: Vec<_> = world.recorded().await.iter().map(|event| event.activity).collect();
    assert!(events.contains(&Activity::PasswordReset), "{events:?}");
}

#[tokio::test]
async fn revoking_sessions_ends_what_began_before() {
    let world = World::new().await;
    let bob = world.of(BOB);
    world.pass(10);
    let answer =
        world.of(URSULA).post("/users/bob@contoso.test/revokeSignInSessions", json!({})).await.is(200);
    assert_eq!(answer.json["value"], true);
    bob.get("/me").await.refused(401, "InvalidAuthenticationToken");
    // Sign-ins are known to the second.
    world.of(BOB).get("/me").await.refused(401, "InvalidAuthenticationToken");
    world.pass(1);
    world.of(BOB).post("/me/revokeSignInSessions", json!({})).await.is(200);
}

#[tokio::test]
async fn a_person_has_a_manager_and_reports() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let body = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{}", ADA.id) });
    alice.get("/users/bob@contoso.test/manager").await.not_found();
    alice.send(http::Method::PUT, "/users/bob@contoso.test/manager/$ref", Some(body.clone())).await.is(204);
    alice.send(http::Method::PUT, "/users/bob@contoso.test/manager/$ref", Some(body)).await.is(204);
    let manager = world.of(BOB).get("/me/manager").await.is(200);
    assert_eq!(manager.json["displayName"], "Ada");
    assert_eq!(manager.json["@odata.type"], "#microsoft.graph.user");
    let reports = alice.get("/users/ada@contoso.test/directReports").await.is(200);
    assert_eq!(reports.each("displayName"), ["Bob"]);
    let expanded = alice.get("/users/bob@contoso.test?$expand=manager($select=id)").await.is(200);
    assert_eq!(expanded.json["manager"]["id"], ADA.id.to_string());
    alice.delete("/users/bob@contoso.test/manager/$ref").await.is(204);
    alice.get("/users/bob@contoso.test/manager").await.not_found();
}

#[tokio::test]
async fn a_person_has_one_manager_even_when_an_earlier_one_is_restored() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    let manager = "/users/bob@contoso.test/manager";
    for person in [BEN, ADA] {
        let body = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{}", person.id) });
        alice.send(http::Method::PUT, &format!("{manager}/$ref"), Some(body)).await.is(204);
        if person.id == BEN.id {
            alice.delete(&format!("/users/{}", BEN.id)).await.is(204);
            alice.get(manager).await.not_found();
        }
    }
    alice.post(&format!("/directory/deletedItems/{}/restore", BEN.id), json!({})).await.is(200);
    assert_eq!(alice.get(manager).await.is(200).json["displayName"], "Ada");
    alice.delete(&format!("{manager}/$ref")).await.is(204);
    alice.get(manager).await.not_found();
}

#[tokio::test]
async fn a_directory_keeps_an_administrator() {
    let world = World::new().await;
    let alice = world.of(ALICE);
    alice.delete("/users/ada@contoso.test").await.is(204);
    alice.delete("/users/alice@contoso.test").await.is(400);
    alice.patch("/users/alice@contoso.test", json!({ "accountEnabled": false })).await.is(400);
    let role = "62e90394-69f5-4237-9190-012177145e10";
    alice.delete(&format!("/directoryRoles/{role}/members/{}/$ref", ALICE.id)).await.is(400);
}
