//! The grammar, by recursive descent; every step down is counted (GA-02).
//!
//! ```text
//! or      = and *( "or" and )
//! and     = unary *( "and" unary )
//! unary   = "not" unary / "(" or ")" / function / condition
//! function  = name "(" path "," text ")" [ "eq" boolean ]
//! condition = path [ op value / "in" "(" value *( "," value ) ")" ]
//!           / path "/$count" op number / path "/" ( "any" / "all" ) "(" [ variable ":" or ] ")"
//! ```

use super::super::error::{FilterError, QueryError, quoted};
use super::super::schema::Kind;
use super::expr::{Comparison, Expr, Quantifier, TextFunction};
use super::lexer::{Placed, Token};
use super::literal::Literal;
use super::paths::{Scope, Target};
use super::support::{Demand, Rules};
use super::{MAX_DEPTH, MAX_VALUES};

pub(super) struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Placed],
    at: usize,
    depth: usize,
    rules: Rules,
    scope: Scope,
}

type Parsed<T = Expr> = Result<T, QueryError>;

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Placed], rules: Rules) -> Self {
        Self { text, tokens, at: 0, depth: 0, rules, scope: Scope::Entity(rules.entity) }
    }

    pub(super) fn whole(mut self) -> Parsed {
        let expr = self.or()?;
        if self.at < self.tokens.len() { Err(self.syntax()) } else { Ok(expr) }
    }

    fn or(&mut self) -> Parsed {
        self.chain("or", Self::and, Expr::Or)
    }

    fn and(&mut self) -> Parsed {
        self.chain("and", Self::unary, Expr::And)
    }

    fn chain(&mut self, word: &str, next: fn(&mut Self) -> Parsed, build: fn(Vec<Expr>) -> Expr) -> Parsed {
        let first = next(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.take_word(word) {
            all.push(next(self)?);
        }
        Ok(build(all))
    }

    fn unary(&mut self) -> Parsed {
        if self.take_word("not") {
            self.rules.advanced_only("Not")?;
            return self.deeper(Self::unary).map(|inner| Expr::Not(Box::new(inner)));
        }
        if self.take(&Token::Open) {
            let inner = self.deeper(Self::or)?;
            self.expect(&Token::Close)?;
            return Ok(inner);
        }
        match (self.peek(0), self.peek(1)) {
            (Some(Token::Word(name)), Some(Token::Open)) => self.function(name),
            _ => self.condition(),
        }
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            return Err(FilterError::TooDeep.into());
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn function(&mut self, name: &str) -> Parsed {
        let unknown = || FilterError::UnknownFunction { name: quoted(name) };
        let function = TextFunction::read(name).ok_or_else(unknown)?;
        self.at += 2;
        let (target, name) = self.path()?;
        if name.is_some() {
            return Err(self.syntax());
        }
        self.expect(&Token::Comma)?;
        let value = match self.peek(0) {
            Some(Token::Text(value)) if matches!(target.kind, Kind::String | Kind::Any) => value.clone(),
            Some(Token::Text(_)) => return Err(types(&target, Kind::String.edm(), function.title())),
            _ => return Err(self.syntax()),
        };
        self.at += 1;
        self.expect(&Token::Close)?;
        self.rules.allow(&target.name, target.support, Demand::of_function(function), function.title())?;
        self.truth(Expr::Text { function, path: target.path, value })
    }

    /// `startswith(displayName,'x') eq true`, as some clients write it.
    fn truth(&mut self, expr: Expr) -> Parsed {
        if !self.take_word("eq") {
            return Ok(expr);
        }
        if self.take_word("true") {
            return Ok(expr);
        }
        if self.take_word("false") {
            self.rules.advanced_only("Not")?;
            return Ok(Expr::Not(Box::new(expr)));
        }
        Err(self.syntax())
    }

    fn condition(&mut self) -> Parsed {
        let (target, ending) = self.path()?;
        match ending.as_deref() {
            Some("any") => self.lambda(target, Quantifier::Any),
            Some("all") => self.lambda(target, Quantifier::All),
            Some(_) => self.count(target),
            None if self.take_word("in") => self.values(target),
            None => self.comparison(target),
        }
    }

    /// Names parted by slashes, and what ends them: `any`, `all` or `$count`.
    fn path(&mut self) -> Parsed<(Target, Option<String>)> {
        let mut names = vec![self.word()?];
        let mut ending = None;
        while self.take(&Token::Slash) {
            let name = self.word()?;
            let is_lambda = matches!(name.as_str(), "any" | "all") && self.peek(0) == Some(&Token::Open);
            if name == "$count" || is_lambda {
                ending = Some(name);
                break;
            }
            names.push(name);
        }
        Ok((self.scope.resolve(&names)?, ending))
    }

    fn comparison(&mut self, target: Target) -> Parsed {
        let op = match self.peek(0) {
            Some(Token::Word(word)) => Comparison::read(word),
            _ => None,
        };
        let (op, value) = match op {
            Some(op) => {
                self.at += 1;
                (op, self.literal(&target, op.title())?)
            }
            // A boolean property is a condition by itself.
            None if target.kind == Kind::Boolean => (Comparison::Eq, Literal::Boolean(true)),
            None => return Err(self.syntax()),
        };
        let ordered = !matches!(target.kind, Kind::Boolean | Kind::Guid | Kind::Binary);
        if !matches!(op, Comparison::Eq | Comparison::Ne) && (!ordered || value == Literal::Null) {
            return Err(types(&target, target.kind.edm(), op.title()));
        }
        let demand = Demand::of_comparison(op, &target.kind, &value);
        self.rules.allow(&target.name, target.support, demand, op.title())?;
        Ok(Expr::Compare { path: target.path, op, value })
    }

    fn values(&mut self, target: Target) -> Parsed {
        self.expect(&Token::Open)?;
        let mut values = vec![self.literal(&target, "In")?];
        while self.take(&Token::Comma) {
            if values.len() == MAX_VALUES {
                return Err(FilterError::TooManyValues(MAX_VALUES).into());
            }
            values.push(self.literal(&target, "In")?);
        }
        self.expect(&Token::Close)?;
        let demand = if values.contains(&Literal::Null) { Demand::Advanced } else { Demand::Basic };
        self.rules.allow(&target.name, target.support, demand, "In")?;
        Ok(Expr::In { path: target.path, values })
    }

    fn lambda(&mut self, target: Target, quantifier: Quantifier) -> Parsed {
        target.is_collection()?;
        // Entra: no lambda within a lambda.
        if self.scope.in_lambda() {
            return Err(self.syntax());
        }
        let (demand, name) = match quantifier {
            Quantifier::Any => (Demand::Basic, "Any"),
            Quantifier::All => (Demand::Advanced, "All"),
        };
        self.rules.allow(&target.name, target.support, demand, name)?;
        self.expect(&Token::Open)?;
        let collection = target.path.clone();
        if quantifier == Quantifier::Any && self.take(&Token::Close) {
            self.rules.advanced_only(name)?;
            return Ok(Expr::Lambda { collection, quantifier, condition: None });
        }
        let variable = self.word()?;
        self.expect(&Token::Colon)?;
        self.scope = Scope::Element { variable, collection: target };
        let condition = self.deeper(Self::or);
        self.scope = Scope::Entity(self.rules.entity);
        let condition = Some(Box::new(condition?));
        self.expect(&Token::Close)?;
        Ok(Expr::Lambda { collection, quantifier, condition })
    }

    fn count(&mut self, target: Target) -> Parsed {
        target.is_collection()?;
        let op = Comparison::read(&self.word()?).ok_or_else(|| self.syntax_before())?;
        let number = self.word()?.parse::<u32>().map_err(|_| self.syntax_before())?;
        self.rules.allow(&target.name, target.support, Demand::Advanced, "Count")?;
        Ok(Expr::Count { collection: target.path, op, value: i64::from(number) })
    }

    fn literal(&mut self, target: &Target, operator: &'static str) -> Parsed<Literal> {
        let Some(token) = self.peek(0) else { return Err(self.syntax()) };
        let read = Literal::read(token, &target.kind);
        let literal = read.map_err(|misfit| {
            misfit.refuse(
                || self.syntax(),
                |found| types(target, found, operator),
                || QueryError::InvalidValue {
                    property: target.name.clone(),
                    resource: self.rules.entity.resource(),
                },
            )
        })?;
        if matches!(target.kind, Kind::Collection(_) | Kind::Complex(_)) {
            return Err(types(target, "Edm.Untyped", operator));
        }
        self.at += 1;
        Ok(literal)
    }

    fn peek(&self, ahead: usize) -> Option<&'a Token> {
        self.tokens.get(self.at + ahead).map(|(_, token)| token)
    }

    fn take(&mut self, token: &Token) -> bool {
        let is = self.peek(0) == Some(token);
        self.at += usize::from(is);
        is
    }

    fn is_word(&self, word: &str) -> bool {
        // Graph's documentation writes `NOT`.
        matches!(self.peek(0), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is = self.is_word(word);
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, token: &Token) -> Parsed<()> {
        if self.take(token) { Ok(()) } else { Err(self.syntax()) }
    }

    fn word(&mut self) -> Parsed<String> {
        let Some(Token::Word(word)) = self.peek(0) else { return Err(self.syntax()) };
        self.at += 1;
        Ok(word.clone())
    }

    /// An error at the token that comes next.
    fn syntax(&self) -> QueryError {
        let end = || self.text.chars().count();
        let position = self.tokens.get(self.at).map_or_else(end, |(position, _)| *position);
        FilterError::Syntax { position, text: quoted(self.text) }.into()
    }

    /// An error at the token that was just taken.
    fn syntax_before(&self) -> QueryError {
        let position = self.tokens.get(self.at - 1).map_or(0, |(position, _)| *position);
        FilterError::Syntax { position, text: quoted(self.text) }.into()
    }
}

fn types(target: &Target, found: &'static str, operator: &'static str) -> QueryError {
    FilterError::Types { expected: target.kind.edm(), found, operator }.into()
}
