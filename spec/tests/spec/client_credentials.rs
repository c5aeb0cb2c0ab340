//! Client credentials (RFC 6749 §4.4): a program asks for itself.

use std::collections::HashSet;

use spec::cast::{API_DEFAULT, GRAPH, api, contoso, daemon, fabrikam, native, saas, spa, web};
use spec::client::{Client, client};
use spec::tokens::Jwt;
use spec::world::now;
use vestibule_wire::aadsts::Aadsts;

async fn daemon_token(client: &Client, scope: &str) -> Jwt {
    let tokens = client.token(&contoso(), &daemon().for_itself(scope)).await.tokens();
    Jwt::verified(client, &contoso(), tokens.access()).await
}

#[tokio::test]
async fn the_daemon_gets_a_token_for_itself_and_nothing_else() {
    let client = client();
    let tokens = client.token(&contoso(), &daemon().for_itself(API_DEFAULT)).await.tokens();
    insta::assert_json_snapshot!(tokens.snapshot(&client, &contoso()).await);
}

#[tokio::test]
async fn a_token_lives_60_to_90_minutes_and_is_backdated_by_five() {
    let client = client();
    for _ in 0..5 {
        let before = now();
        let tokens = client.token(&contoso(), &daemon().for_itself(API_DEFAULT)).await.tokens();
        let claims = Jwt::verified(&client, &contoso(), tokens.access()).await.claims;
        let (iat, nbf, exp) = (claims.number("iat"), claims.number("nbf"), claims.number("exp"));
        let expires_in = tokens.json.number("expires_in");
        assert_eq!(iat, nbf);
        assert!((before - 300..=now() - 300).contains(&iat), "iat {iat}, now {before}");
        assert_eq!(exp - iat, expires_in + 301, "entra: one second is lost between minting and answering");
        assert!((3599..5400).contains(&expires_in), "{expires_in}");
    }
}

#[tokio::test]
async fn lifetimes_and_token_ids_differ_from_token_to_token() {
    let client = client();
    let (mut ids, mut lifetimes) = (HashSet::new(), HashSet::new());
    for _ in 0..8 {
        let tokens = client.token(&contoso(), &daemon().for_itself(API_DEFAULT)).await.tokens();
        let claims = Jwt::read(tokens.access()).claims;
        assert_eq!(claims.str("uti").len(), 22, "base64url of 16 bytes");
        ids.insert(claims.str("uti").to_owned());
        lifetimes.insert(tokens.json.number("expires_in"));
    }
    assert_eq!(ids.len(), 8);
    assert!(
        lifetimes.len() > 1,
        "clients that all started at once must not all return at once: {lifetimes:?}"
    );
}

#[tokio::test]
async fn ro_08_an_app_only_token_has_roles_and_no_scopes_and_its_subject_is_the_service_principal() {
    let token = daemon_token(&client(), API_DEFAULT).await;
    let claims = &token.claims;
    assert_eq!(claims.strings("roles"), ["Tasks.Read.All"]);
    assert_eq!(claims.str("sub"), claims.str("oid"));
    assert_ne!(claims.str("oid"), daemon().client_id);
    assert_eq!(claims.str("azp"), daemon().client_id);
    assert_eq!(claims.str("aud"), api().client_id);
    assert_eq!(claims.str("azpacr"), "1");
    for person in ["scp", "name", "preferred_username", "upn", "email", "sid", "nonce", "idtyp"] {
        assert!(claims.get(person).is_none(), "{person}");
    }
    assert_eq!(token.header.names(), ["typ", "alg", "kid"], "entra: v2.0 tokens have no x5t");
}

#[tokio::test]
async fn a_resource_may_be_named_by_its_uri_or_its_client_id() {
    let client = client();
    for scope in [
        API_DEFAULT.to_owned(),
        format!("{}/.default", api().client_id),
        format!("{}/.default", api().client_id.to_uppercase()),
    ] {
        assert_eq!(daemon_token(&client, &scope).await.claims.str("aud"), api().client_id, "{scope}");
    }
    // Microsoft Graph's tokens are in the v1.0 form, whose audience is the resource as it was asked for.
    for (scope, audience) in [
        ("https://graph.microsoft.com/.default", "https://graph.microsoft.com"),
        ("https://graph.microsoft.com//.default", "https://graph.microsoft.com/"),
        (".default", GRAPH),
        (&format!("{GRAPH}/.default"), GRAPH),
    ] {
        assert_eq!(daemon_token(&client, scope).await.claims.str("aud"), audience, "{scope}");
    }
}

