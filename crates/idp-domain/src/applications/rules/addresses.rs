//! Addresses that a browser is sent to or shown: where sign-outs are told, the home page, the links of the consent page.

use url::Url;

use super::{Findings, Rule};
use crate::applications::Application;
use crate::applications::redirect_uri::is_loopback;

/// The longest sign-out address, in characters.
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
    if let Some(address) = &new.back_channel_logout_url {
        if address.len() > MAX_LOGOUT {
            let reason = format!("it is longer than {MAX_LOGOUT} characters");
            found.add("web.backChannelLogoutUrl", Rule::Length, reason);
        }
        if !is_back_channel(address) {
            let reason =
                "it is not an https address without a fragment (http is for localhost and 127.0.0.1)";
            found.add("web.backChannelLogoutUrl", Rule::Form, reason);
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

/// Back-Channel Logout §2.2: an absolute address without a fragment, and `https`. As for redirect URIs, `http` is for this
/// machine.
fn is_back_channel(text: &str) -> bool {
    let is_local = Url::parse(text).is_ok_and(|url| is_loopback(&url));
    let schemes: &[&str] = if is_local { &["https", "http"] } else { &["https"] };
    is_address(text, schemes) && !text.contains('#')
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
