//! The code that a person types: nine characters without vowels, so that no code is a word, and none that looks like
//! another, so that no code is misread (RFC 8628 §6.1).
//!
//! 25 characters at nine places are 3.8 · 10¹² codes. Against at most a hundred wrong guesses a minute and server (DC-02),
//! one code is found within its quarter of an hour with a chance below one in a thousand million (DC-01).

use crate::randomness::Randomness;
use crate::sealed::Sealer;

/// Letters, but vowels; and of the digits those that look like none of the letters.
const ALPHABET: &[u8; 25] = b"BCDFGHJKLMNPQRSTVWXYZ3479";
const LENGTH: usize = 9;

/// A code that a person types.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCode([u8; LENGTH]);

impl UserCode {
    /// A code that nobody can foresee.
    pub fn random(random: &dyn Randomness) -> Self {
        let mut code = [0; LENGTH];
        for place in &mut code {
            *place = letter(random);
        }
        Self(code)
    }

    /// Reads what was typed: in small letters or capitals, with spaces and dashes wherever somebody put them, and with the
    /// digits that some letters are taken for.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut places = typed.chars().filter(|c| !c.is_whitespace() && !is_dash(*c)).map(meant);
        let mut code = [0; LENGTH];
        for place in &mut code {
            *place = places.next()??;
        }
        places.next().is_none().then_some(Self(code))
    }

    /// As it is shown.
    pub fn as_str(&self) -> &str {
        // Made of the alphabet only, which is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// What the store knows it by. It is short, so that a hash without a key could be tried out.
    pub fn hash(&self, sealer: &Sealer) -> [u8; 32] {
        sealer.keyed_hash("user code", &[&self.0])
    }
}

/// Who can see it can answer in another's place.
impl std::fmt::Debug for UserCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserCode(…)")
    }
}

/// Each as likely as any other: bytes beyond the last whole alphabet are drawn again.
fn letter(random: &dyn Randomness) -> u8 {
    loop {
        let [byte] = random.bytes::<1>();
        if byte < 250 {
            return ALPHABET[usize::from(byte) % ALPHABET.len()];
        }
    }
}

/// The hyphen, and the dashes that keyboards and mail programs make of it.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn meant(c: char) -> Option<u8> {
    let c = match c.to_ascii_uppercase() {
        '8' => 'B',
        '6' => 'G',
        '1' | 'I' => 'L',
        '5' => 'S',
        '2' => 'Z',
        other => other,
    };
    u8::try_from(c).ok().filter(|c| ALPHABET.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock_and_dice::Dice;
    use std::collections::HashSet;

    #[test]
    fn dc_01_a_code_has_more_than_forty_bits_and_every_place_takes_every_character() {
        let bits = f64::from(u32::try_from(ALPHABET.len()).unwrap()).log2() * 9.0;
        assert!(bits > 40.0, "{bits}");
        let mut seen = vec![HashSet::new(); LENGTH];
        for _ in 0..2000 {
            for (place, byte) in UserCode::random(&Dice).0.into_iter().enumerate() {
                seen[place].insert(byte);
            }
        }
        assert!(seen.iter().all(|seen| seen.len() == ALPHABET.len()));
    }

    /// Guesses, by the limits of the page where codes are typed, against one code in its whole life.
    #[test]
    fn dc_02_guessing_from_everywhere_finds_a_code_with_a_chance_below_one_in_a_million() {
        let guesses = 100.0 * 15.0;
        assert!(guesses / 25_f64.powi(9) < 1e-6);
    }

    #[test]
    fn no_code_is_a_word_or_can_be_misread() {
        assert!(!ALPHABET.iter().any(|c| b"AEIOU01258 6".contains(c)));
    }

    #[test]
    fn what_people_type_is_forgiven() {
        let code = UserCode::parse("GKKML3LCP").unwrap();
        for typed in
            ["gkkml3lcp", " GKK ML3 LCP ", "gkk-ml3-lcp", "GKK–ML3—LCP", "6KKM13ICP", "g k k m l 3 l c p\n"]
        {
            assert_eq!(UserCode::parse(typed), Some(code.clone()), "{typed}");
        }
        for typed in ["", "GKKML3LC", "GKKML3LCPP", "AKKML3LCP", "GKKML3LC_", "０KKML3LCP", "GKKML3LC\u{0}"]
        {
            assert_eq!(UserCode::parse(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn what_is_shown_is_what_is_read() {
        for _ in 0..100 {
            let code = UserCode::random(&Dice);
            assert_eq!(code.as_str().len(), LENGTH);
            assert_eq!(UserCode::parse(code.as_str()), Some(code));
        }
    }
}
