//! The directory as Microsoft Graph shows it: `{origin}/graph/v1.0`, and the same under `/graph/beta`.
//!
//! A request is read from top to bottom in `dispatch`; what can be asked is one table, [`operations`].
//!
//! | module | owns |
//! |---|---|
//! | [`operations`] | the table of operations: routes, rights, OpenAPI document and reference come from it |
//! | [`authorize`] | who may do what to what: one table, and the proof that somebody may |
//! | [`caller`] | the bearer token, and who calls |
//! | [`call`] | what a handler sees, and the only way in which it changes anything |
//! | [`body`] | JSON bodies, checked whole against the table of an entity |
//! | [`etag`] | versions, `If-Match` |
//! | [`list`] | lists: filters, orders, pages |
//! | [`manifest`] | applications out of files and into them |
//! | [`path`] | which operation a path means |
//! | [`reply`] | what is answered when all goes well |
//! | [`error`] | everything that can go wrong, and what the client is told |
//! | [`openapi`] | the OpenAPI document |
//! | [`reference`] | the page on operations and permissions |
//! | [`schema`] | what each resource is made of |
//! | [`v1_0`] | the operations, a folder for each resource |
//! | [`odata`] | the query options, keys, batches and answers of OData, as far as Graph speaks it |

pub mod authorize;
mod batch;
pub mod body;
pub mod call;
pub mod caller;
mod dispatch;
pub mod error;
pub mod etag;
pub mod list;
pub mod manifest;
pub mod odata;
pub mod openapi;
pub mod operations;
pub mod path;
pub mod reference;
pub mod reply;
mod routes;
mod ruled;
pub mod schema;
pub mod v1_0;

pub use routes::{refuse_address, routes};
