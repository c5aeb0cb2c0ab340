//! OData as far as Graph speaks it (section 9.1). Pure: text and JSON in, typed queries and JSON out.
//!
//! | module | owns |
//! |---|---|
//! | [`schema`] | what an entity is made of; every other module reads this table |
//! | [`options`] | the query string of a request: `$select`, `$filter`, `$top`, `$orderby`, `$count`, `$expand`, … |
//! | [`filter`] | `$filter`: text to a checked expression, and what it says of an entity |
//! | [`search`] | `$search` |
//! | [`seek`] | which index serves a filter |
//! | [`order`] | `$orderby` |
//! | [`expand`] | `$expand` |
//! | [`page_token`] | what a `$skiptoken` says, before it is sealed |
//! | [`render`] | `$select` applied, `@odata.context`, the envelope of a collection |
//! | [`batch`] | the bodies of `$batch` |
//! | [`fold`] | when two texts are the same |
//! | [`error`] | how each of them refuses |

pub mod batch;
pub mod error;
pub mod expand;
pub mod filter;
pub mod fold;
pub mod options;
pub mod order;
pub mod page_token;
pub mod render;
pub mod schema;
pub mod search;
pub mod seek;

mod select;
