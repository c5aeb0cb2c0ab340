//! What one RSA-2048 signature costs: bare, and with the claims around it that make it a token. Everything else that is
//! measured is compared with this.

use std::time::Duration;

use anyhow::{Context, Result};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};
use vestibule_jose::{KeyId, SigningKey, TokenHeader};

use crate::cpu;

/// The two loops take turns in slices this long, so that a machine that changes its mind changes it for both.
const SLICE: Duration = Duration::from_millis(50);
/// About what a token signs.
const MESSAGE_BYTES: usize = 1200;

#[derive(Args)]
pub(crate) struct Options {
    /// How much CPU time to spend
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
}

/// Microseconds of CPU time.
#[derive(Serialize)]
pub(crate) struct Costs {
    /// One signature by aws-lc-rs.
    signature_us: f64,
    /// One token by `vestibule-jose`: about 1 kB of claims serialised, encoded and signed.
    token_us: f64,
}

/// A loop and what it has done so far.
#[derive(Default)]
struct Tally {
    times: u32,
    took: Duration,
}

impl Tally {
    fn slice(&mut self, mut once: impl FnMut() -> Result<()>) -> Result<()> {
        let began = cpu::own();
        loop {
            once()?;
            self.times += 1;
            let took = cpu::own() - began;
            if took >= SLICE {
                self.took += took;
                return Ok(());
            }
        }
    }

    fn microseconds(&self) -> f64 {
        self.took.as_secs_f64() * 1e6 / f64::from(self.times.max(1))
    }
}

pub(crate) fn measure(options: &Options) -> Result<Costs> {
    let pair = KeyPair::generate(KeySize::Rsa2048).context("cannot generate a key")?;
    let message = [b'm'; MESSAGE_BYTES];
    let mut signature = vec![0; pair.public_modulus_len()];
    let mut bare = || {
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature).context("cannot sign")
    };

    let key =
        SigningKey::from_pkcs8(&SigningKey::generate_pkcs8()?, KeyId::new("LuhpgAjPdYc6YRUe24O3BBuEor8")?)?;
    let claims = claims();
    let mut whole = || Ok(key.sign(TokenHeader::KidOnly, &claims).map(drop)?);

    // The first of each warms the caches.
    bare()?;
    whole()?;
    let (mut bares, mut wholes) = (Tally::default(), Tally::default());
    while (bares.took + wholes.took).as_secs_f64() < options.seconds {
        bares.slice(&mut bare)?;
        wholes.slice(&mut whole)?;
    }
    Ok(Costs { signature_us: bares.microseconds(), token_us: wholes.microseconds() })
}

/// The claims of an access token for a user, as many as they get.
fn claims() -> Value {
    let id = "da7a0000-0000-4000-8000-000000000005";
    json!({
        "aud": id, "iss": format!("https://login.example.org/{id}/v2.0"), "iat": 1_790_000_000, "nbf": 1_790_000_000,
        "exp": 1_790_004_500, "azp": id, "azpacr": "1", "email": "alice@contoso.test", "name": "Alice Archer",
        "oid": id, "preferred_username": "alice@contoso.test", "rh": format!("0.A{id}{id}"),
        "roles": ["Tasks.Read.All", "Tasks.ReadWrite.All", "Directory.Read.All", "Mail.Send.All"],
        "scp": "openid profile email Tasks.Read Tasks.ReadWrite User.Read Mail.Read Calendars.ReadWrite",
        "groups": [id, id, id, id], "sid": id, "sub": format!("{id}{id}"), "tid": id, "uti": "c2lnbmF0dXJlcyE_cyE_aA",
        "ver": "2.0",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_are_about_a_kilobyte() {
        let bytes = claims().to_string().len();
        assert!((900..1200).contains(&bytes), "{bytes}");
    }
}
