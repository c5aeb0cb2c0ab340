//! A browser without scripts: it keeps cookies, follows redirects on the server's origin, and fills in forms.

use http::Method;

use crate::answer::Answer;
use crate::cast::Person;
use crate::client::{Client, Request};
use crate::form::Form;
use crate::jar::Jar;
use crate::page::{Page, PageForm};
use crate::secrets;
use crate::server::Server;
use vestibule_wire::aadsts::{Aadsts, OAuthError};

/// More redirects than this in a row are a loop.
const REDIRECTS: usize = 10;
/// More pages than this are a conversation without an end.
const PAGES: usize = 10;

/// A browser.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    /// Its cookies.
    pub jar: Jar,
    /// More headers for every request: where from, which language.
    pub headers: Vec<(String, String)>,
}

/// Where a browser comes to rest.
#[derive(Debug, Clone)]
pub enum Landing {
    /// A page of the server.
    Page(Page),
    /// Sent to an application with an answer.
    Returned(Returned),
}

/// An answer to an application, by way of the browser.
#[derive(Debug, Clone)]
pub struct Returned {
    /// Where to, without the answer.
    pub to: String,
    /// How: `query`, `fragment` or `form_post`.
    pub mode: &'static str,
    /// The answer.
    pub fields: Form,
    /// What sent the browser there.
    pub answer: Answer,
}

/// A browser at the shared server, without cookies.
pub fn browser() -> Browser {
    Browser::at(Server::shared())
}

impl Browser {
    /// A browser at a server, without cookies.
    pub fn at(server: &Server) -> Self {
        Self { client: Client::of(server), jar: Jar::default(), headers: Vec::new() }
    }

    /// A browser that asks as this client does, without cookies.
    pub fn of(client: Client) -> Self {
        Self { client, jar: Jar::default(), headers: Vec::new() }
    }

    /// The client within, for requests that do not come from a page.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// One request with the browser's cookies. Redirects are not followed.
    pub async fn send(&mut self, request: Request) -> Answer {
        let mut request = request;
        if let Some(cookies) = self.jar.header() {
            request = request.header("cookie", cookies);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let answer = request.send().await;
        self.jar.take(&answer.headers_named("set-cookie"));
        answer
    }

    /// One `GET`. Redirects are not followed.
    pub async fn get(&mut self, address: &str) -> Answer {
        let request = self.client.request(Method::GET, address);
        self.send(request).await
    }

    /// One `POST` of a form, as a page of the server sends it. Redirects are not followed.
    pub async fn post(&mut self, address: &str, form: &Form) -> Answer {
        let origin = self.client.origin().to_owned();
        let request = self.client.request(Method::POST, address).form(form).header("origin", origin);
        self.send(request.header("sec-fetch-site", "same-origin")).await
    }

    /// Goes to an address and on to wherever that leads.
    pub async fn open(&mut self, address: &str) -> Landing {
        let answer = self.get(address).await;
        self.follow(answer).await
    }

    /// Sends a form of a page, and goes to wherever that leads.
    pub async fn submit(&mut self, page: &Page, form: &PageForm) -> Landing {
        let address = url::Url::parse(&page.answer.address).unwrap().join(&form.action).unwrap();
        assert!(address.as_str().starts_with(self.client.origin()), "the form goes to {address}");
        let answer = self.post(address.as_str(), &form.fields).await;
        // AZ-50: credentials are never posted again (RFC 9700 §4.12).
        assert!(!matches!(answer.status.as_u16(), 307 | 308), "{}", answer.shown());
        self.follow(answer).await
    }

    /// Follows redirects on the server's origin.
    pub async fn follow(&mut self, answer: Answer) -> Landing {
        let mut answer = answer;
        for _ in 0..REDIRECTS {
            if !answer.status.is_redirection() {
                return Landing::read(&answer, self.client.origin());
            }
            assert!(matches!(answer.status.as_u16(), 302 | 303), "{}", answer.shown());
            let to = answer.header("location").unwrap().to_owned();
            let own = to.starts_with('/')
                || to.strip_prefix(self.client.origin()).is_some_and(|rest| rest.starts_with('/'));
            if !own {
                answer.is_not_stored().is_hardened();
                return Landing::Returned(Returned::by_redirect(&to, answer));
            }
            answer = self.get(&to).await;
        }
        panic!("redirected {REDIRECTS} times: {}", answer.shown());
    }

    /// Goes to an address, and signs in on whatever pages come, as this person and without staying signed in.
    pub async fn sign_in(&mut self, person: &Person, address: &str) -> Landing {
        let landing = self.open(address).await;
        self.continue_as(person, landing).await
    }

    /// Answers the pages of a sign-in as this person, until the browser is sent away or a page says that it cannot be.
    pub async fn continue_as(&mut self, person: &Person, landing: Landing) -> Landing {
        let mut landing = landing;
        for _ in 0..PAGES {
            let Landing::Page(page) = &landing else { return landing };
            if page.has("[role=alert]") {
                return landing;
            }
            let Some(form) = answered(page, person) else { return landing };
            let page = page.clone();
            landing = self.submit(&page, &form).await;
        }
        panic!("more than {PAGES} pages: {landing:?}");
    }
}

/// What this person does on a page of the sign-in, if it is one.
fn answered(page: &Page, person: &Person) -> Option<PageForm> {
    if let Some(form) = page.form_with("passwd") {
        return Some(form.filled("passwd", &person.password));
    }
    if let Some(form) = page.form_with("loginfmt") {
        return Some(form.filled("loginfmt", &person.upn));
    }
    if let Some(form) = page.form_with("stay") {
        return Some(form.filled("stay", "no"));
    }
    let form = page.form_with("account")?;
    let own = form.buttons.iter().find(|(name, _, text)| name == "account" && text.contains(&person.upn));
    let choice = own.map_or(String::new(), |(_, value, _)| value.clone());
    Some(form.filled("account", &choice))
}

impl Landing {
    fn read(answer: &Answer, origin: &str) -> Self {
        let page = Page::of(answer);
        match page
            .forms()
            .into_iter()
            .find(|form| !form.action.starts_with('/') && !form.action.starts_with(origin))
        {
            None => Self::Page(page),
            Some(form) => {
                let fields = form.fields;
                fields
                    .pairs()
                    .filter(|(name, _)| secrets::is_secret(name))
                    .for_each(|(_, value)| secrets::record(value));
                Self::Returned(Returned { to: form.action, mode: "form_post", fields, answer: page.answer })
            }
        }
    }

