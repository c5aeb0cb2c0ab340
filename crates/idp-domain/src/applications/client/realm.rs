//! Whom an assertion may be made out for: one tenant of this server, under any of the names that clients know it by.
//!
//! RFC 7523 §3 asks that the audience identify the authorization server, as a token endpoint or an issuer does. Each
//! library takes the address that it was configured with or that it read, and no two take the same (client-wire §9.3).

use vestibule_jose::client_assertion::AssertionAudience;
use vestibule_wire::authority::Authority;

use crate::tenant::Tenant;

/// What follows the tenant in the addresses of its token endpoints, its issuers and its authority.
const AFTER_THE_TENANT: [&str; 4] = ["", "/v2.0", "/oauth2/token", "/oauth2/v2.0/token"];

/// One tenant of this server.
#[derive(Debug, Clone, Copy)]
pub struct Realm<'a> {
    /// The public origin.
    pub origin: &'a str,
    /// The tenant.
    pub tenant: &'a Tenant,
    /// Its verified domains in lower case, as far as [`Realm::needs_domains`].
    pub domains: &'a [String],
    /// The name in the path of the request.
    pub asked_as: &'a Authority,
}

impl Realm<'_> {
    /// Whether the audience is the realm. A list is not, even of one: what else stands in it may be another server, to
    /// which the same assertion could be presented (CA-17).
    pub(super) fn is(&self, audience: &AssertionAudience) -> bool {
        let AssertionAudience::One(audience) = audience else { return false };
        match named(self.origin, audience) {
            Some(Authority::Tenant(id)) => id == self.tenant.id,
            Some(Authority::Domain(name)) => {
                self.tenant.default_domain == name || self.domains.contains(&name)
            }
            Some(alias) => alias == *self.asked_as,
            None => false,
        }
    }

    /// Whether tokens of this issuer are signed by this server: it is one of its tenants, in the form of v1.0 or v2.0.
    pub fn is_own_issuer(origin: &str, issuer: &str) -> bool {
        matches!(named(origin, issuer), Some(Authority::Tenant(_)))
    }

    /// Whether the audience depends on the tenant's domains other than the default one.
    pub fn needs_domains(origin: &str, tenant: &Tenant, audience: &AssertionAudience) -> bool {
        let AssertionAudience::One(audience) = audience else { return false };
        matches!(named(origin, audience), Some(Authority::Domain(name)) if name != tenant.default_domain)
    }
}

/// The authority whose token endpoint, issuer or base an address of this server is. Clients lower-case addresses, and
/// put a slash at their end.
fn named(origin: &str, address: &str) -> Option<Authority> {
    let here = address.get(..origin.len()).filter(|start| start.eq_ignore_ascii_case(origin))?;
    let path = address[here.len()..].strip_prefix('/')?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let (tenant, after) = path.split_at(path.find('/').unwrap_or(path.len()));
    let known = AFTER_THE_TENANT.iter().any(|known| known.eq_ignore_ascii_case(after));
    if known { Authority::parse(tenant).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use vestibule_wire::ids::TenantId;

    use super::*;

    const ORIGIN: &str = "https://login.example:8443";
    const ID: &str = "c0270500-0000-4000-8000-000000000001";

    fn accepts(audience: &str, asked_as: &str) -> bool {
        let id: TenantId = ID.parse().unwrap();
        let tenant = Tenant { id, default_domain: "contoso.test".into(), ..Tenant::of_personal_accounts() };
        let asked_as = &Authority::parse(asked_as).unwrap();
        let audience = AssertionAudience::One(audience.into());
        let domains = if Realm::needs_domains(ORIGIN, &tenant, &audience) {
            vec!["contoso.example".into()]
        } else {
            vec![]
        };
        Realm { origin: ORIGIN, tenant: &tenant, domains: &domains, asked_as }.is(&audience)
    }

    #[test]
    fn ca_17_a_tenant_is_meant_by_its_id_by_its_domains_and_by_the_alias_that_was_asked() {
        for name in [ID, "contoso.test", "contoso.example", "CONTOSO.Test"] {
            for end in
                ["", "/", "/v2.0", "/v2.0/", "/oauth2/token", "/oauth2/v2.0/token", "/OAuth2/v2.0/Token/"]
            {
                let audience = format!("{ORIGIN}/{name}{end}");
                assert!(accepts(&audience, ID), "{audience}");
                assert!(accepts(&audience.to_lowercase(), "common"), "{audience}");
            }
        }
        for alias in ["common", "organizations"] {
            let audience = format!("{ORIGIN}/{alias}/oauth2/v2.0/token");
            assert!(accepts(&audience, alias));
            assert!(!accepts(&audience, ID), "the path names the tenant itself");
        }
        assert!(!accepts(&format!("{ORIGIN}/common/v2.0"), "organizations"));
    }

    #[test]
    fn ca_17_another_tenant_server_or_address_is_not_meant() {
        let other = "fab21ca0-0000-4000-8000-000000000002";
        for audience in [
            format!("{ORIGIN}/{other}/oauth2/v2.0/token"),
            format!("{ORIGIN}/fabrikam.test/v2.0"),
            format!("https://other.example/{ID}/oauth2/v2.0/token"),
            format!("http://login.example:8443/{ID}/v2.0"),
            format!("https://login.example/{ID}/v2.0"),
            format!("https://login.example:84430/{ID}/v2.0"),
            format!("{ORIGIN}.evil.example/{ID}/v2.0"),
            format!("{ORIGIN}@evil.example/{ID}/v2.0"),
            format!("{ORIGIN}/{ID}/oauth2/v2.0/authorize"),
            format!("{ORIGIN}/{ID}/oauth2/v2.0/token?x=1"),
            format!("{ORIGIN}/{ID}/oauth2/v2.0/token#"),
            format!("{ORIGIN}/{ID}/v2.0//"),
            format!("{ORIGIN}//{ID}/v2.0"),
            format!("{ORIGIN}/{ID}/../{other}/v2.0"),
            format!("{ORIGIN}/{{tenantid}}/v2.0"),
            format!(" {ORIGIN}/{ID}/v2.0"),
            format!("{ORIGIN}/"),
            ORIGIN.to_owned(),
            ID.to_owned(),
            "api://AzureADTokenExchange".to_owned(),
            "https://login.exampl\u{e9}:8443/x".to_owned(),
            String::new(),
        ] {
            assert!(!accepts(&audience, ID), "{audience}");
        }
    }
}
