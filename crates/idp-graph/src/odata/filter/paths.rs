//! Names to properties. A name that the table does not have is refused here, so an expression can only speak of what
//! is there.

use super::super::error::{FilterError, QueryError, quoted};
use super::super::schema::{EntityType, Kind, Property, Support, find};
use super::expr::Path;

/// What names are looked up in.
#[derive(Clone)]
pub(super) enum Scope {
    /// Outside a lambda.
    Entity(&'static EntityType),
    /// Within `collection/any(variable: …)`.
    Element { variable: String, collection: Target },
}

/// What a path leads to.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) path: Path,
    pub(super) kind: Kind,
    pub(super) support: Support,
    /// As messages name it.
    pub(super) name: String,
}

impl Scope {
    pub(super) fn resolve(&self, names: &[String]) -> Result<Target, QueryError> {
        let Some((first, rest)) = names.split_first() else {
            return Err(self.unknown("", ""));
        };
        let mut target = match self {
            Self::Entity(entity) => {
                let property = entity.property(first).ok_or_else(|| self.unknown(first, entity.name))?;
                Target::of(property)
            }
            // OData 4.01 §5.1.1.13.1: the variable is the element; within a lambda nothing else is named.
            Self::Element { variable, collection } if variable == first => collection.element()?,
            Self::Element { collection, .. } => return Err(self.unknown(first, &collection.name)),
        };
        for name in rest {
            target = target.member(name).ok_or_else(|| self.unknown(name, &target.name))?;
        }
        Ok(target)
    }

    fn unknown(&self, property: &str, entity: &str) -> QueryError {
        FilterError::UnknownProperty { property: quoted(property), entity: entity.to_owned() }.into()
    }

    pub(super) fn in_lambda(&self) -> bool {
        matches!(self, Self::Element { .. })
    }
}

impl Target {
    fn of(property: &'static Property) -> Self {
        Self {
            path: Path(vec![property.name.to_owned()]),
            kind: property.kind,
            support: property.filter,
            name: property.name.to_owned(),
        }
    }

    fn element(&self) -> Result<Self, QueryError> {
        let Kind::Collection(element) = self.kind else { return Err(FilterError::NotACollection.into()) };
        Ok(Self { path: Path(Vec::new()), kind: *element, ..self.clone() })
    }

    fn member(&self, name: &str) -> Option<Self> {
        let mut path = self.path.clone();
        match self.kind {
            Kind::Complex(properties) => {
                let property = find(properties, name)?;
                path.0.push(property.name.to_owned());
                Some(Self { path, ..Self::of(property) })
            }
            Kind::Any => {
                path.0.push(name.to_owned());
                Some(Self { path, name: quoted(name), ..self.clone() })
            }
            _ => None,
        }
    }

    /// Fails unless lambdas and `$count` may follow.
    pub(super) fn is_collection(&self) -> Result<(), QueryError> {
        match self.kind {
            Kind::Collection(_) => Ok(()),
            _ => Err(FilterError::NotACollection.into()),
        }
    }
}
