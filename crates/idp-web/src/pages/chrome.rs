//! What surrounds every page: its language, its script nonce, and whose house it is.

use std::borrow::Cow;

use super::account_name::AccountName;
use super::phrase::Phrase;
use super::shown::{NAME, shown};
use super::{Csp, Locale, Nonce, messages, stylesheet};

/// What a page needs to know about the answer it is part of.
#[derive(Debug, Clone)]
pub struct Chrome {
    /// The language of the page.
    pub locale: Locale,
    /// The nonce of this answer, the same as in its policy.
    pub nonce: Nonce,
    /// The display name of the organisation the person is signing in to, as far as it is known.
    pub organisation: Option<String>,
}

impl Chrome {
    /// The policy to send with any page but `FormPostPage`, which brings its own.
    pub fn csp(&self) -> Csp {
        Csp::page(&self.nonce)
    }

    /// A message without values.
    pub(super) fn t(&self, id: &'static str) -> Cow<'static, str> {
        messages::text(self.locale, id, None)
    }

    /// A message with values, to be given by `with` and `count`.
    pub(super) fn say<'a>(&self, id: &'static str) -> Phrase<'a> {
        Phrase::new(self.locale, id)
    }

    pub(super) fn stylesheet_path(&self) -> &'static str {
        stylesheet::stylesheet_path()
    }

    /// Whose name stands beside the mark.
    pub(super) fn house(&self) -> String {
        shown(self.organisation.as_deref().unwrap_or("Vestibule"), NAME)
    }

    /// An account name, shown.
    pub(super) fn account<'a>(&self, name: &'a str) -> AccountName<'a> {
        AccountName(name)
    }

    /// The letter that stands for an account.
    pub(super) fn initial(&self, name: &str) -> String {
        name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().collect()).unwrap_or_default()
    }
}
