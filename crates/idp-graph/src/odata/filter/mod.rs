//! `$filter`: text becomes an expression that names only what the entity has, and an expression says yes or no to an
//! entity. There is no other way from the text to the data, so there is nothing to inject into (GA-01).
//!
//! | module | owns |
//! |---|---|
//! | `lexer` | words, texts, brackets |
//! | `parser` | the grammar, and its limits (GA-02) |
//! | `paths` | names to properties |
//! | `literal` | values, and what they may be compared with |
//! | `support` | which operator which property answers to, and when |
//! | `expr` | the expression, and how it is written |
//! | `evaluate` | what an expression says of an entity |

mod evaluate;
mod expr;
mod lexer;
mod literal;
mod parser;
mod paths;
mod support;

use std::fmt;

use serde_json::{Map, Value};

pub use self::expr::{Comparison, Expr, Path, Quantifier, TextFunction};
pub use self::literal::Literal;

use super::error::{FilterError, QueryError};
use super::schema::{EntityType, Queries};

/// The longest `$filter`, in bytes.
pub const MAX_LENGTH: usize = 4096;

/// The deepest nesting of brackets, `not` and lambdas.
pub const MAX_DEPTH: usize = 20;

/// The longest list behind `in`.
pub const MAX_VALUES: usize = 100;

/// A filter that was checked against an entity type.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    expr: Expr,
}

impl Filter {
    /// Reads `text` as a condition on `entity`. `advanced` says whether the client asked for an advanced query.
    pub fn parse(text: &str, entity: &'static EntityType, advanced: bool) -> Result<Self, QueryError> {
        if text.len() > MAX_LENGTH {
            return Err(FilterError::TooLong(MAX_LENGTH).into());
        }
        let tokens = lexer::tokens(text)?;
        let support = support::Rules { entity, advanced: advanced || entity.queries == Queries::Open };
        parser::Parser::new(text, &tokens, support).whole().map(|expr| Self { expr })
    }

    /// Whether the condition holds for an entity, given with all its properties. What is absent is null.
    pub fn matches(&self, entity: &Map<String, Value>) -> bool {
        evaluate::entity(&self.expr, entity)
    }

    /// The expression.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }
}

/// Writes a text that parses to the same filter.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}
