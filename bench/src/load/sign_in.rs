//! A person at the pages, without JavaScript: follows redirects, fills in forms, keeps cookies. It ends where the
//! server sends the browser back to the application.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::dev_json::User;
use super::https::{Answer, Endpoint, Request};

/// More pages than any sign-in has.
const STEPS: usize = 20;

pub(super) struct Visit<'a> {
    pub(super) origin: &'a str,
    pub(super) user: &'a User,
    /// The path the application sends the browser to.
    pub(super) start: String,
    /// Where the application waits for it.
    pub(super) redirect_uri: &'a str,
}

impl Visit<'_> {
    /// Signs in and returns the browser's cookies, as the header that carries them.
    pub(super) async fn sign_in(&self, endpoint: &Endpoint) -> Result<String> {
        let mut jar = Jar::default();
        let mut connection = endpoint.connect().await?;
        let mut request = endpoint.get(&self.start)?;
        for _ in 0..STEPS {
            jar.attach(&mut request)?;
            let answer = connection.send(request).await?;
            jar.keep(&answer.headers);
            request = match answer.location() {
                Some(location) if location.starts_with(self.redirect_uri) => {
                    if location.contains("error=") {
                        bail!("the sign-in failed: {location}");
                    }
                    return Ok(jar.header());
                }
                Some(location) => endpoint.get(self.path(location)?)?,
                None => self.fill_in(&answer, endpoint)?,
            };
        }
        bail!("the sign-in did not end within {STEPS} steps")
    }

    /// The path of an address on this server.
    fn path<'l>(&self, location: &'l str) -> Result<&'l str> {
        let path = location.strip_prefix(self.origin).unwrap_or(location);
        if path.starts_with('/') { Ok(path) } else { bail!("the sign-in leads elsewhere: {location}") }
    }

    fn fill_in(&self, answer: &Answer, endpoint: &Endpoint) -> Result<Request> {
        if answer.status == StatusCode::NOT_FOUND {
            bail!("the server has no authorize endpoint");
        }
        let page = String::from_utf8_lossy(&answer.body);
        let (action, fields) = self.answer_to(&page).with_context(|| {
            let title =
                page.split("<title>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
            format!("no form to fill in on the page \"{}\", answered {}", title.trim(), answer.status)
        })?;
        let mut request = super::post_form(
            endpoint,
            self.path(&action)?,
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())),
        )?;
        // Where a browser posts from.
        request.headers_mut().insert(header::ORIGIN, HeaderValue::from_str(self.origin)?);
        Ok(request)
    }

    /// The first form of the page that asks something a person can answer, and the answers.
    fn answer_to(&self, page: &str) -> Option<(String, Vec<(String, String)>)> {
        page.split("<form").skip(1).find_map(|rest| {
            let form = rest.split("</form>").next()?;
            let mut fields = Vec::new();
            let mut answered = false;
            for tag in form.split('<').filter(|tag| tag.starts_with("input") || tag.starts_with("button")) {
                let Some(name) = attribute(tag, "name") else { continue };
                let value = match name.as_str() {
                    "loginfmt" => self.user.upn.clone(),
                    "passwd" => self.user.password.clone(),
                    _ => attribute(tag, "value").unwrap_or_default(),
                };
                answered |= matches!(name.as_str(), "loginfmt" | "passwd") || tag.starts_with("button");
                // The first of two buttons is the one that goes on.
                if !fields.iter().any(|(known, _)| *known == name) {
                    fields.push((name, value));
                }
            }
            answered.then_some((attribute(form, "action")?, fields))
        })
    }
}

/// An attribute of a tag, as our pages write them: in double quotes.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    Some(unescape(rest.split('"').next()?))
}

fn unescape(text: &str) -> String {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = part.split_once(';').and_then(|(entity, rest)| Some((character(entity)?, rest)));
        match known {
            Some((character, rest)) => {
                plain.push(character);
                plain.push_str(rest);
            }
            None => {
                plain.push('&');
                plain.push_str(part);
            }
        }
    }
    plain
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// The cookies of one host. Paths and lifetimes do not matter for as long as a sign-in takes.
#[derive(Default)]
struct Jar(BTreeMap<String, String>);

impl Jar {
    fn keep(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let Some((name, value)) = pair.split_once('=') else { continue };
            if attributes.to_ascii_lowercase().contains("max-age=0") {
                self.0.remove(name.trim());
            } else {
                self.0.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }

    fn header(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn attach(&self, request: &mut Request) -> Result<()> {
        if !self.0.is_empty() && matches!(*request.method(), Method::GET | Method::POST) {
            request.headers_mut().insert(header::COOKIE, self.header().try_into()?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(user: &User) -> Visit<'_> {
        Visit {
            origin: "https://localhost:1",
            user,
            start: "/a".into(),
            redirect_uri: "http://localhost:3001/",
        }
    }

    fn user() -> User {
        serde_json::from_str(r#"{"tenant":"t","upn":"alice@contoso.test","password":"P&w"}"#).unwrap()
    }

    #[test]
    fn the_form_that_asks_something_is_filled_in() {
        let page = r#"<form class="account" method="post" action="/switch"><input type="hidden" name="ctx" value="x">
            <button class="link" type="submit">Another</button></form>
            <form method="post" action="/go?a=1&#38;b=2"><input type="hidden" name="ctx" value="s&amp;t">
            <input type="text" value="alice" readonly hidden><input id="i0118" name="passwd" type="password"></form>"#;
        let user = user();
        let (action, fields) = visit(&user).answer_to(page).unwrap();
        assert_eq!(action, "/go?a=1&b=2");
        assert_eq!(fields, [("ctx".into(), "s&t".into()), ("passwd".into(), "P&w".into())]);
    }

    #[test]
    fn of_two_buttons_the_first_is_pressed() {
        let page = r#"<form action="/stay"><input name="ctx" value="x"><button name="stay" value="yes">Yes</button>
            <button name="stay" value="no">No</button></form>"#;
        let user = user();
        let (_, fields) = visit(&user).answer_to(page).unwrap();
        assert_eq!(fields, [("ctx".into(), "x".into()), ("stay".into(), "yes".into())]);
    }

    #[test]
    fn a_page_without_a_question_has_no_answer() {
        let user = user();
        assert!(
            visit(&user).answer_to("<h1>Error</h1><form action=\"/x\"><input name=\"ctx\"></form>").is_none()
        );
        assert!(visit(&user).path("https://elsewhere.example/").is_err());
    }

    #[test]
    fn cookies_come_and_go() {
        let mut jar = Jar::default();
        let set = |jar: &mut Jar, cookie: &'static str| {
            let mut headers = HeaderMap::new();
            headers.append(header::SET_COOKIE, HeaderValue::from_static(cookie));
            jar.keep(&headers);
        };
        set(&mut jar, "a=1; Path=/; Secure");
        set(&mut jar, "b=2=3; HttpOnly");
        set(&mut jar, "a=; Max-Age=0");
        assert_eq!(jar.header(), "b=2=3");
    }
}