    /// It must be an answer to an application.
    #[track_caller]
    pub fn returned(self) -> Returned {
        match self {
            Self::Returned(returned) => returned,
            Self::Page(page) => panic!("a page: {}\n{}", page.text(), page.answer.shown()),
        }
    }

    /// It must be a page.
    #[track_caller]
    pub fn page(self) -> Page {
        match self {
            Self::Page(page) => page,
            Self::Returned(returned) => panic!("sent to {} with {:?}", returned.to, returned.fields),
        }
    }
}

impl Returned {
    fn by_redirect(location: &str, answer: Answer) -> Self {
        let (to, mode, text) = match (location.split_once('#'), location.split_once('?')) {
            (Some((to, fragment)), _) if !fragment.is_empty() => (to, "fragment", fragment),
            (_, Some((to, query))) => (to, "query", query.trim_end_matches('#')),
            _ => (location, "query", ""),
        };
        let fields = Form::decode(text);
        fields
            .pairs()
            .filter(|(name, _)| secrets::is_secret(name))
            .for_each(|(_, value)| secrets::record(value));
        Self { to: to.to_owned(), mode, fields, answer }
    }

    /// The code, which must be there.
    #[track_caller]
    pub fn code(&self) -> &str {
        self.get("code")
    }

    /// A member, which must be there.
    #[track_caller]
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.fields))
    }

    /// Whether it has a member.
    pub fn has(&self, name: &str) -> bool {
        self.fields.get(name).is_some()
    }
}

/// The address of an authorize request at a tenant or an alias.
pub fn authorize_at(authority: &str, request: &Form) -> String {
    format!("/{authority}/oauth2/v2.0/authorize?{}", request.encode())
}

impl Returned {
    /// The application is told of an error with this code, and of nothing else (RFC 6749 §4.1.2.1).
    #[track_caller]
    pub fn refused(&self, code: Aadsts, request: &Form) -> String {
        self.refused_as(code, code.row().error, request)
    }

    /// The same, under another OAuth error.
    #[track_caller]
    pub fn refused_as(&self, code: Aadsts, error: OAuthError, request: &Form) -> String {
        let row = code.row();
        let description = self.get("error_description");
        assert!(
            description.starts_with(&format!("AADSTS{}: ", row.number)),
            "expected {}: {description}",
            row.number
        );
        assert_eq!(self.get("error"), error.as_str(), "{description}");
        assert!(
            description.bytes().all(|b| matches!(b, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e)),
            "{description:?}"
        );
        assert_eq!(self.fields.get("state"), request.get("state"), "the state comes back as it was");
        assert!(
            self.get("iss").starts_with(self.answer.asked.origin.as_str()),
            "RFC 9207 §2: {:?}",
            self.fields
        );
        assert_eq!(self.has("error_uri"), row.looked_up, "{:?}", self.fields);
        for member in ["code", "access_token", "id_token", "session_state", "client_info"] {
            assert!(!self.has(member), "{member} beside an error");
        }
        description.to_owned()
    }
}
