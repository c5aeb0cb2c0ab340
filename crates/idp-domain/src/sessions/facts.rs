//! The one record of facts about a sign-in. It is written once, when a person proves who they are, and copied to the
//! session and to every token family that comes of it. `amr`, `auth_time`, step-up and policies are read from it and
//! derived nowhere else.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vestibule_wire::claims::amr;

/// How and when a person proved who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What was proved, in the order it was.
    pub proofs: Vec<Proof>,
    /// The address it was done from.
    pub address: Option<IpAddr>,
    /// The kind of program it was done in.
    pub client: ClientKind,
    /// The registered device it was done on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<uuid::Uuid>,
    /// It was done on another device than the one that gets the tokens (device code).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub carried_over: bool,
}

/// One factor, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// What was presented.
    pub method: Method,
    /// When it was accepted.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub at: Timestamp,
}

/// What a person can prove themselves with. More come with MFA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password.
    Password,
}

/// The kind of program a sign-in was done in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// A browser.
    Browser,
    /// A program that was given the password itself.
    Other,
}

impl Facts {
    /// The facts of a password accepted in a browser.
    pub fn password_in_browser(at: Timestamp, address: Option<IpAddr>) -> Self {
        Self {
            proofs: vec![Proof { method: Method::Password, at }],
            address,
            client: ClientKind::Browser,
            device: None,
            carried_over: false,
        }
    }

    /// The facts of a password that a program was given.
    pub fn password_in_program(at: Timestamp, address: Option<IpAddr>) -> Self {
        Self { client: ClientKind::Other, ..Self::password_in_browser(at, address) }
    }

    /// What was proved, in the words of `amr` (RFC 8176), each once.
    pub fn amr(&self) -> Vec<&'static str> {
        let mut words = Vec::new();
        for proof in &self.proofs {
            let word = match proof.method {
                Method::Password => amr::PASSWORD,
            };
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }

    /// When the person last proved anything: `auth_time`.
    pub fn authenticated_at(&self) -> Timestamp {
        self.proofs.iter().map(|proof| proof.at).max().unwrap_or(Timestamp::UNIX_EPOCH)
    }
}
