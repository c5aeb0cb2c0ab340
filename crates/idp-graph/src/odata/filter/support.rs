//! Which operator which property answers to, and when (section 9.1): `eq`, `in`, `startswith` and `any` always; `ne`,
//! `not`, `endswith`, `le` and its kin, `eq null`, `all` and `$count` in advanced queries; `contains` never for
//! directory objects.

use super::super::error::QueryError;
use super::super::schema::{EntityType, Kind, Queries, Support};
use super::expr::{Comparison, TextFunction};
use super::literal::Literal;

#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) entity: &'static EntityType,
    pub(super) advanced: bool,
}

/// What an operator asks of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    Basic,
    Advanced,
    /// Not for directory objects.
    Open,
}

impl Demand {
    pub(super) fn of_comparison(op: Comparison, kind: &Kind, value: &Literal) -> Self {
        match (op, value, kind) {
            (_, Literal::Null, _) | (Comparison::Ne, ..) => Self::Advanced,
            // Entra: the times of directory objects compare without advanced mode.
            (Comparison::Eq, ..) | (_, _, Kind::DateTime) => Self::Basic,
            _ => Self::Advanced,
        }
    }

    pub(super) fn of_function(function: TextFunction) -> Self {
        match function {
            TextFunction::StartsWith => Self::Basic,
            TextFunction::EndsWith => Self::Advanced,
            TextFunction::Contains => Self::Open,
        }
    }
}

impl Rules {
    /// Whether `property`, supported as `support`, may be used with an operator.
    pub(super) fn allow(
        &self,
        property: &str,
        support: Support,
        demand: Demand,
        operator: &'static str,
    ) -> Result<(), QueryError> {
        if support == Support::No {
            return Err(QueryError::FilterUnsupported {
                property: property.to_owned(),
                resource: self.entity.resource(),
            });
        }
        if demand == Demand::Open && self.entity.queries == Queries::Directory {
            return Err(QueryError::OperatorUnsupported { operator, property: property.to_owned() });
        }
        if demand == Demand::Advanced || support == Support::Advanced {
            return self.advanced_only(operator);
        }
        Ok(())
    }

    /// Refuses what basic queries must not say.
    pub(super) fn advanced_only(&self, operator: &'static str) -> Result<(), QueryError> {
        if self.advanced { Ok(()) } else { Err(QueryError::OperatorNeedsAdvanced { operator }) }
    }
}
