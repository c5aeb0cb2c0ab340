//! How long tokens live, and who settles it (§4.1).

use idp_domain::applications::TokenVersion;

use super::scene::Scene;

/// How long the access token and the ID token live, and what the answer says of it.
fn lives(scene: &Scene) -> (i64, i64, i64) {
    let tokens = scene.tokens();
    // `iat` is five minutes back.
    let life =
        |claims: &serde_json::Value| claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() - 300;
    (life(&tokens.access.claims), life(&tokens.id.claims), tokens.issued.access.as_ref().unwrap().expires_in)
}

#[test]
fn the_resource_settles_it_before_the_tenant_and_the_tenant_before_the_server() {
    let mut scene = Scene::with_api(TokenVersion::V2);
    assert_eq!(lives(&scene), (3600, 3600, 3599));
    scene.tenant.token_lifetime = Some(600);
    assert_eq!(lives(&scene), (600, 600, 599));
    scene.resource.token_lifetime = Some(7200);
    assert_eq!(lives(&scene), (7200, 600, 7199));
    scene.client.token_lifetime = Some(900);
    assert_eq!(lives(&scene), (7200, 900, 7199), "an ID token is the client's");
}
