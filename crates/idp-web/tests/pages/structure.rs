//! What every page owes to whoever cannot see it, has no mouse, no script or little time.

use idp_web::pages::{Locale, STYLESHEET, stylesheet_path};
use scraper::{ElementRef, Html, Selector};

use crate::samples::{self, Sample};

fn every_page(check: impl Fn(&Sample, &Html)) {
    for locale in Locale::ALL {
        for sample in samples::pages(locale, None).unwrap() {
            check(&sample, &Html::parse_document(&sample.html));
        }
    }
}

fn all<'a>(html: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(css).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().trim().to_owned()
}

#[test]
fn a_page_and_its_style_are_under_30_kilobytes() {
    every_page(|page, _| {
        let size = page.html.len() + STYLESHEET.len();
        assert!(size < 30_000, "{}: {size} bytes", page.name);
    });
}

#[test]
fn a_page_has_one_heading_one_title_one_main_and_its_language() {
    every_page(|page, html| {
        assert_eq!(all(html, "h1").len(), 1, "{}", page.name);
        assert_eq!(all(html, "main").len(), 1, "{}", page.name);
        assert!(!text(all(html, "title")[0]).is_empty(), "{}", page.name);
        assert_eq!(all(html, "html[lang]").len(), 1, "{}", page.name);
    });
}

#[test]
fn a_page_loads_nothing_but_its_stylesheet() {
    every_page(|page, html| {
        let loads = "[src]:not(iframe.told), [style], iframe:not(.told), object, embed";
        assert!(all(html, loads).is_empty(), "{}", page.name);
        // UI-08: applications are told of a sign-out in frames, which the policy names and nothing else.
        let told = all(html, "iframe.told");
        assert_eq!(told.is_empty(), page.name != "signed-out-everywhere", "{}", page.name);
        let sheets = all(html, "link[rel=stylesheet]");
        assert_eq!(sheets.len(), 1);
        assert_eq!(sheets[0].attr("href"), Some(stylesheet_path()));
    });
}

#[test]
fn scripts_are_inline_and_carry_the_nonce_of_the_policy() {
    every_page(|page, html| {
        let scripts = all(html, "script");
        let expected = ["error", "admin-approval", "form-post", "signed-out-everywhere"]
            .iter()
            .any(|name| page.name.starts_with(name));
        assert_eq!(scripts.len(), usize::from(expected), "{}", page.name);
        for script in scripts {
            let nonce = script.attr("nonce").unwrap();
            assert!(page.csp.as_str().contains(&format!("'nonce-{nonce}'")), "{}", page.name);
        }
        for element in all(html, "*") {
            assert!(element.value().attrs().all(|(name, _)| !name.starts_with("on")), "{}", page.name);
        }
    });
}

#[test]
fn every_visible_field_has_a_label_and_says_what_fills_it() {
    every_page(|page, html| {
        for field in all(html, "input:not([type=hidden]):not([hidden])") {
            let id = field.attr("id").unwrap();
            let labels = all(html, &format!("label[for={id}]"));
            assert_eq!(labels.len(), 1, "{}: {id}", page.name);
            assert!(!text(labels[0]).is_empty());
            assert!(field.attr("autocomplete").is_some(), "{}: {id}", page.name);
        }
    });
}

#[test]
fn every_form_posts_and_says_whether_it_may_be_filled() {
    every_page(|page, html| {
        for form in all(html, "form") {
            assert_eq!(form.attr("method"), Some("post"), "{}", page.name);
            assert!(form.attr("autocomplete").is_some(), "{}", page.name);
            // Firefox gives hidden fields their old values back on reload, unless told not to.
            for hidden in form.select(&Selector::parse("input[type=hidden]").unwrap()) {
                assert_eq!(hidden.attr("autocomplete"), Some("off"), "{}", page.name);
            }
        }
    });
}

#[test]
fn an_error_is_an_alert_tied_to_its_field() {
    let mut seen = 0;
    for sample in samples::pages(Locale::En, None).unwrap() {
        let html = Html::parse_document(&sample.html);
        for invalid in all(&html, "[aria-invalid]") {
            seen += 1;
            let described_by = invalid.attr("aria-describedby").unwrap();
            let error = described_by.split(' ').next().unwrap();
            let alerts = all(&html, &format!("#{error}[role=alert]"));
            assert_eq!(alerts.len(), 1, "{}: {error}", sample.name);
            assert!(!text(alerts[0]).is_empty());
            assert!(text(all(&html, "title")[0]).starts_with("Problem: "), "{}", sample.name);
        }
    }
    assert_eq!(seen, 15);
}

