//! When two texts are the same. Entra compares text without regard to case; an index that is to serve a filter has to
//! hold what [`fold`] makes of a value.

/// The form in which texts are compared: that of the directory's own index, letter by letter, so that the fold of a
/// beginning is always a beginning of the fold.
pub use idp_domain::directory::lower as fold;

fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

pub(crate) fn same(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    folded(one).eq(folded(other))
}

pub(crate) fn starts_with(text: &str, prefix: &str) -> bool {
    let mut text = folded(text);
    folded(prefix).all(|letter| text.next() == Some(letter))
}

pub(crate) fn compare(one: &str, other: &str) -> std::cmp::Ordering {
    folded(one).cmp(folded(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fold_of_a_beginning_is_a_beginning_of_the_fold() {
        for (text, prefix) in [("ΟΔΟΣ", "οδοσ"), ("Ärger", "ä"), ("İstanbul", "İ")] {
            assert!(fold(text).starts_with(&fold(prefix)), "{text}");
            assert!(starts_with(text, prefix), "{text}");
        }
        assert!(same("ÉMILE", "émile") && same("Alice", "ALICE") && !same("Alice", "Alic"));
    }
}
