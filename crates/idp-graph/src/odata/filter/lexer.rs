//! Words, texts, brackets. A word is a name, an operator, a number, a GUID or a point in time; the parser knows which
//! it expects.

use super::super::error::{FilterError, quoted};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    /// Between quotes, the doubled ones made single.
    Text(String),
    Open,
    Close,
    Comma,
    Slash,
    Colon,
}

/// A token and where it begins, in characters.
pub(super) type Placed = (usize, Token);

pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, FilterError> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let start = at;
        at += 1;
        let token = match letter {
            ' ' | '\t' => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '/' => Token::Slash,
            ':' => Token::Colon,
            '\'' => Token::Text(quoted_text(&letters, start, &mut at)?),
            c if in_word(*c) => Token::Word(word(&letters, start, &mut at)),
            _ => return Err(FilterError::Syntax { position: start, text: quoted(text) }),
        };
        found.push((start, token));
    }
    Ok(found)
}

fn quoted_text(letters: &[char], start: usize, at: &mut usize) -> Result<String, FilterError> {
    let mut text = String::new();
    loop {
        match (letters.get(*at), letters.get(*at + 1)) {
            (Some('\''), Some('\'')) => {
                text.push('\'');
                *at += 2;
            }
            (Some('\''), _) => {
                *at += 1;
                return Ok(text);
            }
            (Some(letter), _) => {
                text.push(*letter);
                *at += 1;
            }
            (None, _) => return Err(FilterError::Unterminated { position: start }),
        }
    }
}

fn word(letters: &[char], start: usize, at: &mut usize) -> String {
    // A colon belongs to `2026-08-13T21:24:29Z`, and not to `s:s`.
    let is_number = letters[start].is_ascii_digit() || letters[start] == '-';
    while letters.get(*at).is_some_and(|c| in_word(*c) || (is_number && (*c == ':' || *c == '+'))) {
        *at += 1;
    }
    letters[start..*at].iter().collect()
}

fn in_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | '$' | '@')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Token> {
        tokens(text).unwrap().into_iter().map(|(_, token)| token).collect()
    }

    #[test]
    fn doubled_quotes_are_one() {
        assert_eq!(words("'O''Brien'"), [Token::Text("O'Brien".to_owned())]);
        assert_eq!(words("''''"), [Token::Text("'".to_owned())]);
        assert_eq!(tokens("a eq 'x").unwrap_err(), FilterError::Unterminated { position: 5 });
        assert_eq!(tokens("'''").unwrap_err(), FilterError::Unterminated { position: 0 });
    }

    #[test]
    fn a_colon_parts_a_variable_but_not_a_time() {
        let word = |text: &str| Token::Word(text.to_owned());
        assert_eq!(words("s:s"), [word("s"), Token::Colon, word("s")]);
        assert_eq!(words("2026-08-13T21:24:29+01:00"), [word("2026-08-13T21:24:29+01:00")]);
    }

    #[test]
    fn what_is_in_no_word_is_refused_with_its_place() {
        for text in ["é", "a;b", "a\"", "a\u{0}", "a\nb", "a=b", "\u{2019}"] {
            assert!(matches!(tokens(text), Err(FilterError::Syntax { .. })), "{text}");
        }
    }
}