#[test]
fn every_reference_within_a_page_leads_somewhere_and_no_id_is_there_twice() {
    every_page(|page, html| {
        for (referrer, attribute) in [("[aria-describedby]", "aria-describedby"), ("label[for]", "for")] {
            for element in all(html, referrer) {
                for id in element.attr(attribute).unwrap().split(' ') {
                    assert_eq!(all(html, &format!("[id='{id}']")).len(), 1, "{}: {id}", page.name);
                }
            }
        }
        for element in all(html, "[id]") {
            let id = element.attr("id").unwrap();
            assert_eq!(all(html, &format!("[id='{id}']")).len(), 1, "{}: {id}", page.name);
        }
    });
}

#[test]
fn there_is_at_most_one_first_thing_to_do() {
    every_page(|page, html| assert!(all(html, "[autofocus]").len() <= 1, "{}", page.name));
}

#[test]
fn the_application_and_the_account_are_always_in_view() {
    for sample in samples::pages(Locale::En, None).unwrap() {
        let html = Html::parse_document(&sample.html);
        let main = text(all(&html, "main")[0]);
        let starts = |names: &[&str]| names.iter().any(|name| sample.name.starts_with(name));
        if starts(&[
            "account",
            "password",
            "new-password",
            "stay",
            "consent",
            "admin",
            "device-confirm",
            "device-done",
            "device-declined",
            "form-post",
            "error-m",
        ]) || sample.name == "picker"
        {
            assert!(main.contains("Fabrikam Timesheets"), "{}", sample.name);
        }
        if starts(&["password", "new-password", "stay", "consent", "admin-approval", "device-confirm"]) {
            assert_eq!(all(&html, ".account .who bdi").len(), 1, "{}", sample.name);
            assert_eq!(all(&html, ".account button[type=submit]").len(), 1, "{}", sample.name);
        }
    }
}

#[test]
fn the_ids_and_names_that_scripts_rely_on_are_there() {
    let samples = samples::pages(Locale::En, None).unwrap();
    for (page, css) in [
        ("account", "input#i0116[name=loginfmt][autocomplete='username webauthn']"),
        ("account", "button#idSIButton9[type=submit]"),
        ("account-empty", "#usernameError"),
        ("password", "input#i0118[name=passwd][type=password][autocomplete=current-password]"),
        ("password", "button#idSIButton9[type=submit]"),
        ("password", "button#idBtn_Back[type=submit]"),
        ("password", "input[autocomplete=username][hidden]"),
        ("password-wrong", "#passwordError"),
        (
            "new-password",
            "input#newPassword[name=newpasswd][type=password][autocomplete=new-password][autofocus]",
        ),
        (
            "new-password",
            "input#newPasswordAgain[name=newpasswdagain][type=password][autocomplete=new-password]",
        ),
        ("new-password", "button#idSIButton9[type=submit]"),
        ("new-password", "input[autocomplete=username][hidden]"),
        ("new-password-differs", "#passwordError"),
        ("stay-signed-in", "button#idSIButton9[name=stay][value=yes]"),
        ("stay-signed-in", "button#idBtn_Back[name=stay][value=no]"),
        ("consent", "button#idSIButton9[type=submit][name=consent][value=accept]"),
        ("consent", "button#idBtn_Back[type=submit][name=consent][value=cancel]"),
        ("consent-new", "input[type=checkbox][name=on_behalf_of_organization][value=yes]"),
        ("device-code", "input#otc[name=otc][autofocus]"),
        ("device-code", "button#idSIButton9[type=submit]"),
        ("device-code-wrong", "#otcError"),
        ("device-confirm", "button#idSIButton9[type=submit][name=handover][value=continue]"),
        ("device-confirm", "button#idBtn_Back[type=submit][name=handover][value=cancel]"),
        ("admin-approval", "button#idBtn_Back[type=submit][name=consent][value=cancel]"),
        ("admin-approval", "details #errorText"),
        ("picker", "button[name=account][value=a2]"),
        ("picker", "button#idBtn_Back[name=account][value='']"),
        ("error-redirecturimismatch", "details #errorText"),
        ("form-post", "form input[type=hidden][name=code]"),
        ("form-post", "form button[type=submit][autofocus]"),
        ("lookup", "#errorText:has(var)"),
    ] {
        let sample = samples.iter().find(|sample| sample.name == page).unwrap();
        assert_eq!(all(&Html::parse_document(&sample.html), css).len(), 1, "{page}: {css}");
    }
}

#[test]
fn enter_in_the_password_field_signs_in() {
    // HTML §4.10.22.2: Enter presses the first submit button of the form the field is in.
    for sample in samples::pages(Locale::En, None).unwrap().iter().filter(|s| s.name.contains("password")) {
        let html = Html::parse_document(&sample.html);
        let form = all(&html, "form:has([type=password])")[0];
        let first = form.select(&Selector::parse("button").unwrap()).next().unwrap();
        assert_eq!(first.attr("id"), Some("idSIButton9"));
    }
}
