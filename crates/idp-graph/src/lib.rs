//! The directory as Microsoft Graph shows it.
//!
//! | module | owns |
//! |---|---|
//! | [`odata`] | the query options, keys, batches and answers of OData, as far as Graph speaks it |

pub mod odata;
