//! Who may belong to a family of applications: programs on people's own devices, which prove nothing about themselves.

use super::{Findings, Rule};
use crate::applications::{Application, Platform};

pub(super) fn check(new: &Application, found: &mut Findings) {
    if new.client_family.is_none() {
        return;
    }
    if new.has_credentials() {
        let reason =
            "an application that has a secret, a certificate or a federated credential is no public client";
        found.add("clientFamily", Rule::Form, reason);
    }
    let native = new.redirect_uris.iter().any(|uri| uri.platform == Platform::Native);
    if !native && !new.is_fallback_public_client {
        let reason = "the application has neither publicClient.redirectUris nor isFallbackPublicClient";
        found.add("clientFamily", Rule::Form, reason);
    }
}

#[cfg(test)]
mod tests {
    use vestibule_wire::ids::{ApplicationId, ClientId, TenantId};
    use vestibule_wire::oauth::ClientFamily;

    use super::super::{Circumstances, check};
    use super::*;
    use crate::applications::{ClientSecret, RedirectUri};

    /// The members at fault of an application in a family.
    fn at_fault(change: impl FnOnce(&mut Application)) -> Vec<String> {
        let (tenant, id, client) =
            (TenantId::from_u128(0xc0), ApplicationId::from_u128(1), ClientId::from_u128(0x4a11));
        let mut mail = Application::new(tenant, id, client, "Mail".into());
        mail.client_family = Some(ClientFamily::One);
        change(&mut mail);
        let problems = check(&mail, None, &Circumstances::default()).err().unwrap_or_default();
        problems.into_iter().map(|problem| problem.member).collect()
    }

    #[test]
    fn rt_07_only_public_clients_belong_to_a_family() {
        let uri = |platform, text| RedirectUri::register(platform, text).unwrap();
        assert!(at_fault(|app| app.is_fallback_public_client = true).is_empty());
        assert!(at_fault(|app| app.redirect_uris = vec![uri(Platform::Native, "mail://auth")]).is_empty());
        assert_eq!(at_fault(|_| {}), ["clientFamily"]);
        let spa = uri(Platform::Spa, "https://mail.test/");
        assert_eq!(at_fault(|app| app.redirect_uris = vec![spa]), ["clientFamily"]);
        let with_secret = at_fault(|app| {
            app.is_fallback_public_client = true;
            app.secrets.push(ClientSecret {
                id: uuid::Uuid::from_u128(1),
                hash: [0; 32],
                display_name: None,
                hint: None,
                starts_at: jiff::Timestamp::UNIX_EPOCH,
                expires_at: jiff::Timestamp::MAX,
            });
        });
        assert_eq!(with_secret, ["clientFamily"]);
    }
}
