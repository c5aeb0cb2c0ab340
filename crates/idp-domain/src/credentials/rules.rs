//! Which passwords may be set (Entra's rules: 8 to 256 characters of ASCII, three of four classes).

use crate::directory::Upn;
use crate::secret::Secret;

/// Why a password may not be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsuitablePassword {
    /// Shorter than 8 or longer than 256 characters.
    #[error("a password has 8 to 256 characters")]
    Length,
    /// A character that cannot be typed on every keyboard.
    #[error("a password is made of ASCII letters, digits, blanks and symbols")]
    Alphabet,
    /// Fewer than three of: lower-case letters, upper-case letters, digits, symbols.
    #[error("a password has at least three of: lower-case letters, upper-case letters, digits, symbols")]
    Classes,
    /// Contains the user's own name.
    #[error("a password does not contain the user name")]
    ContainsUserName,
}

/// Whether this may become the user's password.
pub fn suitable(password: &Secret, user: &Upn) -> Result<(), UnsuitablePassword> {
    let text = password.expose();
    if !text.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
        return Err(UnsuitablePassword::Alphabet);
    }
    if !(8..=super::MAX_PASSWORD).contains(&text.len()) {
        return Err(UnsuitablePassword::Length);
    }
    let classes: [fn(&u8) -> bool; 4] =
        [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit, |b| !b.is_ascii_alphanumeric()];
    if classes.iter().filter(|class| text.bytes().any(|b| class(&b))).count() < 3 {
        return Err(UnsuitablePassword::Classes);
    }
    let local = user.as_str().split('@').next().unwrap_or_default();
    if local.len() >= 4 && text.to_ascii_lowercase().contains(local) {
        return Err(UnsuitablePassword::ContainsUserName);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_length_classes_and_not_the_users_name() {
        let alice = Upn::parse("alice@contoso.test").unwrap();
        let check = |text: &str| suitable(&Secret::new(text), &alice);
        assert_eq!(check("Correct-Horse-7"), Ok(()));
        assert_eq!(check("Aa1-"), Err(UnsuitablePassword::Length));
        assert_eq!(check("Pässword-1"), Err(UnsuitablePassword::Alphabet));
        assert_eq!(check("lowercase-only"), Err(UnsuitablePassword::Classes));
        assert_eq!(check("Alice-2026!"), Err(UnsuitablePassword::ContainsUserName));
    }
}
