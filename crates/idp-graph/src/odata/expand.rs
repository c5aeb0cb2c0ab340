//! `$expand`: one level of relations, each with its own `$select` and `$top`: `members($select=id,displayName)`.

use super::error::{QueryError, quoted};
use super::schema::{EntityType, Navigation};
use super::select::{Select, unknown};

/// At most this many relations in one request.
pub const MAX_EXPANSIONS: usize = 20;

/// Entra: an expanded relation shows at most this many objects.
pub const MAX_EXPANDED: u16 = 20;

/// A relation that is shown with the entity.
#[derive(Debug, Clone)]
pub struct Expand {
    /// Which one.
    pub navigation: &'static Navigation,
    /// What is shown of each object.
    pub select: Select,
    /// How many objects, at most [`MAX_EXPANDED`].
    pub top: u16,
}

pub(super) fn parse(text: &str, entity: &EntityType) -> Result<Vec<Expand>, QueryError> {
    let mut expansions: Vec<Expand> = Vec::new();
    for item in split(text)? {
        let expand = Expand::parse(item.trim_matches(' '), entity)?;
        let repeated = expansions.iter().any(|known| known.navigation.name == expand.navigation.name);
        if repeated || expansions.len() == MAX_EXPANSIONS {
            return Err(QueryError::TooManyExpansions(MAX_EXPANSIONS));
        }
        expansions.push(expand);
    }
    Ok(expansions)
}

/// At the commas that stand in no brackets. Brackets in brackets would be a second level.
fn split(text: &str) -> Result<Vec<&str>, QueryError> {
    let malformed = || QueryError::MalformedSelect { text: quoted(text) };
    let (mut items, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' if inside => return Err(malformed()),
            '(' => inside = true,
            ')' if !inside => return Err(malformed()),
            ')' => inside = false,
            ',' if !inside => {
                items.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if inside {
        return Err(malformed());
    }
    items.push(&text[start..]);
    Ok(items)
}

impl Expand {
    fn parse(item: &str, entity: &EntityType) -> Result<Self, QueryError> {
        let malformed = || QueryError::MalformedSelect { text: quoted(item) };
        let (name, options) = match item.split_once('(') {
            None => (item, None),
            Some((name, rest)) => (name, Some(rest.strip_suffix(')').ok_or_else(malformed)?)),
        };
        if name.is_empty() {
            return Err(malformed());
        }
        let navigation = entity.navigation(name).ok_or_else(|| unknown(name, entity))?;
        let mut expand = Self { navigation, select: Select::Default, top: MAX_EXPANDED };
        let mut seen: Vec<&str> = Vec::new();
        for option in options.into_iter().flat_map(|options| options.split(';')) {
            let (name, value) = option.split_once('=').ok_or_else(malformed)?;
            let name = name.trim_matches(' ');
            if seen.contains(&name) {
                return Err(QueryError::RepeatedOption { option: quoted(name) });
            }
            seen.push(name);
            expand.option(name, value.trim_matches(' '))?;
        }
        Ok(expand)
    }

    fn option(&mut self, name: &str, value: &str) -> Result<(), QueryError> {
        match name {
            "$select" => self.select = Select::parse(value, self.navigation.target)?,
            "$top" => self.top = super::options::top(value)?.min(MAX_EXPANDED),
            _ => return Err(QueryError::UnsupportedInExpand { option: quoted(name) }),
        }
        Ok(())
    }
}
