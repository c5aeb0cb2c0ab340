//! The rules of single values, for all resources.

use jiff::Timestamp;
use serde_json::Value;

use crate::error::{Fault, MemberFault};

/// The longest display name (section 9.3).
pub const MAX_NAME: usize = 256;

/// A time as Graph writes it: to the second, in UTC.
pub fn time(at: Timestamp) -> Value {
    Value::String(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// Text that is there and not too long.
pub fn filled(member: &str, value: &str, most: usize) -> Result<String, MemberFault> {
    let length = value.chars().count();
    if value.trim().is_empty() || length > most {
        let why = format!("it has 1 to {most} characters.");
        return Err(MemberFault::new(member, Fault::Value(why)));
    }
    if value.chars().any(char::is_control) {
        return Err(MemberFault::new(member, Fault::Value("it contains control characters.".into())));
    }
    Ok(value.to_owned())
}

/// Text that may be missing; an empty one is.
pub fn optional(member: &str, value: &Value, most: usize) -> Result<Option<String>, MemberFault> {
    match value.as_str() {
        None | Some("") => Ok(None),
        Some(text) => filled(member, text, most).map(Some),
    }
}

/// Text that may be missing and may have several lines; an empty one is missing.
pub fn optional_lines(member: &str, value: &Value, most: usize) -> Result<Option<String>, MemberFault> {
    let text = value.as_str().unwrap_or_default();
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().count() > most || text.chars().any(odd) {
        let why = format!("it has at most {most} characters, and no control characters but line breaks.");
        return Err(MemberFault::new(member, Fault::Value(why)));
    }
    Ok(Some(text).filter(|text| !text.is_empty()).map(str::to_owned))
}

/// A mail nickname: ASCII, without what a mail address cannot have before its `@`.
pub fn nickname(member: &str, value: &str) -> Result<String, MemberFault> {
    let legal = |c: char| c.is_ascii_graphic() && !"@()\\[]\";:<>,".contains(c);
    if value.is_empty() || value.len() > 64 || !value.chars().all(legal) {
        let why = "it has 1 to 64 characters of ASCII without blanks and @ ( ) \\ [ ] \" ; : < > ,";
        return Err(MemberFault::new(member, Fault::Value(why.into())));
    }
    Ok(value.to_owned())
}

/// A mail address, as far as it can be told.
pub fn mail(member: &str, value: &str) -> Result<String, MemberFault> {
    let well_formed = value.split_once('@').is_some_and(|(local, domain)| {
        (1..=64).contains(&local.len())
            && (1..=255).contains(&domain.len())
            && !domain.contains('@')
            && value.chars().all(|c| c.is_ascii_graphic())
    });
    if well_formed {
        Ok(value.to_owned())
    } else {
        Err(MemberFault::new(member, Fault::Value("it is not a mail address.".into())))
    }
}
