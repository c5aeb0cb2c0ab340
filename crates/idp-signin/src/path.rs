//! Where the forms go.

pub(crate) const ACCOUNT: &str = "/signin/account";
pub(crate) const PASSWORD: &str = "/signin/password";
pub(crate) const NEW_PASSWORD: &str = "/signin/new-password";
pub(crate) const PICK: &str = "/signin/pick";
pub(crate) const STAY: &str = "/signin/stay";
pub(crate) const CONSENT: &str = "/signin/consent";
pub(crate) const INVITATION: &str = "/signin/invitation";
pub(crate) const HAND_OVER: &str = "/signin/handover";
pub(crate) const SWITCH: &str = "/signin/switch";
pub(crate) const REDEEM: &str = "/{tenant}/redeem";
pub(crate) const REDEEM_RESUME: &str = "/{tenant}/redeem/resume";
pub(crate) const SIGN_OUT: &str = "/signout";
