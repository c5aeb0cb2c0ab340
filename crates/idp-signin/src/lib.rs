//! The conversation with a person who signs in or out. It knows no protocol: a protocol hands over a [`SignInRequest`]
//! and gets back a [`SignedIn`] proof, a page to show, or the reason why a person would have to be asked.
//!
//! ```text
//! begin ──▶ dispatch ──▶ identify ─▶ password ─▶ (new password) ─▶ stay signed in ─▶ onward ─▶ finish
//!               │                        ▲                                            ▲ │
//!               ├──▶ pick an account ────┤ not fresh enough                           │ └─▶ (become a guest?) ─▶ (was it
//!               │                        │                                            │        you?) ─▶ consent
//!               └──▶ by the session ─────────────────────────────────────────────────┘
//! ```
//!
//! `dispatch` is the one place that says what comes next; steps never route to one another. Between steps the state is
//! a sealed value in the page, bound to the browser by a cookie: an anonymous visitor stores nothing here.

mod begin;
mod check_password;
mod consent;
mod conversation;
mod device_entry;
mod dispatch;
mod familiarity;
mod finish;
mod guard;
mod onward;
mod participants;
mod path;
mod present;
mod redeem;
mod refusal;
mod routes;
mod sessions;
mod sign_out;
mod spray;
mod start_session;
mod steps;
mod unknown_accounts;

pub use begin::{Begun, begin};
pub use check_password::{Unchecked, Verdict, check_password};
pub use consent::{ConsentWish, is_settled, may_use};
pub use conversation::{Consented, HandOver, InteractionNeeded, Said, SignInRequest};
pub use device_entry::{DeviceEntry, Typed, TypedCode, ask_for_code, typed};
pub use finish::{Finished, finish};
pub use participants::{Participant, participants, took_part};
pub use refusal::Turned;
pub use routes::routes;
pub use sign_out::{SignOutRequest, sign_out};

#[doc(no_inline)]
pub use idp_domain::sessions::SignedIn;
