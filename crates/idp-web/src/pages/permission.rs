//! What a page that asks for consent shows of an application: who publishes it, and what it wants.

use super::Chrome;
use super::phrase::Phrase;
use super::shown::{DESCRIPTION, DOMAIN, NAME, SENTENCE, shown};

/// Who publishes an application. The texts are a stranger's: they are shown like those of a [`PermissionView`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublisherView {
    /// Somebody whose identity was checked, by name.
    Verified(String),
    /// Somebody who merely says so: the publisher domain, if there is one.
    Unverified(Option<String>),
}

/// One permission an application asks for. The texts may be a stranger's: they are shown as text, bounded, and without
/// characters that cannot be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionView {
    /// What it allows, in a sentence: [`permission_sentence`](super::permission_sentence) for those that are well known,
    /// the display name for all others. If it is empty, the technical name stands there.
    pub sentence: String,
    /// The resource's own description; may be empty.
    pub description: String,
    /// The value in `scp` or `roles`, such as `User.Read`.
    pub technical_name: String,
    /// The display name of the resource; empty for what belongs to signing in (`openid`).
    pub resource_name: String,
    /// Whether it is an application permission, which works while nobody is signed in.
    pub unattended: bool,
    /// Whether it was not allowed before. It is marked only among others that were.
    pub new: bool,
}

impl PublisherView {
    pub(super) fn shown(&self) -> Self {
        match self {
            Self::Verified(name) => Self::Verified(shown(name, NAME)),
            Self::Unverified(domain) => Self::Unverified(
                domain.as_deref().map(|domain| shown(domain, DOMAIN)).filter(|domain| !domain.is_empty()),
            ),
        }
    }

    pub(super) fn is_verified(&self) -> bool {
        matches!(self, Self::Verified(_))
    }

    /// Who it is, without whether that was checked.
    pub(super) fn phrase(&self, chrome: &Chrome) -> Phrase<'_> {
        match self {
            Self::Verified(name) | Self::Unverified(Some(name)) => {
                chrome.say("consent-published-by").with("publisher", name)
            }
            Self::Unverified(None) => chrome.say("consent-publisher-unknown"),
        }
    }
}

impl PermissionView {
    pub(super) fn shown(&self) -> Self {
        let technical_name = shown(&self.technical_name, NAME);
        let sentence = Some(shown(&self.sentence, SENTENCE)).filter(|sentence| !sentence.is_empty());
        Self {
            sentence: sentence.unwrap_or_else(|| technical_name.clone()),
            description: shown(&self.description, DESCRIPTION),
            technical_name,
            resource_name: shown(&self.resource_name, NAME),
            ..*self
        }
    }
}

/// The permissions as they are shown: where all are new, none is marked.
pub(super) fn all_shown(permissions: &[PermissionView]) -> Vec<PermissionView> {
    let mixed = permissions.iter().any(|permission| !permission.new);
    permissions
        .iter()
        .map(|permission| PermissionView { new: permission.new && mixed, ..permission.shown() })
        .collect()
}
