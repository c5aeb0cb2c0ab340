//! Paths as clients write them: in any case, with doubled slashes.
//!
//! MSAL for JavaScript, Go and .NET lower-case the authority, ADAL writes `UserRealm`, and MSAL Python doubles the slash
//! after an authority that ends in one. Everything in our paths is case-insensitive (tenants, domains, user names,
//! fixed words), so a path is brought to one form before it is routed. It is never decoded here: that happens once, in
//! the extractor.

use std::borrow::Cow;
use std::task::{Context, Poll};

use http::{Request, Uri};
use percent_encoding::percent_decode_str;
use tower::Service;

/// Brings the path of each request to one form, then calls the service inside.
#[derive(Debug, Clone)]
pub struct OneForm<S>(pub S);

impl<S, B> Service<Request<B>> for OneForm<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        if let Some(uri) = one_form(request.uri()) {
            *request.uri_mut() = uri;
        }
        self.0.call(request)
    }
}

/// The URI in its one form, when it is not in it already.
fn one_form(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let readable = percent_decode_str(path).decode_utf8().is_ok();
    if readable && !path.contains("//") && !path.bytes().any(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let path = if readable { Cow::Borrowed(path) } else { Cow::Owned(marked(path)) };
    let mut clean = String::with_capacity(uri.path_and_query().map_or(0, |both| both.as_str().len()));
    for c in path.chars() {
        if c != '/' || !clean.ends_with('/') {
            clean.push(c.to_ascii_lowercase());
        }
    }
    if let Some(query) = uri.query() {
        clean.push('?');
        clean.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(clean.parse().ok()?);
    Uri::from_parts(parts).ok()
}

/// TP-06: a segment that is not UTF-8 is none that anybody registered. It becomes the replacement character, so that it
/// is refused where an unknown name is, in the same words.
fn marked(path: &str) -> String {
    let segment = |segment| match percent_decode_str(segment).decode_utf8() {
        Ok(_) => segment,
        Err(_) => "%ef%bf%bd",
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> String {
        let uri: Uri = text.parse().unwrap();
        one_form(&uri).unwrap_or(uri).to_string()
    }

    #[test]
    fn paths_are_routed_in_any_case_and_with_doubled_slashes_and_queries_are_left_alone() {
        assert_eq!(
            form("/Contoso.Test//v2.0/.Well-Known/openid-configuration?X=Y//z"),
            "/contoso.test/v2.0/.well-known/openid-configuration?X=Y//z"
        );
        assert_eq!(
            form("/common/UserRealm/Bob@contoso.test?api-version=1.0"),
            "/common/userrealm/bob@contoso.test?api-version=1.0"
        );
        assert_eq!(form("/common/oauth2/v2.0/token"), "/common/oauth2/v2.0/token");
    }

    #[test]
    fn tp_06_a_segment_that_is_not_utf_8_is_marked_as_such() {
        assert_eq!(form("/%c0%ae/oauth2/v2.0/token"), "/%ef%bf%bd/oauth2/v2.0/token");
    }

    #[test]
    fn az_49_escapes_are_not_decoded_here() {
        assert_eq!(form("/a%2F..%2Fb/X"), "/a%2f..%2fb/x");
    }
}
