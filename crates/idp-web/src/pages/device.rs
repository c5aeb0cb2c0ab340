//! A sign-in for another device: the code is typed, the person says whether it was they who started it, and it is done.

use askama::Template;

use super::phrase::Phrase;
use super::shown::{self, DOMAIN, shown};
use super::{Chrome, Locale, PublisherView};

/// Asks for the code that the device shows. It comes back as `otc`.
#[derive(Debug, Clone)]
pub struct DeviceCodePage {
    /// What was typed before; may be empty.
    pub code: String,
    /// What was wrong with it.
    pub problem: Option<DeviceCodeProblem>,
    /// Where the code goes: a path on this origin.
    pub form_action: String,
    /// The sealed flow token, sent back as `ctx`.
    pub flow: String,
}

/// Why a code leads nowhere. A code that was used and one that never was read the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceCodeProblem {
    /// Nothing was entered.
    Empty,
    /// No device waits for an answer to this code.
    Wrong,
    /// There were too many wrong ones.
    Locked {
        /// How long until the next attempt.
        minutes: u32,
    },
}

/// Asks whether the person started this sign-in. The answer comes back as `handover`, `continue` or `cancel`.
#[derive(Debug, Clone)]
pub struct DeviceConfirmPage {
    /// The display name of the application that asks.
    pub application: String,
    /// Who publishes it.
    pub publisher: PublisherView,
    /// The display name of the account's organisation.
    pub organisation: String,
    /// The account that would be signed in there.
    pub account: String,
    /// The address it was asked from.
    pub asked_from: Option<String>,
    /// Whether that is another address than this browser's.
    pub from_elsewhere: bool,
    /// How many minutes ago.
    pub minutes_ago: u32,
    /// Where the answer goes: a path on this origin.
    pub form_action: String,
    /// Where "Use another account" goes, with the flow: a path on this origin.
    pub switch_action: String,
    /// The sealed flow token, sent back as `ctx`.
    pub flow: String,
}

/// Says what became of it.
#[derive(Debug, Clone)]
pub struct DeviceDonePage {
    /// The display name of the application.
    pub application: String,
    /// The account that answered.
    pub account: String,
    /// Whether the device is signed in, or nobody is.
    pub signed_in: bool,
}

/// What a device shows to its person: where to go, and what to type there.
pub fn device_message(locale: Locale, address: &str, code: &str) -> String {
    Phrase::new(locale, "device-message").with("address", address).with("code", code).plain()
}

impl DeviceCodePage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        CodeView { chrome, page: self }.render()
    }
}

impl DeviceCodeProblem {
    fn phrase(self, chrome: &Chrome) -> Phrase<'static> {
        match self {
            Self::Empty => chrome.say("device-code-empty"),
            Self::Wrong => chrome.say("device-code-wrong"),
            Self::Locked { minutes } => chrome.say("device-code-locked").count("minutes", minutes.max(1)),
        }
    }
}

impl DeviceConfirmPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        let page = Self {
            application: shown::application(chrome, &self.application),
            publisher: self.publisher.shown(),
            organisation: shown(&self.organisation, shown::NAME),
            account: shown(&self.account, DOMAIN),
            ..self.clone()
        };
        ConfirmView { chrome, page: &page }.render()
    }

    fn asked(&self, chrome: &Chrome) -> Phrase<'_> {
        match self.minutes_ago {
            0 => chrome.say("device-asked-now"),
            minutes => chrome.say("device-asked-ago").count("minutes", minutes),
        }
    }
}

impl DeviceDonePage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome) -> askama::Result<String> {
        let page = Self {
            application: shown::application(chrome, &self.application),
            account: shown(&self.account, DOMAIN),
            ..self.clone()
        };
        DoneView { chrome, page: &page }.render()
    }
}

#[derive(Template)]
#[template(path = "device_code.html")]
struct CodeView<'a> {
    chrome: &'a Chrome,
    page: &'a DeviceCodePage,
}

#[derive(Template)]
#[template(path = "device_confirm.html")]
struct ConfirmView<'a> {
    chrome: &'a Chrome,
    page: &'a DeviceConfirmPage,
}

#[derive(Template)]
#[template(path = "device_done.html")]
struct DoneView<'a> {
    chrome: &'a Chrome,
    page: &'a DeviceDonePage,
}
