//! The expression, and how it is written. What [`Display`](fmt::Display) writes is read back as the same expression;
//! page tokens rely on it.

use std::fmt;

use super::literal::Literal;

/// A condition. `And` and `Or` hold two or more.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of them hold.
    And(Vec<Expr>),
    /// One of them holds.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// `displayName eq 'x'`
    Compare { path: Path, op: Comparison, value: Literal },
    /// `displayName in ('x', 'y')`
    In { path: Path, values: Vec<Literal> },
    /// `startswith(displayName,'x')`
    Text { function: TextFunction, path: Path, value: String },
    /// `identifierUris/any(s:s eq 'x')`, or without a condition: `identifierUris/any()`
    Lambda { collection: Path, quantifier: Quantifier, condition: Option<Box<Expr>> },
    /// `identifierUris/$count eq 0`
    Count { collection: Path, op: Comparison, value: i64 },
}

/// From the entity, or within a lambda from the element, to a value. An element itself is the empty path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path(pub Vec<String>);

/// An operator between a property and a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "OData's names")]
pub enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Comparison {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Eq, "eq", "Equal"),
        (Self::Ne, "ne", "NotEqual"),
        (Self::Lt, "lt", "LessThan"),
        (Self::Le, "le", "LessThanOrEqual"),
        (Self::Gt, "gt", "GreaterThan"),
        (Self::Ge, "ge", "GreaterThanOrEqual"),
    ];

    pub(super) fn read(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, text, _)| text.eq_ignore_ascii_case(word)).map(|(op, ..)| *op)
    }

    pub(super) fn text(self) -> &'static str {
        Self::ALL.iter().find(|(op, ..)| *op == self).map_or("eq", |(_, text, _)| text)
    }

    /// As messages name it.
    pub(super) fn title(self) -> &'static str {
        Self::ALL.iter().find(|(op, ..)| *op == self).map_or("Equal", |(.., title)| title)
    }
}

/// A function of two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "OData's names")]
pub enum TextFunction {
    StartsWith,
    EndsWith,
    Contains,
}

impl TextFunction {
    /// Azure CLI writes `startswith`, Graph's documentation `startsWith`.
    pub(super) fn read(word: &str) -> Option<Self> {
        let all = [Self::StartsWith, Self::EndsWith, Self::Contains];
        all.into_iter().find(|function| function.title().eq_ignore_ascii_case(word))
    }

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::StartsWith => "StartsWith",
            Self::EndsWith => "EndsWith",
            Self::Contains => "Contains",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::StartsWith => "startswith",
            Self::EndsWith => "endswith",
            Self::Contains => "contains",
        }
    }
}

/// How many elements of a collection have to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "OData's names")]
pub enum Quantifier {
    Any,
    All,
}

/// The name lambdas are written with; which one they were read with is forgotten.
const VARIABLE: &str = "x";

const AND: &str = " and ";
const OR: &str = " or ";

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, None)
    }
}

impl Expr {
    /// `variable` is what paths begin with: nothing outside a lambda.
    fn write(&self, f: &mut fmt::Formatter<'_>, variable: Option<&str>) -> fmt::Result {
        match self {
            Self::And(all) => join(f, all, AND, variable),
            Self::Or(any) => join(f, any, OR, variable),
            Self::Not(inner) => {
                f.write_str("not ")?;
                inner.write_operand(f, variable)
            }
            Self::Compare { path, op, value } => {
                path.write(f, variable)?;
                write!(f, " {} {value}", op.text())
            }
            Self::In { path, values } => {
                path.write(f, variable)?;
                let list: Vec<String> = values.iter().map(ToString::to_string).collect();
                write!(f, " in ({})", list.join(","))
            }
            Self::Text { function, path, value } => {
                write!(f, "{}(", function.text())?;
                path.write(f, variable)?;
                write!(f, ",{})", Literal::String(value.clone()))
            }
            Self::Lambda { collection, quantifier, condition } => {
                collection.write(f, variable)?;
                f.write_str(if *quantifier == Quantifier::Any { "/any(" } else { "/all(" })?;
                if let Some(condition) = condition {
                    write!(f, "{VARIABLE}:")?;
                    condition.write(f, Some(VARIABLE))?;
                }
                f.write_str(")")
            }
            Self::Count { collection, op, value } => {
                collection.write(f, variable)?;
                write!(f, "/$count {} {value}", op.text())
            }
        }
    }

    /// In brackets, if it would fall apart without.
    fn write_operand(&self, f: &mut fmt::Formatter<'_>, variable: Option<&str>) -> fmt::Result {
        if !matches!(self, Self::And(_) | Self::Or(_)) {
            return self.write(f, variable);
        }
        f.write_str("(")?;
        self.write(f, variable)?;
        f.write_str(")")
    }
}

fn join(f: &mut fmt::Formatter<'_>, all: &[Expr], word: &str, variable: Option<&str>) -> fmt::Result {
    for (index, one) in all.iter().enumerate() {
        if index > 0 {
            f.write_str(word)?;
        }
        // `and` binds tighter than `or`, so it needs no brackets within it.
        match one {
            Expr::And(_) if word == OR => one.write(f, variable)?,
            one => one.write_operand(f, variable)?,
        }
    }
    Ok(())
}

impl Path {
    fn write(&self, f: &mut fmt::Formatter<'_>, variable: Option<&str>) -> fmt::Result {
        let mut names = variable.into_iter().chain(self.0.iter().map(String::as_str));
        f.write_str(names.next().unwrap_or_default())?;
        names.try_for_each(|name| write!(f, "/{name}"))
    }
}
