//! Who may do what to whom (GA-07 to GA-10): over HTTP, what the table says.

use serde_json::json;

use crate::world::*;

fn new_password() -> serde_json::Value {
    json!({ "passwordProfile": { "password": "Correct-Horse-8" } })
}

#[tokio::test]
async fn ga_09_nobody_resets_the_password_of_somebody_above() {
    let world = World::new().await;
    for (who, whose, may) in [
        (HELEN, BOB, true),
        (HELEN, HELEN, false),
        (HELEN, URSULA, false),
        (HELEN, ALICE, false),
        (URSULA, BEN, true),
        (URSULA, HELEN, false),
        (URSULA, PETER, false),
        (URSULA, ALICE, false),
        (PETER, ALICE, false),
        (PETER, BOB, false),
        (BOB, BEN, false),
        (ADA, HELEN, true),
    ] {
        let answer = world.of(who).patch(&format!("/users/{}", whose.id), new_password()).await;
        let expected = if may { 204 } else { 403 };
        assert_eq!(answer.status.as_u16(), expected, "{} on {}: {}", who.upn, whose.upn, answer.text);
        let answer =
            world.of(who).post(&format!("/users/{}/revokeSignInSessions", whose.id), json!({})).await;
        let expected = if may || who.id == whose.id { 200 } else { 403 };
        assert_eq!(answer.status.as_u16(), expected, "{} on {}", who.upn, whose.upn);
        world.pass(1000);
    }
}

#[tokio::test]
async fn ga_09_a_deleted_administrator_is_an_administrator_still() {
    let world = World::new().await;
    let path = format!("/directory/deletedItems/{}", ADA.id);
    world.of(URSULA).delete(&format!("/users/{}", ADA.id)).await.denied();
    world.of(ALICE).delete(&format!("/users/{}", ADA.id)).await.is(204);
    world.of(URSULA).post(&format!("{path}/restore"), json!({})).await.denied();
    world.of(URSULA).delete(&path).await.denied();
    world.of(ALICE).post(&format!("{path}/restore"), json!({})).await.is(200);
}

#[tokio::test]
async fn ga_07_a_permission_without_the_right_and_a_right_without_the_permission_are_nothing() {
    let world = World::new().await;
    let body = json!({ "jobTitle": "x" });
    let path = format!("/users/{}", BEN.id);
    for (who, scopes, may) in [
        (BOB, "User.ReadWrite.All", false),
        (ALICE, "User.Read.All", false),
        (ALICE, "User.ReadWrite", false),
        (ALICE, "openid profile", false),
        (ALICE, "User.ReadWrite.All", true),
        (URSULA, "Directory.ReadWrite.All", true),
        (HELEN, "User.ReadWrite.All", false),
    ] {
        let answer = world.as_person(CONTOSO, who, scopes).patch(&path, body.clone()).await;
        assert_eq!(answer.status.as_u16(), if may { 204 } else { 403 }, "{} {scopes}", who.upn);
    }
    // Microsoft Graph: Directory.ReadWrite.All neither deletes users nor sets passwords.
    let directory = world.as_person(CONTOSO, ALICE, "Directory.ReadWrite.All");
    directory.delete(&path).await.denied();
    directory.patch(&path, new_password()).await.denied();
}

#[tokio::test]
async fn ga_08_an_application_alone_may_what_it_was_granted_and_touches_no_administrator() {
    let world = World::new().await;
    for (permission, reads, writes) in [
        ("User.Read.All", true, false),
        ("User.ReadWrite.All", true, true),
        ("Directory.Read.All", true, false),
        ("Group.ReadWrite.All", false, false),
        ("Mail.Send", false, false),
    ] {
        let portal = world.as_application(&[permission]);
        let read = portal.get(&format!("/users/{}", BEN.id)).await;
        assert_eq!(read.status.as_u16(), if reads { 200 } else { 403 }, "{permission}");
        let wrote = portal.patch(&format!("/users/{}", BEN.id), json!({ "jobTitle": "x" })).await;
        assert_eq!(wrote.status.as_u16(), if writes { 204 } else { 403 }, "{permission}");
        for above in [ALICE, HELEN] {
            portal.patch(&format!("/users/{}", above.id), json!({ "jobTitle": "x" })).await.denied();
            portal.patch(&format!("/users/{}", above.id), new_password()).await.denied();
            portal.delete(&format!("/users/{}", above.id)).await.denied();
        }
    }
}

#[tokio::test]
async fn a_basic_profile_is_all_that_is_told_and_asked_with_a_basic_permission() {
    let world = World::new().await;
    let basic = world.as_person(CONTOSO, BOB, "User.ReadBasic.All");
    let read =
        basic.get("/users/alice@contoso.test?$select=id,mail,accountEnabled,createdDateTime").await.is(200);
    assert_eq!(read.json["mail"], "alice@contoso.test");
    assert_eq!((&read.json["accountEnabled"], &read.json["createdDateTime"]), (&json!(null), &json!(null)));
    basic.get("/users").await.is(200);
    let hidden = basic.get("/users?$filter=accountEnabled eq true").await.is(200);
    assert_eq!(hidden.json["value"], json!([]), "a filter would tell what is not told");
}
