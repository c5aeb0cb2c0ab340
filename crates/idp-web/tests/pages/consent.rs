//! Consent: what is asked can be read and told apart, and nothing is allowed by accident (CN-01, CN-02).

use idp_web::pages::{
    AdminConsentedPage, ConsentPage, HttpAddress, Locale, OnBehalf, PermissionView, PublisherView,
};
use scraper::{ElementRef, Html, Selector};

use crate::samples;

#[test]
fn every_permission_says_what_it_means_before_how_it_is_called() {
    for locale in Locale::ALL {
        let html = sample(locale, "consent-twenty");
        let items = all(&html, ".permissions > li");
        assert_eq!(items.len(), 20);
        for item in items {
            let sentence = text(one(item, "summary bdi"));
            let name = text(one(item, "details > p > code"));
            assert!(sentence.contains(' ') && sentence != name, "{locale:?}: {name} says {sentence:?}");
        }
    }
}

#[test]
fn what_is_new_is_marked_by_a_word_and_only_among_what_is_not() {
    for (name, new) in [("consent", vec![]), ("consent-new", vec!["Mail.Send", "Hours.ReadWrite"])] {
        let html = sample(Locale::En, name);
        let marked: Vec<_> = all(&html, ".permissions li")
            .into_iter()
            .filter(|item| text(one(*item, "summary")).ends_with(" New"))
            .map(|item| text(one(item, "code")))
            .collect();
        assert_eq!(marked, new, "{name}");
    }
}

#[test]
fn cn_01_an_unverified_application_from_elsewhere_comes_with_a_warning() {
    let warned = |publisher: PublisherView, from_elsewhere| {
        let page = ConsentPage { publisher, from_elsewhere, ..consent() };
        let html = rendered(&page);
        all(&html, "#consentWarning").len() == 1
            && all(&html, "#idSIButton9[aria-describedby~=consentWarning]").len() == 1
    };
    let verified = || PublisherView::Verified("Fabrikam".to_owned());
    assert!(warned(PublisherView::Unverified(Some("fabrikam.example".to_owned())), true));
    assert!(warned(PublisherView::Unverified(None), true));
    assert!(!warned(PublisherView::Unverified(None), false));
    assert!(!warned(verified(), true));
    assert!(!warned(verified(), false));
}

#[test]
fn the_publisher_is_called_verified_only_if_it_is() {
    for (publisher, line) in [
        (PublisherView::Verified("Fabrikam".to_owned()), "Published by Fabrikam verified"),
        (
            PublisherView::Unverified(Some("fabrikam.example".to_owned())),
            "Published by fabrikam.example not verified",
        ),
        (PublisherView::Unverified(Some("\u{202e}".to_owned())), "Publisher unknown"),
        (PublisherView::Unverified(None), "Publisher unknown"),
    ] {
        let html = rendered(&ConsentPage { publisher, ..consent() });
        assert_eq!(text(all(&html, ".lead")[0]).split_whitespace().collect::<Vec<_>>().join(" "), line);
    }
}

#[test]
fn accept_and_cancel_weigh_the_same() {
    for name in ["consent", "consent-new", "consent-everyone"] {
        let html = sample(Locale::En, name);
        let (accept, cancel) = (all(&html, "#idSIButton9")[0], all(&html, "#idBtn_Back")[0]);
        assert_eq!(accept.attr("class"), cancel.attr("class"), "{name}");
        assert_eq!(accept.parent(), cancel.parent(), "{name}");
    }
}

#[test]
fn cn_02_no_key_pressed_by_chance_accepts() {
    for name in ["consent", "consent-new", "consent-everyone", "admin-approval"] {
        let html = sample(Locale::En, name);
        assert_eq!(all(&html, "h1[tabindex='-1'][autofocus]").len(), 1, "{name}");
        // HTML §4.10.22.2: Enter in a field presses the first submit button of its form.
        let form = all(&html, "form:has(button[name=consent])")[0];
        assert_eq!(one(form, "button").attr("value"), Some("cancel"), "{name}");
    }
}

#[test]
fn the_organisation_is_offered_as_an_unticked_box_or_not_at_all() {
    for (on_behalf, boxes) in [(OnBehalf::No, 0), (OnBehalf::Offered, 1), (OnBehalf::Always, 0)] {
        let html = rendered(&ConsentPage { on_behalf, ..consent() });
        assert_eq!(all(&html, "[type=checkbox]:not([checked])").len(), boxes, "{on_behalf:?}");
        assert!(all(&html, "[type=checkbox][checked]").is_empty());
        assert_eq!(
            text(all(&html, "h1")[0]).contains("for everyone in Contoso"),
            on_behalf == OnBehalf::Always
        );
    }
}

