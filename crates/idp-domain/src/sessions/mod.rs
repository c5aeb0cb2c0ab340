//! Sessions: accounts signed in in a browser; the facts of how that came about; the proof that somebody is signed in.

mod facts;
mod session;
mod signed_in;

pub use facts::{ClientKind, Facts, Method, Proof};
pub use session::{BrowserKey, Session};
pub use signed_in::{SignInRefusal, SignedIn};
