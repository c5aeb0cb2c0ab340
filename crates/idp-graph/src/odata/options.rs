//! The query string of a request, read once and whole: an option that is unknown, repeated or cannot be had is refused
//! rather than ignored, because a filter that is silently dropped shows everything.

use vestibule_wire::form::Form;

use super::error::{FilterError, QueryError, quoted};
use super::expand::{self, Expand};
use super::filter::{Filter, MAX_LENGTH};
use super::order::OrderBy;
use super::schema::EntityType;
use super::search::Search;
pub use super::select::Select;

/// The largest page.
pub const MAX_TOP: u16 = 999;

/// The page if `$top` does not say.
pub const DEFAULT_TOP: u16 = 100;

/// The longest query string, in bytes.
pub const MAX_QUERY: usize = 32 * 1024;

/// What a request asks for.
#[derive(Debug, Clone)]
pub struct QueryOptions {
    /// Which properties.
    pub select: Select,
    /// Which objects.
    pub filter: Option<Filter>,
    /// Which objects, by words.
    pub search: Option<Search>,
    /// In which order.
    pub order_by: Option<OrderBy>,
    /// With which relations.
    pub expand: Vec<Expand>,
    /// How many a page, if the client says.
    pub top: Option<u16>,
    /// Whether the answer says how many there are.
    pub count: bool,
    /// Where the page begins; sealed.
    pub skip_token: Option<String>,
}

const SYSTEM: &[&str] =
    &["$select", "$filter", "$search", "$orderby", "$expand", "$top", "$count", "$skiptoken", "$format"];

impl QueryOptions {
    /// Reads a query string. `eventual` says that the request carries `ConsistencyLevel: eventual`; with `$count=true`
    /// that makes it an advanced query (section 9.1).
    pub fn parse(
        query: Option<&str>,
        entity: &'static EntityType,
        eventual: bool,
    ) -> Result<Self, QueryError> {
        let form = read(query.unwrap_or_default())?;
        let count = form.get("$count").map(truth).transpose()?.unwrap_or(false);
        let advanced = eventual && count;
        let parse_filter = |text| Filter::parse(text, entity, advanced);
        let filter = form.get("$filter").map(parse_filter).transpose()?;
        let parse_search = |text| {
            if eventual { Search::parse(text, entity) } else { Err(QueryError::SearchNeedsAdvanced) }
        };
        let parse_order = |text| OrderBy::parse(text, entity, advanced, filter.is_some());
        form.get("$format").map_or(Ok(()), json)?;
        Ok(Self {
            select: form.get("$select").map_or(Ok(Select::Default), |text| Select::parse(text, entity))?,
            search: form.get("$search").map(parse_search).transpose()?,
            order_by: form.get("$orderby").map(parse_order).transpose()?,
            expand: form.get("$expand").map_or(Ok(Vec::new()), |text| expand::parse(text, entity))?,
            top: form.get("$top").map(top).transpose()?,
            skip_token: form.get("$skiptoken").map(str::to_owned),
            filter,
            count,
        })
    }

    /// How many a page.
    pub fn page_size(&self) -> u16 {
        self.top.unwrap_or(DEFAULT_TOP)
    }
}

/// Options without `$` are the client's own and mean nothing here.
fn read(query: &str) -> Result<Form, QueryError> {
    if query.len() > MAX_QUERY {
        return Err(QueryError::Unreadable);
    }
    let form = Form::parse(query.as_bytes()).map_err(|_| QueryError::Unreadable)?;
    for option in form.names().filter(|name| name.starts_with('$')) {
        if option == "$skip" {
            return Err(QueryError::SkipUnsupported);
        }
        if !SYSTEM.contains(&option) {
            return Err(QueryError::UnknownOption { option: quoted(option) });
        }
        if form.is_repeated(option) {
            return Err(QueryError::RepeatedOption { option: quoted(option) });
        }
        if form.get(option).is_none() {
            return Err(empty(option));
        }
    }
    if form.get("$filter").is_some_and(|text| text.len() > MAX_LENGTH) {
        return Err(FilterError::TooLong(MAX_LENGTH).into());
    }
    Ok(form)
}

/// `$filter=` is not the absence of a filter.
fn empty(option: &str) -> QueryError {
    match option {
        "$filter" => FilterError::Syntax { position: 0, text: String::new() }.into(),
        "$top" => QueryError::MalformedTop { value: String::new() },
        "$count" => QueryError::MalformedCount { value: String::new() },
        "$search" => QueryError::MalformedSearch { position: 0, text: String::new() },
        "$orderby" => QueryError::MalformedOrder { text: String::new() },
        "$format" => QueryError::UnsupportedFormat { value: String::new() },
        "$skiptoken" => QueryError::ExpiredPageToken,
        _ => QueryError::MalformedSelect { text: String::new() },
    }
}

pub(super) fn top(value: &str) -> Result<u16, QueryError> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(QueryError::MalformedTop { value: quoted(value) });
    }
    let size = value.parse().ok().filter(|size| (1..=MAX_TOP).contains(size));
    size.ok_or_else(|| QueryError::PageSize { value: quoted(value) })
}

fn truth(value: &str) -> Result<bool, QueryError> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(QueryError::MalformedCount { value: quoted(value) }),
    }
}

fn json(value: &str) -> Result<(), QueryError> {
    let is_json = value == "json" || value.split(';').next() == Some("application/json");
    if is_json { Ok(()) } else { Err(QueryError::UnsupportedFormat { value: quoted(value) }) }
}
