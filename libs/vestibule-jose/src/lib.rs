//! JSON Web Keys, Signatures and Tokens: sign, verify, then read.
//!
//! This crate owns the compact JWS form (RFC 7515), public RSA keys as JWK (RFC 7517), certificate thumbprints, and the
//! rules by which a JWT (RFC 7519, RFC 8725) is believed. It does no I/O and reads no clock: keys, tokens and `now`
//! come in as arguments. It does not know what a claim means beyond the registered ones, and does not fetch keys.
//!
//! # From text to claims
//!
//! ```text
//! &str ── Verifier::verify ──▶ VerifiedJwt ── Validation::check ──▶ ValidClaims
//!         form, key, alg,                     iss, aud, exp, nbf, iat
//!         signature, JSON
//! ```
//!
//! Each arrow is the only way to the type on its right. The algorithm belongs to the key, so a header can agree with
//! it or be refused, never choose; `none` and the HMAC family have no name here.
//!
//! | module | owns |
//! |---|---|
//! | [`algorithm`] | the signature algorithms that can be said |
//! | [`claims`] | reading claims with their types |
//! | [`client_assertion`] | client assertions, in all the spellings that clients use |
//! | [`hash`] | `at_hash` and `c_hash` |
//! | [`jwk`] | published keys, one and many |
//! | [`public_key`] | an RSA public key that passed its checks |
//! | [`signing`] | a private key, parsed once, and the token it signs |
//! | [`strict_json`] | JSON objects without duplicates or deep nesting |
//! | [`thumbprint`] | `kid`, `x5t` and `x5t#S256` |
//! | [`validation`] | issuer, audience and time |
//! | [`verifier`] | the steps that turn text into a [`VerifiedJwt`] |
//! | [`verifying_key`] | a public key with its one algorithm |
//!
//! # Example
//!
//! ```
//! use vestibule_jose::{
//!     Algorithm, KeyId, SigningKey, TokenHeader, Validation, Verifier, VerifyingKey,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let pkcs8 = SigningKey::generate_pkcs8()?;
//! let key = SigningKey::from_pkcs8(&pkcs8, KeyId::new("k1")?)?;
//! let token = key.sign(
//!     TokenHeader::KidOnly,
//!     &serde_json::json!({
//!         "iss": "https://login.example/t", "aud": "api", "sub": "alice", "iat": 1_000, "exp": 4_600,
//!     }),
//! )?;
//!
//! let verifier = Verifier::new([VerifyingKey::new(Algorithm::Rs256, Some(key.kid().clone()), key.public())?])?;
//! let jwt = verifier.verify(&token)?;
//! let claims = Validation::new("https://login.example/t", &["api"], 1_060).check(jwt)?;
//! assert_eq!(claims.subject()?, "alice");
//! # Ok(())
//! # }
//! ```
#![deny(missing_docs)]

pub mod algorithm;
mod base64url;
pub mod claims;
pub mod client_assertion;
mod compact;
pub mod hash;
mod header;
pub mod jwk;
mod jwks_reader;
pub mod public_key;
#[cfg(test)]
mod rfc_keys;
mod rsa_der;
pub mod signing;
pub mod strict_json;
pub mod thumbprint;
pub mod validation;
pub mod verifier;
pub mod verifying_key;

pub use algorithm::Algorithm;
pub use claims::ClaimError;
pub use jwk::{Jwk, Jwks, JwksError};
pub use public_key::{KeyError, RsaPublicKey};
pub use signing::{SignError, SigningKey, TokenHeader};
pub use strict_json::JsonError;
pub use thumbprint::{KeyId, KeyIdError, X5tS256};
pub use validation::{Refused, ValidClaims, Validation};
pub use verifier::{JwtError, Segment, VerifiedJwt, Verifier, VerifierError};
pub use verifying_key::VerifyingKey;
