//! Token answers (RFC 6749 §5.1), and tokens, verified against the published keys before anybody reads a claim.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vestibule_jose::{Jwks, Validation};

use crate::answer::Answer;
use crate::cast::Tenant;
use crate::client::Client;
use crate::ordered::Ordered;
use crate::world::now;

/// A token answer that passed every check that holds for all of them.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The body.
    pub json: Ordered,
}

impl Answer {
    /// The answer brings tokens.
    #[track_caller]
    pub fn tokens(&self) -> Tokens {
        self.is(200).is_not_stored().is_hardened().repeats_no_secret();
        assert_eq!(self.header("pragma"), Some("no-cache"), "{}", self.shown());
        assert!(self.header("x-ms-request-id").is_some(), "{}", self.shown());
        assert!(self.headers_named("set-cookie").is_empty(), "{:?}", self.headers);
        let json = self.json();
        let order = [
            "token_type",
            "scope",
            "expires_in",
            "ext_expires_in",
            "expires_on",
            "not_before",
            "resource",
            "access_token",
            "refresh_token",
            "refresh_token_expires_in",
            "id_token",
            "client_info",
            "foci",
        ];
        let names = json.names();
        let expected: Vec<_> = order.into_iter().filter(|name| names.contains(name)).collect();
        assert_eq!(names, expected, "{}", self.shown());
        assert_eq!(json.str("token_type"), "Bearer");
        let tokens = Tokens { json };
        assert!(tokens.seconds("ext_expires_in") >= tokens.seconds("expires_in"));
        let v1 = !self.address.contains("/v2.0/");
        for name in ["expires_on", "not_before", "resource"] {
            assert_eq!(tokens.json.get(name).is_some(), v1, "{name} is told by v1.0 alone: {}", self.shown());
        }
        let is_text = tokens.json.get("expires_in").is_some_and(|value| value.as_str().is_some());
        assert_eq!(is_text, v1, "numbers are texts in v1.0: {}", self.shown());
        tokens
    }
}

impl Tokens {
    /// The access token.
    #[track_caller]
    pub fn access(&self) -> &str {
        self.json.str("access_token")
    }

    /// The refresh token, which must be there.
    #[track_caller]
    pub fn refresh(&self) -> &str {
        self.json.str("refresh_token")
    }

    /// The ID token, which must be there.
    #[track_caller]
    pub fn id(&self) -> &str {
        self.json.str("id_token")
    }

    /// A number of seconds, in the writing of either dialect.
    #[track_caller]
    pub fn seconds(&self, name: &str) -> i64 {
        match self.json.get(name).and_then(Ordered::as_str) {
            Some(text) => text.parse().unwrap(),
            None => self.json.number(name),
        }
    }

    /// The granted scopes, as listed.
    #[track_caller]
    pub fn scope(&self) -> Vec<&str> {
        self.json.str("scope").split(' ').collect()
    }

    /// The answer with its tokens decoded and without what differs between two runs.
    pub async fn snapshot(&self, client: &Client, tenant: &Tenant) -> Ordered {
        let Ordered::Object(members) = &self.json else { panic!("{self:?}") };
        let mut shown = Vec::new();
        for (name, value) in members {
            let value = match name.as_str() {
                "access_token" | "id_token" => {
                    Jwt::verified(client, tenant, value.as_str().unwrap()).await.snapshot(client.origin())
                }
                "client_info" => Ordered::parse(&URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()),
                _ => value.clone(),
            };
            shown.push((name.clone(), value));
        }
        let varying = ["expires_in", "ext_expires_in", "refresh_token", "refresh_token_expires_in"];
        Ordered::Object(shown).redacted(&varying)
    }
}

/// A token of ours: its signature, issuer and times are good.
#[derive(Debug, Clone)]
pub struct Jwt {
    /// The JOSE header.
    pub header: Ordered,
    /// The claims.
    pub claims: Ordered,
}

impl Jwt {
    /// Verifies a token with the keys that a tenant's document publishes.
    pub async fn verified(client: &Client, tenant: &Tenant, token: &str) -> Self {
        let Jwt { header, claims } = Self::read(token);
        // Each form has its issuer and its keys, and only v1.0 names the key by its thumbprint too.
        let (version, keys, thumbprint) = match claims.str("ver") {
            "1.0" => ("", "discovery/keys", Some(header.str("kid"))),
            "2.0" => ("v2.0", "discovery/v2.0/keys", None),
            other => panic!("ver is {other}"),
        };
        assert_eq!(header.get("x5t").and_then(Ordered::as_str), thumbprint, "{header:?}");
        let keys = client.get(&format!("/{}/{keys}", tenant.id)).await;
        let verifier = Jwks::parse(&keys.is(200).body).unwrap().verifier().unwrap();
        let jwt = verifier.verify(token).unwrap_or_else(|error| panic!("{error}: {token}"));
        let issuer = format!("{}/{}/{version}", client.origin(), tenant.id);
        let audience = claims.str("aud");
        Validation::new(&issuer, &[audience], now())
            .check(jwt)
            .unwrap_or_else(|refused| panic!("{refused}: {claims:?}"));
        Self { header, claims }
    }

    /// Reads a token without believing it.
    pub fn read(token: &str) -> Self {
        let segments: Vec<_> = token.split('.').collect();
        assert_eq!(segments.len(), 3, "{token}");
        let part = |at: usize| Ordered::parse(&URL_SAFE_NO_PAD.decode(segments[at]).unwrap());
        Self { header: part(0), claims: part(1) }
    }

    /// The scopes in `scp`.
    #[track_caller]
    pub fn scp(&self) -> Vec<&str> {
        self.claims.str("scp").split(' ').collect()
    }

    /// Header and claims, without what differs between two runs.
    pub fn snapshot(&self, origin: &str) -> Ordered {
        let both = Ordered::Object(vec![
            ("header".to_owned(), self.header.clone()),
            ("claims".to_owned(), self.claims.clone()),
        ]);
        let varying = [
            "kid",
            "x5t",
            "iat",
            "nbf",
            "exp",
            "auth_time",
            "aio",
            "rh",
            "uti",
            "sid",
            "nonce",
            "c_hash",
            "at_hash",
            "login_hint",
            "xms_tcdt",
        ];
        // A person's subject is made under the key of the server; an application's is its object id.
        let pairwise = self.claims.str("sub").to_owned();
        let both = if pairwise.len() == 43 { both.replacing(&pairwise, "[pairwise subject]") } else { both };
        both.redacted(&varying).replacing(origin, "https://localhost:8443")
    }
}
