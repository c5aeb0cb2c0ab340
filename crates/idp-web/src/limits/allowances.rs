//! How often each thing may be done: one table, from which come the fields, their names in the configuration, and what is
//! so where the configuration says nothing.

use std::num::NonZeroU32;

/// How often; none where there is no limit.
pub type Allowance = Option<NonZeroU32>;

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The name in the configuration, under `limits`.
    pub name: &'static str,
    /// How often, where the configuration says nothing.
    pub times: u32,
    /// In how many minutes.
    pub minutes: u32,
}

macro_rules! table {
    ($($(#[doc = $doc:literal])+ $name:ident $times:literal in $minutes:literal;)+) => {
        /// How often each thing may be done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Allowances {
            $($(#[doc = $doc])+ pub $name: Allowance,)+
        }

        impl Allowances {
            /// The table.
            pub const TABLE: &'static [Row] =
                &[$(Row { name: stringify!($name), times: $times, minutes: $minutes },)+];

            /// Nothing is limited.
            pub const fn none() -> Self {
                Self { $($name: None,)+ }
            }

            /// Sets one by its name. The answer is whether there is one.
            pub fn set(&mut self, name: &str, allowance: Allowance) -> bool {
                match name {
                    $(stringify!($name) => self.$name = allowance,)+
                    _ => return false,
                }
                true
            }
        }

        impl Default for Allowances {
            fn default() -> Self {
                Self { $($name: NonZeroU32::new($times),)+ }
            }
        }
    };
}

table! {
    /// Requests of an address for the documents that clients read before anything else.
    documents 6_000 in 1;
    /// Requests of an address for pages, and by which browsers are sent here and back.
    pages 3_000 in 1;
    /// Forms of sign-in pages that an address sends.
    sign_in 1_200 in 1;
    /// Requests of an address for tokens, and with them for what UserInfo tells.
    tokens 6_000 in 1;
    /// Requests of an address for device codes.
    device_codes 60 in 1;
    /// Requests of an address for the page on which people type them.
    device_entry 60 in 1;
    /// Requests of an address to Graph, whoever it says it is.
    graph 12_000 in 1;
    /// Requests for tokens of one application, from all addresses. Of one that has proved who it is: nobody else may use
    /// its allowance up.
    client_tokens 60_000 in 1;
    /// Requests for device codes of one application, from all addresses.
    client_device_codes 600 in 1;
    /// Requests to Graph of one person through one application, or of one application by itself.
    graph_principal 6_000 in 1;
    /// The same request of one session, or with one family of refresh tokens (AZ-54).
    same_request 10 in 1;
    /// Wrong secrets for one application from one address (CA-09).
    wrong_secrets 20 in 10;
    /// Wrong passwords from one address, whosever they are (LG-06), browsers left out that are familiar with the account.
    wrong_passwords 100 in 10;
    /// Wrong passwords from everywhere, browsers left out that are familiar with the account.
    wrong_passwords_of_all 500 in 10;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_limit_and_can_be_set() {
        let mut set = Allowances::none();
        for row in Allowances::TABLE {
            assert!(set.set(row.name, NonZeroU32::new(row.times)), "{}", row.name);
        }
        assert_eq!(set, Allowances::default());
        assert!(!set.set("tokns", None));
    }
}