#[test]
fn cn_01_no_name_hides_turns_around_or_fills_the_page() {
    let unseen = ['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\0', '\u{1b}', '\u{e0041}'];
    let name: String = unseen.iter().collect::<String>() + &"Payroll <b> ".repeat(1_000);
    let permission = PermissionView {
        sentence: name.clone(),
        description: name.clone(),
        technical_name: name.clone(),
        resource_name: name.clone(),
        unattended: false,
        new: true,
    };
    let page = ConsentPage {
        application: name.clone(),
        publisher: PublisherView::Unverified(Some(name.clone())),
        organisation: name.clone(),
        account: name.clone(),
        permissions: vec![permission; 5],
        ..consent()
    };
    let done = AdminConsentedPage { application: name.clone(), organisation: name.clone(), account: name };
    let chrome = samples::chrome(Locale::En, None);
    for html in [page.render(&chrome).unwrap(), done.render(&chrome).unwrap()] {
        assert!(!html.contains(unseen));
        assert!(html.len() < 20_000, "{}", html.len());
        let longest = Html::parse_document(&html)
            .tree
            .values()
            .filter_map(|n| Some(n.as_text()?.chars().count()))
            .max();
        assert!(longest <= Some(501), "{longest:?}");
    }
}

#[test]
fn cn_01_what_has_no_name_is_said_to_have_none() {
    let unseen = || "\u{202e}\u{200b}\n".to_owned();
    let mut page = ConsentPage { application: unseen(), ..consent() };
    page.permissions[0].sentence = unseen();
    let html = rendered(&page);
    assert_eq!(text(all(&html, "h1")[0]), "Allow an application without a name?");
    assert_eq!(text(all(&html, "summary bdi")[0]), "Hours.ReadWrite");
}

#[test]
fn what_the_publisher_says_opens_beside_the_page_and_cannot_reach_it() {
    let html = sample(Locale::En, "consent");
    let links = all(&html, "a");
    assert_eq!(links.len(), 2);
    for link in links {
        assert_eq!((link.attr("target"), link.attr("rel")), (Some("_blank"), Some("noopener noreferrer")));
    }
    assert!(all(&sample(Locale::En, "consent-twenty"), "a").is_empty());
}

#[test]
fn the_link_for_an_administrator_is_there_to_be_passed_on() {
    let html = sample(Locale::En, "admin-approval");
    let link = all(&html, ".pass-on a")[0];
    assert_eq!(Some(&*text(link)), link.attr("href"));
    assert!(all(&sample(Locale::En, "admin-approval-without-link"), "a").is_empty());
}

fn consent() -> ConsentPage {
    ConsentPage {
        application: "Fabrikam Timesheets".to_owned(),
        publisher: PublisherView::Unverified(None),
        from_elsewhere: true,
        organisation: "Contoso".to_owned(),
        account: "alice@contoso.example".to_owned(),
        permissions: vec![PermissionView {
            sentence: "Book hours".to_owned(),
            description: String::new(),
            technical_name: "Hours.ReadWrite".to_owned(),
            resource_name: "Fabrikam Hours API".to_owned(),
            unattended: false,
            new: true,
        }],
        on_behalf: OnBehalf::Offered,
        terms_of_service: HttpAddress::parse("https://fabrikam.example/terms"),
        privacy_statement: None,
        form_action: "/contoso/login/consent".to_owned(),
        switch_action: "/contoso/login/switch".to_owned(),
        flow: "c2VhbGVk".to_owned(),
    }
}

fn rendered(page: &ConsentPage) -> Html {
    Html::parse_document(&page.render(&samples::chrome(Locale::En, None)).unwrap())
}

fn sample(locale: Locale, name: &str) -> Html {
    let samples = samples::pages(locale, None).unwrap();
    Html::parse_document(&samples.iter().find(|sample| sample.name == name).unwrap().html)
}

fn all<'a>(html: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(css).unwrap()).collect()
}

fn one<'a>(within: ElementRef<'a>, css: &str) -> ElementRef<'a> {
    within.select(&Selector::parse(css).unwrap()).next().unwrap()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().trim().to_owned()
}