#[tokio::test]
async fn a_token_for_microsoft_graph_is_in_the_v1_form_and_says_that_it_is_an_applications() {
    let client = client();
    let tokens = client.token(&contoso(), &daemon().for_itself(".default")).await.tokens();
    insta::assert_json_snapshot!(tokens.snapshot(&client, &contoso()).await);
}

#[tokio::test]
async fn a_client_may_ask_for_a_token_for_itself_as_a_resource() {
    let client = client();
    let own = daemon().client_id;
    assert_eq!(daemon_token(&client, &format!("{own}/.default")).await.claims.str("aud"), own);
}

#[tokio::test]
async fn without_a_role_there_is_a_token_without_roles() {
    let client = client();
    let tokens = client.token(&contoso(), &web().for_itself(API_DEFAULT)).await.tokens();
    let claims = Jwt::verified(&client, &contoso(), tokens.access()).await.claims;
    assert!(claims.get("roles").is_none(), "absent, never empty: {claims:?}");
}

#[tokio::test]
async fn what_the_client_libraries_add_is_passed_over() {
    let client = client();
    for form in [
        // MSAL Go and MSAL Java
        daemon().for_itself(&format!("{API_DEFAULT} openid profile offline_access")),
        // MSAL.NET
        daemon()
            .for_itself(API_DEFAULT)
            .with("client_info", "2")
            .with("x-client-sku", "MSAL.NetCore")
            .with("x-client-ver", "4.86.0.0"),
        // MSAL Python
        daemon()
            .for_itself(API_DEFAULT)
            .with("client_info", "1")
            .with("claims", r#"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#),
        // MSAL Node
        daemon()
            .for_itself(API_DEFAULT)
            .with("x-ms-lib-capability", "retry-after, h429")
            .with("x-client-current-telemetry", "5|771,0,,,|,"),
        // Go-based clients send the response type along
        daemon()
            .for_itself(API_DEFAULT)
            .with("response_type", "token")
            .with("api-version", "1.0")
            .with("return_spa_code", "1"),
    ] {
        let tokens = client.token(&contoso(), &form).await.tokens();
        assert_eq!(
            tokens.json.names(),
            ["token_type", "expires_in", "ext_expires_in", "access_token"],
            "{form:?}"
        );
    }
}

#[tokio::test]
async fn the_tenant_may_be_named_by_its_domain_in_any_case() {
    let client = client();
    let id = contoso().id;
    for authority in ["contoso.test", "Contoso.TEST", &id, &id.to_uppercase()] {
        let tokens = client.token_at(authority, &daemon().for_itself(API_DEFAULT)).await.tokens();
        let claims = Jwt::verified(&client, &contoso(), tokens.access()).await.claims;
        assert_eq!(claims.str("tid"), id, "{authority}");
    }
}

#[tokio::test]
async fn ro_07_the_scope_must_be_one_default_scope() {
    let client = client();
    let two = format!("{API_DEFAULT} https://graph.microsoft.com/.default");
    for scope in [
        "api://contoso-api/Tasks.Read",
        "User.Read",
        "openid profile",
        "openid",
        &two,
        "api://contoso-api/.Default",
        "api://contoso-api/.default.default",
        "offline_access",
    ] {
        client.token(&contoso(), &daemon().for_itself(scope)).await.refused(Aadsts::ScopeNotDefault);
    }
    for scope in [
        "api://contoso-api/.default api://contoso-api/Tasks.Read",
        "api://contoso-api/",
        "/.default",
        "\"",
        "ä/.default",
    ] {
        client.token(&contoso(), &daemon().for_itself(scope)).await.refused(Aadsts::ScopeInvalid);
    }
    for form in [daemon().for_itself(""), daemon().for_itself("").without("scope")] {
        let refusal = client.token(&contoso(), &form).await.refused(Aadsts::ParameterMissing);
        assert!(refusal.message.contains("'scope'"), "{}", refusal.message);
    }
}

#[tokio::test]
async fn az_25_scopes_without_end_are_refused_at_once() {
    let client = client();
    let many = (0..500).map(|n| format!("api://r{n}/.default")).collect::<Vec<_>>().join(" ");
    let long = format!("api://{}/.default", "x".repeat(10_000));
    for scope in [many, long] {
        let began = std::time::Instant::now();
        let refusal =
            client.token(&contoso(), &daemon().for_itself(&scope)).await.refused(Aadsts::ScopeInvalid);
        assert!(refusal.message.len() < 700, "what a request says is shown bounded");
        assert!(began.elapsed().as_millis() < 1000);
    }
}

#[tokio::test]
async fn az_27_a_resource_is_found_by_its_exact_name_only() {
    let client = client();
    for scope in [
        "api://contoso-api//.default",
        "api://contoso-api/x/.default",
        "api://Contoso-API/.default",
        "api:/contoso-api/.default",
        "api://contoso%2dapi/.default",
        "api://contoso-api%2F.default/.default",
        "api://contoso-ap/.default",
        "api://contoso-api%/.default",
        "api://contoso-api'--/.default",
        "https://graph.microsoft.com.evil.example/.default",
        "11111111-1111-4111-8111-111111111111/.default",
    ] {
        let refusal =
            client.token(&contoso(), &daemon().for_itself(scope)).await.refused(Aadsts::ResourceNotFound);
        assert!(refusal.message.contains("Contoso"), "{}", refusal.message);
    }
}

#[tokio::test]
async fn az_28_a_resource_of_another_tenant_is_not_found() {
    let client = client();
    for scope in [API_DEFAULT.to_owned(), format!("{}/.default", api().client_id)] {
        client.token(&fabrikam(), &saas().for_itself(&scope)).await.refused(Aadsts::ResourceNotFound);
    }
}

#[tokio::test]
async fn az_29_an_application_of_one_organisation_is_not_found_in_another() {
    let client = client();
    let refusal =
        client.token(&fabrikam(), &daemon().for_itself("https://graph.microsoft.com/.default")).await;
    let refusal = refusal.refused(Aadsts::ApplicationNotFound);
    assert!(
        refusal.message.contains(&daemon().client_id) && refusal.message.contains("Fabrikam"),
        "{}",
        refusal.message
    );
}

#[tokio::test]
async fn ro_09_a_token_says_what_the_application_is_in_the_tenant_it_is_for() {
    let client = client();
    let mut principals = HashSet::new();
    for tenant in [contoso(), fabrikam()] {
        let tokens =
            client.token(&tenant, &saas().for_itself("https://graph.microsoft.com/.default")).await.tokens();
        let claims = Jwt::verified(&client, &tenant, tokens.access()).await.claims;
        assert_eq!(claims.str("tid"), tenant.id);
        assert!(claims.get("roles").is_none(), "{claims:?}");
        principals.insert(claims.str("oid").to_owned());
    }
    assert_eq!(principals.len(), 2, "each tenant has a service principal of its own");
}

#[tokio::test]
async fn an_alias_names_no_tenant() {
    let client = client();
    for alias in ["common", "organizations", "Common", "ORGANIZATIONS"] {
        client.token_at(alias, &daemon().for_itself(API_DEFAULT)).await.refused(Aadsts::TenantMissing);
    }
}

#[tokio::test]
async fn a_public_client_has_nothing_to_prove_itself_with() {
    let client = client();
    for program in [native(), spa(), daemon(), web(), api()] {
        let form = program.for_itself(API_DEFAULT).without("client_secret");
        client.token(&contoso(), &form).await.refused(Aadsts::ClientCredentialRequired);
    }
}

#[tokio::test]
async fn many_at_once_all_get_a_token_of_their_own() {
    let client = client();
    let requests: Vec<_> = (0..64)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(
                async move { client.token(&contoso(), &daemon().for_itself(API_DEFAULT)).await.tokens() },
            )
        })
        .collect();
    let mut tokens = HashSet::new();
    for request in requests {
        tokens.insert(request.await.unwrap().access().to_owned());
    }
    assert_eq!(tokens.len(), 64);
}
