//! `$orderby`: one property, up or down.

use super::error::{QueryError, quoted};
use super::schema::{EntityType, Queries, Support};
use super::select::unknown;

/// How the answers are ordered. Among equals the id decides, so that pages have no gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderBy {
    /// The property's name on the wire.
    pub property: &'static str,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl OrderBy {
    /// `filtered` says that a `$filter` stands beside it. Entra: that makes it an advanced query.
    pub(super) fn parse(
        text: &str,
        entity: &EntityType,
        advanced: bool,
        filtered: bool,
    ) -> Result<Self, QueryError> {
        if text.contains(',') {
            return Err(QueryError::SeveralOrders);
        }
        let mut words = text.split(' ').filter(|word| !word.is_empty());
        let (name, direction, nothing) = (words.next(), words.next(), words.next());
        let malformed = || QueryError::MalformedOrder { text: quoted(text) };
        let descending = match direction {
            None => false,
            Some(word) if word.eq_ignore_ascii_case("asc") => false,
            Some(word) if word.eq_ignore_ascii_case("desc") => true,
            Some(_) => return Err(malformed()),
        };
        let (Some(name), None) = (name, nothing) else { return Err(malformed()) };
        let property = entity.property(name).ok_or_else(|| unknown(name, entity))?;
        let advanced = advanced || entity.queries == Queries::Open;
        match property.sort {
            Support::No => return Err(QueryError::SortUnsupported { property: property.name.to_owned() }),
            Support::Advanced if !advanced => return Err(QueryError::SortNeedsAdvanced),
            _ if filtered && !advanced => return Err(QueryError::SortNeedsAdvanced),
            _ => {}
        }
        Ok(Self { property: property.name, descending })
    }
}
