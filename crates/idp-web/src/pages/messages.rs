//! Every sentence we say, in every language we speak, parsed once.
//!
//! Values a stranger may choose (names, accounts) never pass through Fluent: a message is formatted with marks in their
//! place, and [`Phrase`](super::phrase::Phrase) puts the values there. Only numbers go in, for their plural forms.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use super::Locale;

type Bundle = FluentBundle<Arc<FluentResource>>;

const EN: &str = include_str!("../../messages/en.ftl");
const DE: &str = include_str!("../../messages/de.ftl");

/// The text of message `id`. A message that is not there shows as its id; a test sees to it that none is missing.
pub(super) fn text(locale: Locale, id: &'static str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
    let bundle = bundle(locale);
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        return Cow::Borrowed(id);
    };
    // What cannot be resolved shows as `{$name}`; the same test sees to that.
    let mut unresolved = Vec::new();
    bundle.format_pattern(pattern, args, &mut unresolved)
}

fn bundle(locale: Locale) -> &'static Bundle {
    static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| parse(Locale::En, EN));
    static GERMAN: LazyLock<Bundle> = LazyLock::new(|| parse(Locale::De, DE));
    match locale {
        Locale::En => &ENGLISH,
        Locale::De => &GERMAN,
    }
}

fn parse(locale: Locale, source: &str) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![locale.tag().parse().unwrap_or_default()]);
    // Names are isolated by `<bdi>` where they are shown, not by invisible characters.
    bundle.set_use_isolating(false);
    // A file with a mistake still gives all that is right in it; a test refuses mistakes.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(Arc::new(resource));
    bundle
}
