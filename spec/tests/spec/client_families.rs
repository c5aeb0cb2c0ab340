//! Families of applications: public clients that use each other's refresh tokens, and who says that they may (RT-07).

use http::Method;
use serde_json::json;
use spec::cast::{alice, bob, contoso, explorer, named, native, spa, web};
use spec::client::client;
use spec::tokens::Jwt;
use vestibule_wire::aadsts::Aadsts;

use crate::flows::{USUAL, redeem, tokens_of};
use crate::graph::{json_of, person};

#[tokio::test]
async fn rt_07_the_members_of_a_family_use_each_others_refresh_tokens_and_nobody_else_does() {
    let client = client();
    let (mail, calendar) = (named("Contoso Mail"), named("Contoso Calendar"));
    let tokens = tokens_of(&alice(), mail.clone(), USUAL).await;
    assert_eq!(tokens.json.str("foci"), "1");
    let form = calendar.refreshes(tokens.refresh()).with("scope", "openid offline_access User.Read");
    let shared = client.token(&contoso(), &form).await.tokens();
    assert_eq!(shared.json.str("foci"), "1");
    let access = Jwt::verified(&client, &contoso(), shared.access()).await.claims;
    assert_eq!((access.str("appid"), access.str("oid")), (&*calendar.client_id, &*alice().id));
    let id = Jwt::verified(&client, &contoso(), shared.id()).await.claims;
    assert_eq!(id.str("aud"), calendar.client_id);
    // What is not consented to for the sibling is not had by way of it.
    let form = calendar.refreshes(tokens.refresh()).with("scope", "Group.ReadWrite.All");
    client.token(&contoso(), &form).await.refused(Aadsts::ConsentMissing);
    for stranger in [native(), web(), explorer(), spa()] {
        let answer = redeem(&client, &stranger, &contoso(), &stranger.refreshes(tokens.refresh())).await;
        answer.refused(Aadsts::GrantOfOtherClient);
        assert_eq!(answer.json().str("suberror"), "client_mismatch");
    }
    // Off unless named: any other program's token is its own, whoever asks.
    let plain = tokens_of(&alice(), native(), USUAL).await;
    assert!(plain.json.get("foci").is_none());
    client.token(&contoso(), &calendar.refreshes(plain.refresh())).await.refused(Aadsts::GrantInvalid);
    client.token(&contoso(), &mail.refreshes(tokens.refresh())).await.tokens();
}

#[tokio::test]
async fn rt_07_whoever_owns_an_application_does_not_make_it_a_member_of_a_family() {
    let (alice, bob) = (person(&alice()).await, person(&bob()).await);
    let family = json!({ "clientFamily": "1" });
    let public = json!({ "displayName": "Bobs Mail", "isFallbackPublicClient": true });
    let made = bob.registers(public).await;
    let path = format!("/applications/{}", made.id);
    let manifest = format!("{path}/manifest");
    bob.patch(&path, family.clone()).await.is(403);
    let body = json!({ "displayName": "x", "isFallbackPublicClient": true, "clientFamily": "1" });
    bob.post("/applications", body.clone()).await.is(403);
    bob.send(Method::PUT, &manifest, Some(&body)).await.is(403);
    alice.patch(&path, family).await.is(204);
    let shown = alice.get(&format!("{path}?$select=clientFamily")).await;
    assert_eq!(json_of(shown.is(200))["clientFamily"], "1");
    // It is public, and stays so; and there is one family.
    alice.post(&format!("{path}/addPassword"), json!({})).await.is(400);
    alice.patch(&path, json!({ "clientFamily": "2" })).await.is(400);
    bob.patch(&path, json!({ "clientFamily": null })).await.is(403);
    alice.patch(&path, json!({ "clientFamily": null })).await.is(204);
}
