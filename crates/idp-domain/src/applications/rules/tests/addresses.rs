//! Addresses that a browser is sent to or shown, and those that the server calls.

use super::*;

#[test]
fn az_06_addresses_are_addresses() {
    for bad in
        ["javascript:alert(1)", "/relative", "https://u@a.example", "ftp://a.example", "https://a.example\\b"]
    {
        says(broken(|app| app.info.support_url = Some(bad.into())), "info.supportUrl", Rule::Form);
        says(broken(|app| app.logout_url = Some(bad.into())), "web.logoutUrl", Rule::Form);
        let home = broken(|app| app.other.set("web", json!({ "homePageUrl": bad })));
        says(home, "web.homePageUrl", Rule::Form);
    }
    assert_eq!(broken(|app| app.info.support_url = Some("http://a.example/help".into())), []);
    says(broken(|app| app.logout_url = Some("http://a.example/out".into())), "web.logoutUrl", Rule::Form);
    let long = format!("https://a.example/{}", "x".repeat(255));
    says(broken(|app| app.logout_url = Some(long)), "web.logoutUrl", Rule::Length);
}

#[test]
fn ui_09_a_back_channel_logout_url_is_https_without_a_fragment_or_on_this_machine() {
    let found = |text: &str| broken(|app| app.back_channel_logout_url = Some(text.into()));
    for good in [
        "https://a.example/out",
        "https://a.example:8443/out?x=1",
        "http://localhost:3001/out",
        "http://127.0.0.1/out",
    ] {
        assert_eq!(found(good), [], "{good}");
    }
    for bad in [
        "",
        "http://a.example/out",
        "http://localhost.a.example/out",
        "http://127.0.0.2/out",
        "http://[::1]/out",
        "https://a.example/out#x",
        "https://a.example/out#",
        "https://u@a.example/out",
        "https://:p@a.example/out",
        "https://a.example\\out",
        "https://a.example/o ut",
        "https://a.example/out\n",
        "javascript:alert(1)",
        "ftp://a.example/out",
        "file:///etc/passwd",
        "/out",
        "//a.example/out",
    ] {
        says(found(bad), "web.backChannelLogoutUrl", Rule::Form);
    }
    let of_length = |length: usize| format!("https://a.example/{}", "x".repeat(length - 18));
    assert_eq!(found(&of_length(255)), []);
    says(found(&of_length(256)), "web.backChannelLogoutUrl", Rule::Length);
}
