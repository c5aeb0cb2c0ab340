//! The HTTP that every protocol shares: the state of a node, which directory a request means, the ids of an answer,
//! bodies, cookies, headers, pages. No protocol and no conversation.

pub mod accounts;
pub mod answer;
pub mod back_channel;
pub mod body;
pub mod cookies;
pub mod cors;
pub mod directory;
pub mod front;
pub mod graph_address;
pub mod headers;
pub mod limits;
pub mod outbound;
pub mod pages;
pub mod passwords;
pub mod path;
pub mod request;
pub mod resources;
pub mod show;
pub mod state;
