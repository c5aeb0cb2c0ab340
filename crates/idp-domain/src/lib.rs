//! The nouns of an identity platform and their rules, pure: no HTTP, no SQL, no clock or randomness of its own.
//!
//! # Glossary
//!
//! | noun | is | file |
//! |---|---|---|
//! | tenant | a directory with its verified domains | [`tenant`] |
//! | user | a person's account in one tenant | [`directory`] |
//! | application | a registration, in its home tenant: redirect URIs, secrets, what it exposes | [`applications`] |
//! | service principal | what an application is in one tenant; the object that permissions attach to | [`applications`] |
//! | client, resource | an application in the role of the one who asks, and of the one who is asked for | [`applications`] |
//! | consent | which permissions of a resource a client may use, for whom | [`consent`] |
//! | session | one account signed in in one browser | [`sessions`] |
//! | facts | how and when a person proved who they are; born at sign-in, copied to all that comes of it | [`sessions`] |
//! | code | an authorization code: a sealed value, redeemed once | [`codes`] |
//! | device request | a sign-in that one device asked for and a person approves on another | [`device`] |
//! | family | all refresh tokens that come of one redeemed code | [`tokens`] |
//! | kinship | what lets one application use another's refresh token | [`tokens`] |
//! | flow policy | which ways of signing in an organisation leaves open | [`policies`] |
//! | spent mark | the row whose primary key makes a thing single-use | [`changes`] |
//! | granted | the proof that a token may be issued; the only argument of [`tokens::issue`] that matters | [`tokens`] |
//!
//! # The three beats
//!
//! A request *reads* through the ports of [`store`], *decides* here, in functions of what was read, what was asked, the
//! time and randomness, and *commits* the [`changes::Changes`] that the decision returned. Each decision that lets
//! something happen returns a proof (`AuthenticatedClient`, `SignedIn`, `ConsentedScopes`, `Granted`), whose only
//! constructor stands beside the check.

pub mod applications;
pub mod audit;
pub mod changes;
pub mod clock;
pub mod codes;
pub mod consent;
pub mod credentials;
pub mod device;
pub mod directory;
pub mod keys;
pub mod policies;
pub mod randomness;
pub mod sealed;
pub mod secret;
pub mod sessions;
pub mod store;
pub mod tenant;
pub mod tokens;

#[cfg(test)]
pub(crate) mod clock_and_dice;
