//! What a token has to be to be believed, case by case. Names carry the case of the attack catalogue.
#![allow(clippy::unwrap_used, unreachable_pub)]

mod actors;
mod algorithm;
mod claim_rules;
mod client_assertion;
mod compact_form;
mod half_hash;
mod header;
mod key_choice;
mod key_sets;
mod properties;
