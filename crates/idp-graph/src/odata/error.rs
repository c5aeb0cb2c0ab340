//! How a query is refused: Graph's code and Graph's words. What is quoted from the request is cut short.

use thiserror::Error;
use vestibule_wire::graph_error::GraphErrorCode;

/// At most this many characters of a request are repeated in a message.
const QUOTED: usize = 100;

/// What is wrong with the query of a request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QueryError {
    /// A broken escape, text that is not UTF-8, too many parameters or too long a value.
    #[error("The query of the request could not be read.")]
    Unreadable,
    #[error("Query option '{option}' was specified more than once, but it must be specified at most once.")]
    RepeatedOption { option: String },
    #[error("The query parameter '{option}' is not supported.")]
    UnknownOption { option: String },
    #[error("'$skip' is not supported by the service.")]
    SkipUnsupported,
    #[error("Could not find a property named '{property}' on type 'microsoft.graph.{entity}'.")]
    UnknownProperty { property: String, entity: String },
    #[error("Term '{text}' is not valid in a $select or $expand expression.")]
    MalformedSelect { text: String },
    #[error(
        "Invalid value '{value}' for $top query option found. The $top query option requires a non-negative integer value."
    )]
    MalformedTop { value: String },
    #[error("Invalid page size specified: '{value}'. Must be between 1 and 999 inclusive.")]
    PageSize { value: String },
    #[error(
        "Invalid value '{value}' for $count query option found. The $count query option requires true or false."
    )]
    MalformedCount { value: String },
    #[error("A supported MIME type could not be found that matches the requested format '{value}'.")]
    UnsupportedFormat { value: String },
    #[error("The $expand query option is limited to {0} relations, each named once.")]
    TooManyExpansions(usize),
    #[error("The query option '{option}' is not supported within $expand.")]
    UnsupportedInExpand { option: String },
    #[error("Syntax error in the $search clause at position {position} in '{text}'.")]
    MalformedSearch { position: usize, text: String },
    #[error("Request with $search query parameter only works with a 'ConsistencyLevel: eventual' header.")]
    SearchNeedsAdvanced,
    #[error("Property '{property}' is not supported in $search.")]
    SearchUnsupported { property: String },
    #[error("Syntax error in the $orderby clause '{text}'.")]
    MalformedOrder { text: String },
    #[error("Sorting by several properties is not supported.")]
    SeveralOrders,
    #[error("Sorting not supported for property '{property}'.")]
    SortUnsupported { property: String },
    #[error("Sorting not supported for current query.")]
    SortNeedsAdvanced,
    #[error("Invalid filter clause: {0}")]
    Filter(#[from] FilterError),
    #[error(
        "Unsupported or invalid query filter clause specified for property '{property}' of resource '{resource}'."
    )]
    FilterUnsupported { property: String, resource: String },
    #[error("Operator '{operator}' is not supported for property '{property}'.")]
    OperatorUnsupported { operator: &'static str, property: String },
    #[error(
        "Operator '{operator}' is not supported because the 'ConsistencyLevel:eventual' header is missing. Refer to https://aka.ms/graph-docs/advanced-queries for more information"
    )]
    OperatorNeedsAdvanced { operator: &'static str },
    #[error("Invalid value specified for property '{property}' of resource '{resource}'.")]
    InvalidValue { property: String, resource: String },
    #[error("The specified page token value has expired and can no longer be included in your request.")]
    ExpiredPageToken,
}

/// Why a `$filter` is no filter. Written behind "Invalid filter clause: ".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FilterError {
    #[error("The clause is longer than {0} bytes.")]
    TooLong(usize),
    #[error("Recursion depth exceeded allowed limit.")]
    TooDeep,
    #[error("The list of values is longer than {0}.")]
    TooManyValues(usize),
    #[error("There is an unterminated string literal at position {position}.")]
    Unterminated { position: usize },
    #[error("Syntax error at position {position} in '{text}'.")]
    Syntax { position: usize, text: String },
    #[error("Could not find a property named '{property}' on type 'microsoft.graph.{entity}'.")]
    UnknownProperty { property: String, entity: String },
    #[error("An unknown function with name '{name}' was found.")]
    UnknownFunction { name: String },
    #[error("Any/All may only be used following a collection.")]
    NotACollection,
    #[error(
        "A binary operator with incompatible types was detected. Found operand types '{expected}' and '{found}' for operator kind '{operator}'."
    )]
    Types { expected: &'static str, found: &'static str, operator: &'static str },
}

impl QueryError {
    /// Graph's code for it.
    pub const fn code(&self) -> GraphErrorCode {
        match self {
            Self::SearchUnsupported { .. }
            | Self::SeveralOrders
            | Self::SortUnsupported { .. }
            | Self::SortNeedsAdvanced
            | Self::FilterUnsupported { .. }
            | Self::OperatorUnsupported { .. }
            | Self::OperatorNeedsAdvanced { .. } => GraphErrorCode::UnsupportedQuery,
            Self::ExpiredPageToken => GraphErrorCode::ExpiredPageToken,
            _ => GraphErrorCode::BadRequest,
        }
    }
}

/// What of the request a message may repeat.
pub(crate) fn quoted(text: &str) -> String {
    let cut: String = text.chars().take(QUOTED).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(QUOTED).is_some() { cut + "…" } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_repeats_little_of_a_request_and_no_line_break() {
        assert_eq!(quoted("a\r\nb"), "a  b");
        assert_eq!(quoted(&"é".repeat(5000)).chars().count(), QUOTED + 1);
    }
}
