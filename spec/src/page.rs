//! A page, as a browser without scripts has it: forms, links, and what it loads.

use scraper::{ElementRef, Html, Selector};

use crate::answer::Answer;
use crate::form::Form;
use vestibule_wire::aadsts::Aadsts;

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// The answer it came in.
    pub answer: Answer,
}

/// A form of a page.
#[derive(Debug, Clone)]
pub struct PageForm {
    /// Where it goes, as written.
    pub action: String,
    /// `post` or `get`.
    pub method: String,
    /// The fields that have a name, with their values.
    pub fields: Form,
    /// The buttons that have a name, with their values and texts.
    pub buttons: Vec<(String, String, String)>,
}

impl Page {
    /// The answer is a page, and one that is safe to show.
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{}", answer.shown());
        let page = Self { answer: answer.clone() };
        page.is_safe();
        page
    }

    /// LG-29, AZ-51, AZ-53, LG-30: what holds for every page.
    #[track_caller]
    fn is_safe(&self) {
        self.answer.is_not_stored().is_hardened().is_for_its_own_origin().repeats_no_secret();
        let policy = self.answer.header("content-security-policy").unwrap();
        for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action "] {
            assert!(policy.contains(directive), "{policy}");
        }
        for unsafe_word in ["unsafe-inline", "unsafe-eval", "script-src *", "http:;"] {
            assert!(!policy.contains(unsafe_word), "{policy}");
        }
        // A page in a popup of MSAL must stay in touch with its opener.
        assert_eq!(self.answer.header("cross-origin-opener-policy"), None);
        let html = self.html();
        for (selector, attribute) in
            [("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("object", "data")]
        {
            for element in html.select(&css(selector)) {
                let from = element.attr(attribute).unwrap_or("data:");
                let own = from.starts_with("data:") || (from.starts_with('/') && !from.starts_with("//"));
                // Applications are told of a sign-out in frames, which the policy names one by one (UI-08).
                let told = selector == "iframe" && element.attr("class") == Some("told");
                assert!(own || told, "a page loads {from}");
            }
        }
        for script in html.select(&css("script")) {
            let nonce = script.attr("nonce").expect("a script without a nonce");
            assert!(policy.contains(&format!("'nonce-{nonce}'")), "{policy}");
        }
        for element in html.select(&css("*")) {
            let handler = element.value().attrs().find(|(name, _)| name.starts_with("on"));
            assert_eq!(handler, None, "an inline handler");
        }
        for form in self.forms() {
            assert_eq!(form.method, "post", "{form:?}");
        }
    }

    /// The page says that it does not work, with this code, and nothing was issued.
    #[track_caller]
    pub fn refused(&self, code: Aadsts) -> String {
        let row = code.row();
        let message =
            self.text_of("#errorText").unwrap_or_else(|| panic!("no error: {}", self.answer.shown()));
        assert!(
            message.starts_with(&format!("AADSTS{}: ", row.number)),
            "expected {}: {message}",
            row.number
        );
        assert!(self.text().contains(&format!("AADSTS{}", row.number)));
        let status = self.answer.status.as_u16();
        assert!((400..500).contains(&status) || status == 503, "{}", self.answer.shown());
        self.answer.issues_nothing();
        let trace = self.answer.header("x-ms-request-id").unwrap();
        assert!(self.text().contains(trace), "the trace id is on the page");
        message
    }

    /// The document. Parsed again each time: it cannot cross an `await`.
    pub fn html(&self) -> Html {
        Html::parse_document(self.answer.text())
    }

    /// Its forms.
    pub fn forms(&self) -> Vec<PageForm> {
        self.html().select(&css("form")).map(PageForm::read).collect()
    }

    /// The form with a field or button of this name.
    pub fn form_with(&self, name: &str) -> Option<PageForm> {
        let has = |form: &PageForm| {
            form.fields.get(name).is_some() || form.buttons.iter().any(|(button, ..)| button == name)
        };
        self.forms().into_iter().find(has)
    }

    /// Whether it has an element.
    pub fn has(&self, selector: &str) -> bool {
        self.html().select(&css(selector)).next().is_some()
    }

    /// An attribute of every element that a selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        let html = self.html();
        html.select(&selector).filter_map(|found| found.attr(name)).map(str::to_owned).collect()
    }

    /// The text of the first such element, if there is one.
    pub fn text_of(&self, selector: &str) -> Option<String> {
        self.html().select(&css(selector)).next().map(text)
    }

    /// All of its text.
    pub fn text(&self) -> String {
        self.text_of("body").unwrap_or_default()
    }
}

impl PageForm {
    fn read(form: ElementRef<'_>) -> Self {
        let attribute = |element: ElementRef<'_>, name| element.attr(name).unwrap_or_default().to_owned();
        let (inputs, buttons) = (css("input[name]"), css("button[name]"));
        // A browser does not send a box that is not ticked.
        let sent = |input: &ElementRef<'_>| {
            input.attr("type") != Some("checkbox") || input.attr("checked").is_some()
        };
        let inputs = form.select(&inputs).filter(sent);
        let inputs = inputs.map(|input| (attribute(input, "name"), attribute(input, "value")));
        let buttons = form
            .select(&buttons)
            .map(|button| (attribute(button, "name"), attribute(button, "value"), text(button)));
        Self {
            action: attribute(form, "action"),
            method: form.attr("method").unwrap_or("get").to_ascii_lowercase(),
            fields: inputs.collect(),
            buttons: buttons.collect(),
        }
    }

    /// The fields with this value for one of them.
    #[must_use]
    pub fn filled(mut self, name: &str, value: &str) -> Self {
        self.fields = self.fields.with(name, value);
        self
    }
}

fn css(selector: &str) -> Selector {
    Selector::parse(selector).unwrap()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
