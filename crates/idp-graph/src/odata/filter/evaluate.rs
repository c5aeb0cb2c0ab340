//! What an expression says of an entity.
//!
//! Two-valued: a property that is absent or null equals null, differs from every value, is neither less nor greater,
//! and begins with nothing. Entra: `not` and `ne` therefore include the objects that have no value.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::fold;
use super::expr::{Comparison, Expr, Path, Quantifier, TextFunction};
use super::literal::Literal;

/// What paths start from.
#[derive(Clone, Copy)]
enum Item<'a> {
    Entity(&'a Map<String, Value>),
    Element(&'a Value),
}

pub(super) fn entity(expr: &Expr, entity: &Map<String, Value>) -> bool {
    holds(expr, Item::Entity(entity))
}

fn holds(expr: &Expr, item: Item<'_>) -> bool {
    match expr {
        Expr::And(all) => all.iter().all(|one| holds(one, item)),
        Expr::Or(any) => any.iter().any(|one| holds(one, item)),
        Expr::Not(inner) => !holds(inner, item),
        Expr::Compare { path, op, value } => compare(item.value(path), *op, value),
        Expr::In { path, values } => {
            let found = item.value(path);
            values.iter().any(|value| equals(found, value))
        }
        Expr::Text { function, path, value } => {
            item.value(path).and_then(Value::as_str).is_some_and(|text| says(*function, text, value))
        }
        Expr::Lambda { collection, quantifier, condition } => {
            let condition =
                |element| condition.as_ref().is_none_or(|condition| holds(condition, Item::Element(element)));
            match quantifier {
                Quantifier::Any => item.elements(collection).iter().any(condition),
                Quantifier::All => item.elements(collection).iter().all(condition),
            }
        }
        Expr::Count { collection, op, value } => {
            let count = i64::try_from(item.elements(collection).len()).unwrap_or(i64::MAX);
            decide(*op, count == *value, Some(count.cmp(value)))
        }
    }
}

impl<'a> Item<'a> {
    /// The value, unless it is absent or null.
    fn value(self, Path(names): &Path) -> Option<&'a Value> {
        let mut names = names.iter();
        let first = match self {
            Self::Entity(entity) => entity.get(names.next()?)?,
            Self::Element(element) => element,
        };
        let value = names.try_fold(first, |value, name| value.get(name))?;
        if value.is_null() { None } else { Some(value) }
    }

    fn elements(self, path: &Path) -> &'a [Value] {
        self.value(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

fn compare(found: Option<&Value>, op: Comparison, value: &Literal) -> bool {
    match op {
        Comparison::Eq => equals(found, value),
        Comparison::Ne => !equals(found, value),
        _ => decide(op, false, found.and_then(|found| order(found, value))),
    }
}

fn decide(op: Comparison, equal: bool, order: Option<Ordering>) -> bool {
    match op {
        Comparison::Eq => equal,
        Comparison::Ne => !equal,
        Comparison::Lt => order.is_some_and(Ordering::is_lt),
        Comparison::Le => order.is_some_and(Ordering::is_le),
        Comparison::Gt => order.is_some_and(Ordering::is_gt),
        Comparison::Ge => order.is_some_and(Ordering::is_ge),
    }
}

fn equals(found: Option<&Value>, value: &Literal) -> bool {
    let Some(found) = found else { return *value == Literal::Null };
    match value {
        Literal::Null => false,
        Literal::Boolean(value) => found.as_bool() == Some(*value),
        Literal::Binary(value) => found.as_str() == Some(value),
        Literal::String(value) => found.as_str().is_some_and(|found| fold::same(found, value)),
        _ => order(found, value) == Some(Ordering::Equal),
    }
}

/// `None` if the two are of different kinds, which only open JSON makes possible.
fn order(found: &Value, value: &Literal) -> Option<Ordering> {
    match value {
        Literal::String(value) => Some(fold::compare(found.as_str()?, value)),
        Literal::Integer(value) => Some(found.as_i64()?.cmp(value)),
        Literal::Guid(value) => Some(Uuid::try_parse(found.as_str()?).ok()?.cmp(value)),
        Literal::DateTime(value) => Some(found.as_str()?.parse::<Timestamp>().ok()?.cmp(value)),
        Literal::Null | Literal::Boolean(_) | Literal::Binary(_) => None,
    }
}

fn says(function: TextFunction, text: &str, value: &str) -> bool {
    match function {
        TextFunction::StartsWith => fold::starts_with(text, value),
        TextFunction::EndsWith => fold::fold(text).ends_with(&fold::fold(value)),
        TextFunction::Contains => fold::fold(text).contains(&fold::fold(value)),
    }
}
