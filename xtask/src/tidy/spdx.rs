//! SPDX licence expressions: can what is allowed satisfy this one?
//!
//! ```text
//! either := both ("OR" both)*          also "/", which older packages write for OR
//! both   := term ("AND" term)*
//! term   := "(" either ")" | licence ("WITH" exception)?
//! ```
//!
//! Source: SPDX specification, annex "SPDX license expressions". `WITH` binds most tightly, then `AND`, then `OR`.

use std::iter::Peekable;
use std::vec::IntoIter;

use anyhow::{Result, bail};

/// Whether some choice among the licences of `expression` is allowed throughout. `allowed` is asked for one licence at a
/// time, with its exception if it has one: `MIT`, `Apache-2.0 WITH LLVM-exception`.
pub(crate) fn is_satisfied(expression: &str, allowed: impl Fn(&str) -> bool) -> Result<bool> {
    let mut parser = Parser { words: words(expression).into_iter().peekable(), allowed };
    let satisfied = parser.either()?;
    match parser.words.next() {
        None => Ok(satisfied),
        Some(word) => bail!("unexpected `{word}`"),
    }
}

fn words(expression: &str) -> Vec<String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

struct Parser<F> {
    words: Peekable<IntoIter<String>>,
    allowed: F,
}

impl<F: Fn(&str) -> bool> Parser<F> {
    fn either(&mut self) -> Result<bool> {
        let mut satisfied = self.both()?;
        while self.take("OR") {
            satisfied |= self.both()?;
        }
        Ok(satisfied)
    }

    fn both(&mut self) -> Result<bool> {
        let mut satisfied = self.term()?;
        while self.take("AND") {
            satisfied &= self.term()?;
        }
        Ok(satisfied)
    }

    fn term(&mut self) -> Result<bool> {
        if self.take("(") {
            let satisfied = self.either()?;
            if !self.take(")") {
                bail!("a parenthesis is not closed");
            }
            return Ok(satisfied);
        }
        let licence = self.name()?;
        if self.take("WITH") {
            let exception = self.name()?;
            return Ok((self.allowed)(&format!("{licence} WITH {exception}")));
        }
        Ok((self.allowed)(&licence))
    }

    fn name(&mut self) -> Result<String> {
        match self.words.next() {
            Some(word) if !["OR", "AND", "WITH", "(", ")"].contains(&word.as_str()) => Ok(word),
            Some(word) => bail!("a licence is missing before `{word}`"),
            None => bail!("a licence is missing at the end"),
        }
    }

    fn take(&mut self, word: &str) -> bool {
        self.words.next_if(|next| next == word).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn satisfied(expression: &str) -> bool {
        let allowed = ["MIT", "Apache-2.0", "ISC", "BSD-3-Clause", "Unicode-3.0"];
        is_satisfied(expression, |licence| allowed.contains(&licence)).unwrap()
    }

    #[test]
    fn one_licence_is_on_the_list_or_not() {
        assert!(satisfied("MIT"));
        assert!(!satisfied("GPL-3.0-only"));
        assert!(!satisfied("mit"), "identifiers are compared as written");
    }

    #[test]
    fn or_leaves_the_choice_to_us() {
        assert!(satisfied("GPL-2.0-only OR MIT"));
        assert!(!satisfied("GPL-2.0-only OR LGPL-2.1-or-later"));
        assert!(satisfied("BSL-1.0 OR GPL-2.0-only OR Apache-2.0"));
    }

    #[test]
    fn and_binds_us_to_both_and_more_tightly_than_or() {
        assert!(satisfied("MIT AND BSD-3-Clause"));
        assert!(!satisfied("MIT AND OpenSSL"));
        assert!(satisfied("MIT OR ISC AND OpenSSL"));
        assert!(!satisfied("OpenSSL AND ISC OR OpenSSL"));
    }

    #[test]
    fn parentheses_group() {
        assert!(!satisfied("(MIT OR ISC) AND OpenSSL"));
        assert!(satisfied("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(satisfied("ISC AND (Apache-2.0 OR ISC) AND ((MIT-0 OR (MIT)))"));
    }

    #[test]
    fn with_makes_another_licence_of_it() {
        assert!(!satisfied("Apache-2.0 WITH LLVM-exception"));
        assert!(satisfied("Apache-2.0 WITH LLVM-exception OR MIT"));
        let allowed = |licence: &str| licence == "Apache-2.0 WITH LLVM-exception";
        assert!(is_satisfied("Apache-2.0 WITH LLVM-exception", allowed).unwrap());
    }

    #[test]
    fn a_slash_is_an_or_of_older_days() {
        assert!(satisfied("GPL-2.0/MIT"));
        assert!(satisfied("Apache-2.0 / MIT"));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for broken in
            ["", "MIT OR", "AND MIT", "(MIT", "MIT)", "MIT ISC", "MIT WITH", "()", "MIT WITH OR ISC"]
        {
            assert!(is_satisfied(broken, |_| true).is_err(), "{broken}");
        }
    }
}
