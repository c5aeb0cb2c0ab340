//! Nothing a stranger writes becomes markup, and everything comes out as it was written (LG-19, AZ-19, AZ-20).

use idp_web::pages::{Chrome, ErrorDetails, ErrorPage, FormPostPage, HttpAddress, HumanError, Locale};
use scraper::{Html, Node, Selector};

use crate::samples;

const PAYLOADS: [&str; 40] = [
    "<script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "</form><form action=https://evil.example>",
    "</details></main><h1>Sign in here</h1>",
    "<img src=x onerror=alert(1)>",
    "\" onfocus=alert(1) autofocus x=\"",
    "' onmouseover='alert(1)",
    "\" formaction=\"https://evil.example",
    "` onclick=alert(1) `",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1&#41;</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<object data=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "<!--><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&quot; onfocus=alert(1) &quot;",
    "{{ 7 * 7 }}{% raw %}${alert(1)}",
    "{ $application }{ -term }{ \"x\" }",
    "\u{2028}alert(1)\u{2029}",
    "\u{202e}moc.live\u{202c}\u{2066}",
    "\u{ff1c}script\u{ff1e}alert(1)\u{ff1c}/script\u{ff1e}",
    "\u{e000}\u{e001}\u{f8ff}",
    "a\0b\"><script\0>alert(1)</script>",
    "<scr\u{feff}ipt>alert(1)</scr\u{feff}ipt><",
];

#[test]
fn no_text_changes_the_shape_of_a_page() {
    for locale in Locale::ALL {
        let plain: Vec<_> = pages(locale, "word");
        for payload in PAYLOADS {
            for ((name, plain), (_, hostile)) in plain.iter().zip(pages(locale, payload)) {
                assert_eq!(*plain, hostile, "{name} with {payload:?}");
            }
        }
    }
}

#[test]
fn an_error_message_is_shown_verbatim() {
    for payload in PAYLOADS.into_iter().filter(|payload| !payload.contains('\0')) {
        let page = ErrorPage {
            error: HumanError::Other,
            application: None,
            account: None,
            start_again: None,
            details: ErrorDetails { message: payload.to_owned(), ..ErrorDetails::default() },
        };
        let html = Html::parse_document(&page.render(&chrome()).unwrap());
        let shown = html.select(&selector("#errorText")).next().unwrap();
        assert_eq!(shown.text().collect::<String>(), payload);
    }
}

#[test]
fn a_form_post_carries_exactly_its_fields_to_exactly_its_target() {
    let target = "https://app.contoso.example/cb?a=1&b='2'";
    for payload in PAYLOADS.into_iter().filter(|payload| !payload.contains('\0')) {
        let fields = vec![
            ("code".to_owned(), "abc".to_owned()),
            ("state".to_owned(), payload.to_owned()),
            ("error_description".to_owned(), payload.to_owned()),
        ];
        let page = FormPostPage {
            application: payload.to_owned(),
            target: HttpAddress::parse(target).unwrap(),
            fields: fields.clone(),
        };
        let html = Html::parse_document(&page.render(&chrome()).unwrap());
        let form = html.select(&selector("form")).next().unwrap();
        assert_eq!((form.attr("action"), form.attr("method")), (Some(target), Some("post")));
        let carried: Vec<_> = form
            .select(&selector("[name]"))
            .map(|field| (field.attr("name").unwrap().to_owned(), field.attr("value").unwrap().to_owned()))
            .collect();
        assert_eq!(carried, fields);
        assert!(page.csp(&chrome()).as_str().contains("; form-action https://app.contoso.example; "));
    }
}

#[test]
fn an_error_page_never_leads_to_another_origin() {
    for elsewhere in
        ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:1", ""]
    {
        let page = ErrorPage {
            error: HumanError::FlowExpired,
            application: None,
            account: None,
            start_again: Some(elsewhere.to_owned()),
            details: ErrorDetails::default(),
        };
        let html = Html::parse_document(&page.render(&chrome()).unwrap());
        assert_eq!(html.select(&selector("a")).count(), 0, "{elsewhere:?}");
    }
}

fn chrome() -> Chrome {
    samples::chrome(Locale::En, None)
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

/// Each page as the elements and attributes a browser makes of it, without any text.
fn pages(locale: Locale, text: &str) -> Vec<(String, Vec<String>)> {
    samples::pages(locale, Some(text))
        .unwrap()
        .into_iter()
        .map(|page| (page.name, shape(&page.html)))
        .collect()
}

fn shape(html: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let mut shape = Vec::new();
    for node in document.tree.nodes() {
        match node.value() {
            // Where an account name may break depends on the name.
            Node::Element(element) if element.name() == "wbr" => {}
            Node::Element(element) => {
                let depth = node.ancestors().count();
                let attributes: Vec<_> = element.attrs().map(|(name, _)| name).collect();
                shape.push(format!("{depth} {} {attributes:?}", element.name()));
                // What runs or leads away is compared with its text.
                if element.name() == "script" {
                    shape.extend(
                        node.children().filter_map(|child| Some(child.value().as_text()?.to_string())),
                    );
                }
            }
            Node::Comment(_) => shape.push("comment".to_owned()),
            _ => {}
        }
    }
    shape
}
