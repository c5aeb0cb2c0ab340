//! Tokens: what may be issued, the one function that issues it, and the families of refresh tokens.

mod claims;
mod family;
mod granted;
mod issue;
mod kinship;
mod lifetime;
mod login_hint;
mod logout;
mod provenance;
mod refresh;
mod standing;
mod subject;
mod user_assertion;

pub use claims::TokenForm;
pub use family::{Family, FamilyId};
pub use granted::{Delivery, Granted, IdTokenWishes, RefreshGrant};
pub use issue::{IssueRefusal, Issued, IssuedAccess, IssuedRefresh, Mint, issue};
pub use kinship::Kinship;
pub use lifetime::AccessTokenLifetime;
pub use login_hint::LoginHint;
pub use logout::{EndedSession, logout_token};
pub use provenance::Provenance;
pub use refresh::{RefreshRefusal, RefreshToken};
pub use standing::{Assigned, AssignedNeeds, Needs, Standing, is_verified_mail};
pub use subject::pairwise_subject;
pub use user_assertion::{AssertionCheck, UserAssertion, UserAssertionRefusal, is_id_token};
