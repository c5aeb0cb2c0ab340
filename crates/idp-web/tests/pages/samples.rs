//! One of each page in each of its states, with `text` (if given) in every place that takes a stranger's text.
//!
//! The gallery shows these; the tests read them.

use idp_web::pages::{
    AccountChoice, AccountPage, AccountPickerPage, AccountProblem, Chrome, Csp, ErrorDetails, ErrorPage,
    FormPostPage, HomePage, HttpAddress, HumanError, InvitationDeclinedPage, InvitationPage, Locale,
    LookupPage, NewPasswordPage, NewPasswordProblem, Nonce, PasswordPage, PasswordProblem, PickerPurpose,
    ReturnLink, SignOutConfirmPage, SignedOutPage, StaySignedInPage,
};
use vestibule_wire::aadsts::Aadsts;

#[path = "consent_samples.rs"]
mod consent;
#[path = "device_samples.rs"]
mod device;

/// A page as it would be sent.
pub(crate) struct Sample {
    /// What it is called in the gallery.
    pub(crate) name: String,
    /// Its HTML.
    pub(crate) html: String,
    /// Its policy.
    pub(crate) csp: Csp,
}

/// What surrounds the samples.
pub(crate) fn chrome(locale: Locale, text: Option<&str>) -> Chrome {
    Chrome {
        locale,
        nonce: Nonce::from_bytes([7; 16]),
        organisation: Some(text.unwrap_or("Contoso Harbour Works").to_owned()),
    }
}

/// Every page. `text` goes wherever a stranger's text may go.
pub(crate) fn pages(locale: Locale, text: Option<&str>) -> Result<Vec<Sample>, Box<dyn std::error::Error>> {
    let mut shelf = Shelf { chrome: chrome(locale, text), text, samples: Vec::new() };
    shelf.signing_in()?;
    shelf.choosing_a_password()?;
    shelf.choosing()?;
    shelf.consenting()?;
    shelf.needing_an_administrator()?;
    shelf.handing_over_to_a_device()?;
    shelf.becoming_a_guest()?;
    shelf.leaving()?;
    shelf.errors()?;
    shelf.handing_over()?;
    shelf.explaining()?;
    Ok(shelf.samples)
}

type Done = Result<(), Box<dyn std::error::Error>>;

struct Shelf<'a> {
    chrome: Chrome,
    text: Option<&'a str>,
    samples: Vec<Sample>,
}

