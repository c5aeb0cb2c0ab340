//! Which index serves a filter. What is found there still has to pass the whole filter: an index may only ever bring
//! too much.

use super::filter::{Comparison, Expr, Filter, Path, Quantifier, TextFunction};

/// What to ask an index for. Properties are as in the list of indexes; values are [folded](super::fold::fold), GUIDs
/// in lower case with hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seek {
    /// No index helps.
    Any,
    /// The property, or one element of it if it is a collection, is this value.
    Equals { property: String, value: String },
    /// It is one of these values, none of which is there twice.
    OneOf { property: String, values: Vec<String> },
    /// It begins like this.
    StartsWith { property: String, prefix: String },
}

impl Seek {
    /// Finds the best index among `indexed`, of which the most selective comes first. A member of a complex type, or
    /// of the elements of a collection, is indexed as `identities/issuerAssignedId`.
    pub fn find(filter: &Filter, indexed: &[&str]) -> Self {
        Search { indexed, collection: None }.of(filter.expr())
    }

    /// The less, the better.
    fn cost(&self, indexed: &[&str]) -> (u8, usize, usize) {
        let place = |name: &str| indexed.iter().position(|known| *known == name).unwrap_or(usize::MAX);
        match self {
            Self::Equals { property, .. } => (0, 0, place(property)),
            Self::OneOf { property, values } => (1, values.len(), place(property)),
            // The longer the prefix, the fewer begin with it.
            Self::StartsWith { property, prefix } => (2, usize::MAX - prefix.len(), place(property)),
            Self::Any => (3, 0, 0),
        }
    }
}

struct Search<'a> {
    indexed: &'a [&'a str],
    /// Within a lambda, the collection that its elements are of.
    collection: Option<&'a Path>,
}

impl Search<'_> {
    fn of(&self, expr: &Expr) -> Seek {
        let found = match expr {
            Expr::And(all) => all.iter().map(|one| self.of(one)).min_by_key(|seek| seek.cost(self.indexed)),
            Expr::Or(any) => self.all_of(any),
            Expr::Compare { path, op: Comparison::Eq, value } => self
                .property(path)
                .and_then(|property| value.index_key().map(|value| Seek::Equals { property, value })),
            Expr::In { path, values } => self.property(path).and_then(|property| {
                let values: Option<Vec<String>> = values.iter().map(|value| value.index_key()).collect();
                values.map(|values| one_of(property, values))
            }),
            Expr::Text { function: TextFunction::StartsWith, path, value } if !value.is_empty() => {
                let prefix = super::fold::fold(value);
                self.property(path).map(|property| Seek::StartsWith { property, prefix })
            }
            Expr::Lambda { collection, quantifier: Quantifier::Any, condition: Some(condition) } => {
                Some(Search { indexed: self.indexed, collection: Some(collection) }.of(condition))
            }
            _ => None,
        };
        found.unwrap_or(Seek::Any)
    }

    /// Alternatives can be looked up if each of them can, in the same index.
    fn all_of(&self, alternatives: &[Expr]) -> Option<Seek> {
        let mut wanted: Option<(String, Vec<String>)> = None;
        for alternative in alternatives {
            let (property, values) = match self.of(alternative) {
                Seek::Equals { property, value } => (property, vec![value]),
                Seek::OneOf { property, values } => (property, values),
                Seek::Any | Seek::StartsWith { .. } => return None,
            };
            match &mut wanted {
                None => wanted = Some((property, values)),
                Some((same, all)) if *same == property => all.extend(values),
                Some(_) => return None,
            }
        }
        wanted.map(|(property, values)| one_of(property, values))
    }

    fn property(&self, path: &Path) -> Option<String> {
        let names: Vec<&str> =
            self.collection.iter().flat_map(|path| &path.0).chain(&path.0).map(String::as_str).collect();
        let name = names.join("/");
        self.indexed.contains(&name.as_str()).then_some(name)
    }
}

fn one_of(property: String, mut values: Vec<String>) -> Seek {
    values.sort_unstable();
    values.dedup();
    match <[String; 1]>::try_from(values) {
        Ok([value]) => Seek::Equals { property, value },
        Err(values) => Seek::OneOf { property, values },
    }
}
