//! The cookies of one browser. Every cookie is checked as it arrives (LG-13).

use std::collections::BTreeMap;

use cookie::{Cookie, SameSite};

use crate::secrets;

/// Cookies by name.
#[derive(Debug, Clone, Default)]
pub struct Jar(BTreeMap<String, String>);

impl Jar {
    /// Takes the `Set-Cookie` header fields of an answer.
    #[track_caller]
    pub fn take(&mut self, lines: &[&str]) {
        for line in lines {
            let cookie = Cookie::parse(*line).unwrap();
            let name = cookie.name();
            // RFC 6265bis §4.1.3.2: a name with this prefix belongs to this host alone, whatever another host sets.
            assert!(name.starts_with("__Host-"), "{name} has no __Host- prefix");
            assert_eq!(cookie.secure(), Some(true), "{name} is not Secure");
            assert_eq!(cookie.http_only(), Some(true), "{name} is not HttpOnly");
            assert_eq!(
                (cookie.path(), cookie.domain()),
                (Some("/"), None),
                "{name} is not for this host alone"
            );
            // The session comes with the requests of hidden frames, and so does the list of whom it was used with.
            let in_frames = ["__Host-idp.sso", "__Host-idp.apps"].contains(&name);
            let expected = if in_frames { SameSite::None } else { SameSite::Lax };
            let strict = cookie.same_site() == Some(SameSite::Strict) && !in_frames;
            assert!(
                strict || cookie.same_site() == Some(expected),
                "SameSite of {name} is {:?}",
                cookie.same_site()
            );
            if cookie.max_age().is_some_and(|age| age.is_zero()) || cookie.value().is_empty() {
                self.0.remove(name);
            } else {
                secrets::record(cookie.value());
                self.0.insert(name.to_owned(), cookie.value().to_owned());
            }
        }
    }

    /// The `Cookie` header.
    pub fn header(&self) -> Option<String> {
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of a cookie.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Puts a cookie there, or another value into it.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    /// Takes a cookie away.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// The names.
    pub fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}
