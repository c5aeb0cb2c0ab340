//! `$select`: names to properties.

use super::error::{QueryError, quoted};
use super::schema::{EntityType, Property};

/// Which properties are shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Select {
    /// Those the table shows by default.
    Default,
    /// `*`: all of them.
    All,
    /// These, in the order of the request, none twice.
    Properties(Vec<&'static Property>),
}

impl Select {
    pub(super) fn parse(text: &str, entity: &EntityType) -> Result<Self, QueryError> {
        let mut properties: Vec<&'static Property> = Vec::new();
        let mut all = false;
        for name in text.split(',').map(|name| name.trim_matches(' ')) {
            match name {
                "" => return Err(QueryError::MalformedSelect { text: quoted(text) }),
                "*" => all = true,
                _ => {
                    let property = entity.property(name).ok_or_else(|| unknown(name, entity))?;
                    if !properties.iter().any(|known| known.name == property.name) {
                        properties.push(property);
                    }
                }
            }
        }
        Ok(if all { Self::All } else { Self::Properties(properties) })
    }

    /// Whether a property is shown.
    pub fn shows(&self, property: &Property) -> bool {
        match self {
            Self::Default => property.selected_by_default,
            Self::All => true,
            Self::Properties(properties) => properties.iter().any(|known| known.name == property.name),
        }
    }
}

pub(super) fn unknown(name: &str, entity: &EntityType) -> QueryError {
    QueryError::UnknownProperty { property: quoted(name), entity: entity.name.to_owned() }
}
