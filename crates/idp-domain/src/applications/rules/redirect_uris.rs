//! Redirect URIs: how many, each registrable (AZ-05 to AZ-09), and none on two platforms, for the platform says how its
//! codes are redeemed.

use super::{Findings, Rule};
use crate::applications::{Application, Platform, RedirectUri};

/// For accounts of organisations.
const MAX: usize = 256;
/// With personal accounts.
const MAX_PERSONAL: usize = 100;

pub(super) fn check(new: &Application, found: &mut Findings) {
    let personal = new.sign_in_audience.takes_personal_accounts();
    let limit = if personal { MAX_PERSONAL } else { MAX };
    found.at_most(limit, new.redirect_uris.len(), "web.redirectUris", Rule::Count);
    let mut places = [0_usize; 3];
    for (index, uri) in new.redirect_uris.iter().enumerate() {
        let place = &mut places[uri.platform as usize];
        let member = format!("{}[{place}]", member_of(uri.platform));
        *place += 1;
        // Stored documents and files do not come through `register`.
        if let Err(malformed) = RedirectUri::register(uri.platform, uri.as_str()) {
            found.add(&member, Rule::Form, malformed.to_string());
        }
        if personal && uri.as_str().contains('?') {
            let reason = "a query is not possible with personal accounts";
            found.add(&member, Rule::PersonalAccounts, reason);
        }
        if new.redirect_uris[..index].iter().any(|other| other.is_the_same_as(uri)) {
            found.add(member, Rule::Duplicate, "Redirect URIs must have distinct values.");
        }
    }
}

/// Where redirect URIs of a platform stand in Graph.
pub(super) const fn member_of(platform: Platform) -> &'static str {
    match platform {
        Platform::Web => "web.redirectUris",
        Platform::Spa => "spa.redirectUris",
        Platform::Native => "publicClient.redirectUris",
    }
}
