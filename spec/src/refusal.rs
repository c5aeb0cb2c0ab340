//! What every refusal must be, and must not say: the negative oracles, in one place.

use vestibule_wire::aadsts::{Aadsts, OAuthError};

use crate::answer::Answer;
use crate::ordered::Ordered;

/// A refusal that passed every check.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The body.
    pub json: Ordered,
    /// `AADSTS…: text`, without the ids behind it.
    pub message: String,
}

impl Answer {
    /// The answer is a refusal with this code, as the table says.
    #[track_caller]
    pub fn refused(&self, code: Aadsts) -> Refusal {
        self.refused_as(code, code.row().error)
    }

    /// The answer is a refusal with this code under another OAuth error.
    #[track_caller]
    pub fn refused_as(&self, code: Aadsts, error: OAuthError) -> Refusal {
        let row = code.row();
        let status = if error == row.error { row.status } else { error.status() };
        assert_eq!(self.status.as_u16(), status, "expected AADSTS{}: {}", row.number, self.shown());
        let refusal = self.is_a_refusal();
        assert_eq!(refusal.json.str("error"), error.as_str(), "{}", self.shown());
        assert_eq!(refusal.number(), row.number, "{}", self.shown());
        assert!(
            says(&refusal.message, row.number, row.text),
            "{:?}\nis not\n{:?}",
            refusal.message,
            row.text
        );
        assert_eq!(refusal.json.get("error_uri").is_some(), row.looked_up, "{}", self.shown());
        assert_eq!(refusal.json.optional_str("suberror"), row.suberror, "{}", self.shown());
        refusal
    }

    /// The answer is a refusal in JSON, whichever: everything that holds for all of them.
    #[track_caller]
    pub fn is_a_refusal(&self) -> Refusal {
        // A client's fault, or "not now": never a fault of ours.
        let status = self.status.as_u16();
        assert!((400..500).contains(&status) || status == 503, "{}", self.shown());
        self.is_not_stored().is_hardened().repeats_no_secret().issues_nothing();
        assert_eq!(self.header("pragma"), Some("no-cache"), "{}", self.shown());
        let json = self.json();

        // The members, in the service's order.
        let order = [
            "error",
            "error_description",
            "error_codes",
            "timestamp",
            "trace_id",
            "correlation_id",
            "error_uri",
            "suberror",
            "claims",
        ];
        let names = json.names();
        let expected: Vec<_> = order.into_iter().filter(|name| names.contains(name)).collect();
        assert_eq!(names, expected, "{}", self.shown());
        assert!(expected.starts_with(&order[..6]), "{}", self.shown());

        // RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E.
        let description = json.str("error_description");
        let legal = description.bytes().all(|b| matches!(b, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
        assert!(legal && description.len() < 2000, "{description:?}");
        assert!(json.str("error").bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));

        // The ids, the same in the text, the members and the headers.
        let (trace, correlation, time) =
            (json.str("trace_id"), json.str("correlation_id"), json.str("timestamp"));
        let ids = format!(" Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}");
        let message = description
            .strip_suffix(&ids)
            .unwrap_or_else(|| panic!("{description:?} does not end in {ids:?}"));
        assert!(is_guid(trace) && is_guid(correlation) && is_timestamp(time), "{}", self.shown());
        assert_eq!(self.header("x-ms-request-id"), Some(trace), "{}", self.shown());
        self.correlates(correlation);

        let refusal = Refusal { json: json.clone(), message: message.to_owned() };
        let number = refusal.number();
        // What has no number says its text alone.
        assert_eq!(message.starts_with("AADSTS"), number != 0, "{message}");
        assert!(number == 0 || message.starts_with(&format!("AADSTS{number}: ")), "{message}");
        let lookup = format!("{}/error?code={number}", self.asked.origin);
        assert!(json.optional_str("error_uri").is_none_or(|uri| uri == lookup), "{}", self.shown());
        assert_eq!(self.header("x-ms-clitelem"), Some(&*format!("1,{number},0,,")), "{}", self.shown());
        for leak in ["panicked", "/crates/", ".rs:", "SELECT ", "rusqlite", "postgres", "unwrap"] {
            assert!(!description.contains(leak), "{description}");
        }
        refusal
    }

    /// The correlation id is the client's, if it sent one, and comes back in the header if it asked.
    #[track_caller]
    fn correlates(&self, correlation: &str) {
        let sent = self.asked.correlation_id.as_deref().filter(|sent| is_guid(&sent.to_ascii_lowercase()));
        if let Some(sent) = sent {
            assert_eq!(correlation, sent.to_ascii_lowercase(), "{}", self.shown());
        }
        let back = self.asked.correlation_back.then_some(correlation);
        assert_eq!(self.header("client-request-id"), back, "{}", self.shown());
    }

    /// No token, no code and no session in any channel.
    #[track_caller]
    pub fn issues_nothing(&self) -> &Self {
        let body = String::from_utf8_lossy(&self.body);
        assert!(!has_token(&body), "a token in {}", self.shown());
        for word in ["access_token", "refresh_token\":", "id_token\":"] {
            assert!(!body.contains(word), "{word} in {}", self.shown());
        }
        assert_eq!(self.header("location"), None, "{}", self.shown());
        let session =
            self.headers_named("set-cookie").into_iter().any(|cookie| cookie.starts_with("__Host-idp.sso="));
        assert!(!session, "{}", self.shown());
        self
    }
}

/// Whether a text has a JSON web token in it: two objects in base64url with a dot between them. One such beginning alone
/// may stand in any sealed value.
fn has_token(text: &str) -> bool {
    let base64url = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.match_indices(".eyJ").any(|(dot, _)| {
        let before = text[..dot].rsplit(|c| !base64url(c)).next().unwrap_or_default();
        before.starts_with("eyJ")
    })
}

impl Refusal {
    /// The AADSTS number; 0 where there is none.
    #[track_caller]
    pub fn number(&self) -> u32 {
        match self.json.array("error_codes") {
            [] => 0,
            [Ordered::Leaf(number)] => u32::try_from(number.as_u64().unwrap()).unwrap(),
            other => panic!("error_codes: {other:?}"),
        }
    }