impl Shelf<'_> {
    fn put(&mut self, name: &str, html: String) {
        self.samples.push(Sample { name: name.to_owned(), html, csp: self.chrome.csp() });
    }

    fn text(&self, usual: &str) -> String {
        self.text.unwrap_or(usual).to_owned()
    }

    fn signing_in(&mut self) -> Done {
        for (name, account, problem) in [
            ("account", "", None),
            ("account-hint", "alice@contoso.example", None),
            ("account-empty", "", Some(AccountProblem::Empty)),
            ("account-malformed", "alice@@contoso", Some(AccountProblem::Malformed)),
        ] {
            let page = AccountPage {
                application: self.text("Fabrikam Timesheets"),
                account: self.text(account),
                problem,
                form_action: self.text("/contoso/login/account"),
                flow: self.text("c2VhbGVk"),
            };
            self.put(name, page.render(&self.chrome)?);
        }
        for (name, problem) in [
            ("password", None),
            ("password-empty", Some(PasswordProblem::Empty)),
            ("password-wrong", Some(PasswordProblem::Wrong)),
            ("password-locked", Some(PasswordProblem::Locked { minutes: Some(15) })),
            ("password-locked-untold", Some(PasswordProblem::Locked { minutes: None })),
        ] {
            let page = PasswordPage {
                application: self.text("Fabrikam Timesheets"),
                account: self.text("alice@contoso.example"),
                problem,
                form_action: self.text("/contoso/login/password"),
                switch_action: self.text("/contoso/login/switch"),
                flow: self.text("c2VhbGVk"),
            };
            self.put(name, page.render(&self.chrome)?);
        }
        let page = StaySignedInPage {
            application: self.text("Fabrikam Timesheets"),
            account: self.text("maximiliane.von-und-zu-hohenlohe@verwaltung.contoso.example"),
            form_action: self.text("/contoso/login/stay"),
            switch_action: self.text("/contoso/login/switch"),
            flow: self.text("c2VhbGVk"),
        };
        self.put("stay-signed-in", page.render(&self.chrome)?);
        Ok(())
    }

    fn choosing_a_password(&mut self) -> Done {
        for (name, problem) in [
            ("new-password", None),
            ("new-password-empty", Some(NewPasswordProblem::Empty)),
            ("new-password-differs", Some(NewPasswordProblem::Differs)),
            ("new-password-unsuitable", Some(NewPasswordProblem::Unsuitable)),
            ("new-password-same", Some(NewPasswordProblem::Same)),
        ] {
            let page = NewPasswordPage {
                application: self.text("Fabrikam Timesheets"),
                account: self.text("alice@contoso.example"),
                problem,
                form_action: self.text("/contoso/login/new-password"),
                switch_action: self.text("/contoso/login/switch"),
                flow: self.text("c2VhbGVk"),
            };
            self.put(name, page.render(&self.chrome)?);
        }
        Ok(())
    }

    fn choosing(&mut self) -> Done {
        let account =
            |id: &str, upn: &str, name: &str, organisation: Option<&str>, signed_in| AccountChoice {
                id: self.text(id),
                upn: self.text(upn),
                display_name: self.text(name),
                organisation: organisation.map(|organisation| self.text(organisation)),
                signed_in,
            };
        let accounts = vec![
            account("a1", "alice@contoso.example", "Alice Harbour", Some("Contoso Harbour Works"), true),
            account(
                "a2",
                "alice.harbour.external@fabrikam.example",
                "Alice Harbour",
                Some("Fabrikam"),
                false,
            ),
            account("a3", "ops@contoso.example", "", None, false),
        ];
        let purpose = PickerPurpose::SignIn { application: self.text("Fabrikam Timesheets") };
        for (name, purpose) in [("picker", purpose), ("picker-sign-out", PickerPurpose::SignOut)] {
            let page = AccountPickerPage {
                purpose,
                accounts: accounts.clone(),
                form_action: self.text("/contoso/login/choose"),
                flow: self.text("c2VhbGVk"),
            };
            self.put(name, page.render(&self.chrome)?);
        }
        Ok(())
    }

    fn becoming_a_guest(&mut self) -> Done {
        let page = InvitationPage {
            organisation: self.text("Contoso Harbour Works"),
            account: self.text("dave@fabrikam.example"),
            form_action: self.text("/signin/invitation"),
            switch_action: self.text("/signin/switch"),
            flow: self.text("c2VhbGVk"),
        };
        self.put("invitation", page.render(&self.chrome)?);
        let declined = InvitationDeclinedPage { organisation: self.text("Contoso Harbour Works") };
        self.put("invitation-declined", declined.render(&self.chrome)?);
        Ok(())
    }

    fn leaving(&mut self) -> Done {
        for (name, application) in [("sign-out", Some("Fabrikam Timesheets")), ("sign-out-unnamed", None)] {
            let page = SignOutConfirmPage {
                application: application.map(|application| self.text(application)),
                account: self.text("alice@contoso.example"),
                form_action: self.text("/contoso/logout"),
                flow: self.text("c2VhbGVk"),
            };
            self.put(name, page.render(&self.chrome)?);
        }
        let return_to = ReturnLink {
            application: self.text("Fabrikam Timesheets"),
            address: HttpAddress::parse("https://timesheets.fabrikam.example/bye").ok_or("not an address")?,
        };
        let account = Some(self.text("alice@contoso.example"));
        for (name, account, return_to) in
            [("signed-out", account, Some(return_to)), ("signed-out-plain", None, None)]
        {
            let page = SignedOutPage { account, return_to, told: Vec::new() };
            self.put(name, page.render(&self.chrome)?);
        }
        let told = ["https://timesheets.fabrikam.example/out?sid=1", "https://portal.fabrikam.example/out"];
        let page = SignedOutPage {
            account: Some(self.text("alice@contoso.example")),
            return_to: HttpAddress::parse("https://timesheets.fabrikam.example/bye")
                .map(|address| ReturnLink { application: self.text("Fabrikam Timesheets"), address }),
            told: told.into_iter().filter_map(HttpAddress::parse).collect(),
        };
        self.put("signed-out-everywhere", page.render(&self.chrome)?);
        Ok(())
    }

    fn errors(&mut self) -> Done {
        // A path with a control character in it would not be offered at all.
        let state = self.text("12345").replace(char::is_control, "");
        for error in HumanError::ALL {
            let again = !matches!(
                error,
                HumanError::RedirectUriMismatch
                    | HumanError::UnknownApplication
                    | HumanError::UnknownTenant
                    | HumanError::NotFound
                    | HumanError::MalformedRequest
            );
            let page = ErrorPage {
                error,
                application: Some(self.text("Fabrikam Timesheets")),
                account: matches!(error, HumanError::AccountNotInTenant | HumanError::NotAllowed)
                    .then(|| self.text("alice@contoso.example")),
                start_again: again.then(|| format!("/contoso/oauth2/v2.0/authorize?state={}", state)),
                details: ErrorDetails {
                    code: self.text("AADSTS50011"),
                    message: self.text(
                        "AADSTS50011: The redirect URI 'https://timesheets.fabrikam.example/<cb>' specified in the \
                         request does not match the redirect URIs configured for the application \
                         '8a1f2c34-7d5e-4b6a-9c8d-0e1f2a3b4c5d'.",
                    ),
                    client_id: self.text("8a1f2c34-7d5e-4b6a-9c8d-0e1f2a3b4c5d"),
                    correlation_id: self.text("b7a0a7d4-6f0b-4f9e-8f5e-3a1d2c4b5e6f"),
                    trace_id: self.text("0f2d6c1b-93aa-4e57-b1c4-d8e9f0a1b2c3"),
                    time: self.text("2026-03-02 08:15:30Z"),
                },
            };
            self.put(&format!("error-{error:?}").to_ascii_lowercase(), page.render(&self.chrome)?);
        }
        let bare = ErrorPage {
            error: HumanError::Other,
            application: None,
            account: None,
            start_again: None,
            details: ErrorDetails { message: self.text("AADSTS90000: Unknown."), ..ErrorDetails::default() },
        };
        self.put("error-bare", bare.render(&self.chrome)?);
        Ok(())
    }

    fn handing_over(&mut self) -> Done {
        let page = FormPostPage {
            application: self.text("Fabrikam Timesheets"),
            target: HttpAddress::parse("https://timesheets.fabrikam.example/signin-oidc")
                .ok_or("not an address")?,
            fields: [("code", "1.AXoA"), ("state", "12345"), ("session_state", "9f")]
                .map(|(name, value)| (name.to_owned(), self.text(value)))
                .into(),
        };
        let html = page.render(&self.chrome)?;
        self.samples.push(Sample { name: "form-post".to_owned(), html, csp: page.csp(&self.chrome) });

        Ok(())
    }

    fn explaining(&mut self) -> Done {
        let home = HomePage {
            discovery: self.text("/common/v2.0/.well-known/openid-configuration"),
            documentation: HttpAddress::parse("https://vestibule.example/docs"),
        };
        self.put("home", home.render(&self.chrome)?);
        for (name, code) in [
            ("lookup", Some(Aadsts::RedirectUriMismatch)),
            ("lookup-suberror", Some(Aadsts::ConsentMissing)),
            ("lookup-long", Some(Aadsts::RefreshTokenOfSpaExpired)),
            ("lookup-unknown", None),
        ] {
            let page = LookupPage { row: code.map(Aadsts::row) };
            self.put(name, page.render(&self.chrome)?);
        }
        Ok(())
    }
}
