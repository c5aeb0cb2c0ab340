//! What a token tells of a person. Which of it a token form tells by itself, and which only when an application asks for it
//! as an optional claim, is not said here.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;
use serde_json::Value;

use crate::ids::SessionId;

/// Claims about a person.
#[derive(Debug, Default, Serialize)]
pub struct Person<'a> {
    /// `0` for a member of the directory, `1` for a guest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acct: Option<u8>,
    /// When the person last proved who they are, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// The country, in two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ctry: Option<&'a str>,
    /// The mail address. It says nothing about who somebody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<&'a str>,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<&'a str>,
    /// Who vouches for the person, when that is not the issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp: Option<Cow<'a, str>>,
    /// `user`, for resources that tell tokens apart by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idtyp: Option<&'static str>,
    /// The address the person signed in from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipaddr: Option<IpAddr>,
    /// Opaque: names the account to later sign-in and sign-out requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<String>,
    /// The display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// The user principal name, to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<&'a str>,
    /// The browser session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<SessionId>,
    /// A name to be shown; of a guest, the name at home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_name: Option<Cow<'a, str>>,
    /// The user principal name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upn: Option<Cow<'a, str>>,
    /// The mail address, in a list, if its domain is one that the tenant has proved to own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_primary_email: Option<[&'a str; 1]>,
    /// Whether the domain of the mail address is one that the tenant has proved to own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xms_edov: Option<bool>,
    /// The preferred language, such as `en-us`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xms_pl: Option<String>,
    /// Directory extensions, by the names of their claims: `extn.{attribute}`.
    #[serde(flatten)]
    pub extensions: BTreeMap<String, &'a Value>,
}
