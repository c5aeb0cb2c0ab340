//! Which accounts a browser is familiar with: those that signed in in it during the last 90 days. They have a lockout
//! counter of their own there, so that a stranger's guesses do not lock the owner out (LG-05).

use idp_domain::sealed::Purpose;
use idp_web::cookies::Cookies;
use idp_web::state::App;
use jiff::Timestamp;
use vestibule_wire::ids::{TenantId, UserId};

/// More accounts than anybody has in one browser; the oldest is forgotten.
const REMEMBERED: usize = 8;

type Familiar = Vec<(TenantId, UserId)>;

/// Whether the browser is familiar with the account.
pub(crate) fn is_familiar(app: &App, cookies: &Cookies, tenant: TenantId, user: UserId) -> bool {
    read(app, cookies).contains(&(tenant, user))
}

/// The cookie by which the browser is familiar with this account too.
pub(crate) fn with(app: &App, cookies: &Cookies, tenant: TenantId, user: UserId, now: Timestamp) -> String {
    let mut familiar = read(app, cookies);
    familiar.retain(|known| *known != (tenant, user));
    familiar.insert(0, (tenant, user));
    familiar.truncate(REMEMBERED);
    app.sealer.seal(Purpose::Familiarity, b"", &familiar, now, &*app.random)
}

fn read(app: &App, cookies: &Cookies) -> Familiar {
    cookies
        .familiar
        .as_deref()
        .and_then(|text| app.sealer.open(Purpose::Familiarity, b"", text).ok())
        .unwrap_or_default()
}
