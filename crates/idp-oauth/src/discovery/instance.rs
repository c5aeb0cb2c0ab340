//! `GET /common/discovery/instance`: is this authority one of ours, and under which hosts is it known?

use axum::body::Body;
use axum::extract::{RawQuery, State};
use http::{Response, Uri};
use idp_web::request::RequestInfo;
use idp_web::state::{Origin, Shared};
use vestibule_wire::aadsts::{Aadsts, Failure};
use vestibule_wire::authority::Authority;
use vestibule_wire::discovery::{InstanceDiscovery, InstanceMetadata};
use vestibule_wire::form::Form;

const AUTHORIZATION_ENDPOINT: &str = "authorization_endpoint";

/// The document.
pub async fn get(State(app): State<Shared>, RawQuery(query): RawQuery, info: RequestInfo) -> Response<Body> {
    let document = discover(&app.origin, query.as_deref().unwrap_or_default());
    super::document(&app, &info, document)
}

fn discover(origin: &Origin, query: &str) -> Result<InstanceDiscovery, Failure> {
    let form = Form::parse(query.as_bytes()).map_err(|_| Aadsts::RequestMalformed.bare())?;
    let asked = form
        .get(AUTHORIZATION_ENDPOINT)
        .ok_or_else(|| Aadsts::ParameterMissing.with([("name", AUTHORIZATION_ENDPOINT)]))?;
    let malformed = || Aadsts::InstanceMalformed.with([("name", AUTHORIZATION_ENDPOINT)]);
    let endpoint: Uri = asked.parse().map_err(|_| malformed())?;
    let host = endpoint.host().ok_or_else(malformed)?;
    // MSAL Python drops the port here, so the host decides.
    if endpoint.scheme_str() != Some("https") || !host.eq_ignore_ascii_case(origin.host()) {
        return Err(Aadsts::InstanceUnknown.bare());
    }
    let tenant = endpoint.path().trim_start_matches('/').split('/').next().unwrap_or_default();
    let tenant = Authority::parse(tenant).map_err(|_| malformed())?;
    Ok(InstanceDiscovery {
        tenant_discovery_endpoint: format!(
            "{}/{tenant}/v2.0/.well-known/openid-configuration",
            origin.as_str()
        ),
        api_version: "1.1",
        metadata: metadata(origin),
    })
}

/// An entry for each way to look for this instance: with the port, and without it.
fn metadata(origin: &Origin) -> Vec<InstanceMetadata> {
    let mut hosts = vec![origin.authority(), origin.host()];
    hosts.dedup();
    let entry = |host: &str| InstanceMetadata {
        preferred_network: host.to_owned(),
        preferred_cache: origin.authority().to_owned(),
        aliases: vec![host.to_owned()],
    };
    hosts.into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(endpoint: &str) -> Result<InstanceDiscovery, Failure> {
        ask_at("https://localhost:8443", endpoint)
    }

    fn ask_at(origin: &str, endpoint: &str) -> Result<InstanceDiscovery, Failure> {
        let query =
            vestibule_wire::form::encode([("api-version", "1.1"), (AUTHORIZATION_ENDPOINT, endpoint)]);
        discover(&Origin::parse(origin).unwrap(), &query)
    }

    #[test]
    fn a_known_host_is_led_back_to_as_it_was_asked_for_with_or_without_the_port() {
        let document = ask("https://localhost/contoso.test/oauth2/v2.0/authorize").unwrap();
        let [with, without] = &document.metadata[..] else { panic!("{document:?}") };
        assert_eq!((&*with.preferred_network, &*with.preferred_cache), ("localhost:8443", "localhost:8443"));
        assert_eq!((&*without.preferred_network, &*without.preferred_cache), ("localhost", "localhost:8443"));
        assert_eq!(
            (&*with.aliases, &*without.aliases),
            (&["localhost:8443".to_owned()][..], &["localhost".to_owned()][..])
        );
        assert_eq!(
            document.tenant_discovery_endpoint,
            "https://localhost:8443/contoso.test/v2.0/.well-known/openid-configuration"
        );
    }

    #[test]
    fn an_origin_without_a_port_has_one_entry() {
        let endpoint = "https://login.contoso.test/common/oauth2/v2.0/authorize";
        let document = ask_at("https://login.contoso.test", endpoint).unwrap();
        assert_eq!(document.metadata.len(), 1);
        assert_eq!(document.metadata[0].aliases, ["login.contoso.test"]);
    }

    #[test]
    fn an_unknown_host_is_an_invalid_instance() {
        assert_eq!(
            ask("https://evil.example/common/oauth2/v2.0/authorize").unwrap_err().code(),
            Aadsts::InstanceUnknown
        );
        assert_eq!(ask("not a url").unwrap_err().code(), Aadsts::InstanceMalformed);
    }
}
