//! Addresses that a browser is sent to or shown: where sign-outs are told, the home page, the links of the consent page.

use url::Url;

use super::{Findings, Rule};
use crate::applications::Application;

/// The longest front-channel sign-out address, in characters.
const MAX_LOGOUT: usize = 255;
/// The longest link.
const MAX_LINK: usize = 2048;

pub(super) fn check(new: &Application, found: &mut Findings) {
    if let Some(address) = &new.logout_url {
        if address.len() > MAX_LOGOUT {
            let reason = format!("it is longer than {MAX_LOGOUT} characters");
            found.add("web.logoutUrl", Rule::Length, reason);
        }
        if !is_address(address, &["https"]) {
            found.add("web.logoutUrl", Rule::Form, "it is not an https address");
        }
    }
    let info = &new.info;
    let home = new.other.members().get("web").and_then(|web| web.get("homePageUrl"));
    for (member, link) in [
        ("info.logoUrl", info.logo_url.as_deref()),
        ("info.marketingUrl", info.marketing_url.as_deref()),
        ("info.privacyStatementUrl", info.privacy_statement_url.as_deref()),
        ("info.supportUrl", info.support_url.as_deref()),
        ("info.termsOfServiceUrl", info.terms_of_service_url.as_deref()),
        ("web.homePageUrl", home.and_then(serde_json::Value::as_str)),
    ] {
        let Some(link) = link.filter(|link| !link.is_empty()) else { continue };
        if link.len() > MAX_LINK {
            found.add(member, Rule::Length, format!("it is longer than {MAX_LINK} characters"));
        } else if !is_address(link, &["https", "http"]) {
            found.add(member, Rule::Form, "it is not an http or https address");
        }
    }
}

/// Whether a browser may be sent there: an http or https address.
pub fn is_web_address(text: &str) -> bool {
    text.len() <= MAX_LINK && is_address(text, &["https", "http"])
}

/// AZ-06: neither a script nor a way to look like another host.
fn is_address(text: &str, schemes: &[&str]) -> bool {
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\');
    plain
        && Url::parse(text).is_ok_and(|url| {
            schemes.contains(&url.scheme())
                && url.host().is_some()
                && url.username().is_empty()
                && url.password().is_none()
        })
}
