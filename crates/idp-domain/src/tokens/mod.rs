//! Tokens: what may be issued, the one function that issues it, and the families of refresh tokens.

mod claims;
mod family;
mod granted;
mod issue;
mod lifetime;
mod login_hint;
mod refresh;
mod standing;
mod subject;

pub use claims::TokenForm;
pub use family::{Family, FamilyId};
pub use granted::{Delivery, Granted, IdTokenWishes, RefreshGrant};
pub use issue::{IssueRefusal, Issued, IssuedRefresh, Mint, issue};
pub use lifetime::AccessTokenLifetime;
pub use login_hint::LoginHint;
pub use refresh::{RefreshRefusal, RefreshToken};
pub use standing::{Assigned, AssignedNeeds, Needs, Standing, is_verified_mail};
pub use subject::pairwise_subject;