    /// The body without what differs between two requests.
    pub fn snapshot(&self, origin: &str) -> Ordered {
        let mut json = self.json.clone();
        if let Ordered::Object(members) = &mut json {
            for (name, value) in members.iter_mut().filter(|(name, _)| name == "error_description") {
                let _ = name;
                let text =
                    format!("{} Trace ID: [guid] Correlation ID: [guid] Timestamp: [time]", self.message);
                *value = Ordered::Leaf(text.into());
            }
        }
        json.redacted(&["timestamp", "trace_id", "correlation_id"])
            .replacing(origin, "https://localhost:8443")
    }
}

/// Whether a message is the row's text with something in its places.
fn says(message: &str, number: u32, text: &str) -> bool {
    let prefix = if number == 0 { String::new() } else { format!("AADSTS{number}: ") };
    let Some(mut rest) = message.strip_prefix(&prefix) else { return false };
    // `{EmailHidden}` and `{tenant-ID}` are literal.
    let text = text.replace("{EmailHidden}", "(EmailHidden)").replace("{tenant-ID}", "(tenant-ID)");
    let message = rest.replace("{EmailHidden}", "(EmailHidden)").replace("{tenant-ID}", "(tenant-ID)");
    rest = &message;
    for (index, piece) in text.split('{').enumerate() {
        let literal =
            if index == 0 { piece } else { piece.split_once('}').map_or("", |(_, literal)| literal) };
        match rest.find(literal) {
            Some(at) if index > 0 || at == 0 => rest = &rest[at + literal.len()..],
            _ => return false,
        }
    }
    true
}

/// A GUID in lower case, with hyphens.
pub fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_digit() || matches!(b, b'a'..=b'f'),
        })
}

/// `yyyy-MM-dd HH:mm:ssZ`
fn is_timestamp(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00 00:00:00Z"
}
