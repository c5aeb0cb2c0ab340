//! Sign-ins that many tests begin with.

use spec::browser::{Browser, Returned, authorize_at, browser};
use spec::cast::{Application, Person, TASKS_READ, Tenant, contoso};
use spec::client::Client;
use spec::form::Form;
use spec::tokens::Tokens;
use spec::world::Pkce;

/// What a program usually asks: who signed in, a refresh token, and a permission of the API.
pub(crate) const USUAL: &str = "openid profile email offline_access api://contoso-api/Tasks.Read";

/// A sign-in, as far as the code.
pub(crate) struct SignIn {
    pub(crate) browser: Browser,
    pub(crate) application: Application,
    pub(crate) pkce: Pkce,
    pub(crate) returned: Returned,
}

impl SignIn {
    /// This person signs in to this program in a fresh browser, with a proof key.
    pub(crate) async fn of(person: &Person, application: Application, scope: &str) -> Self {
        Self::with(browser(), person, application, |request| request.with("scope", scope)).await
    }

    /// The same, with another request.
    pub(crate) async fn with(
        browser: Browser,
        person: &Person,
        application: Application,
        change: impl FnOnce(Form) -> Form,
    ) -> Self {
        let mut browser = browser;
        let pkce = Pkce::new();
        let request = application
            .authorizes(TASKS_READ)
            .with("code_challenge", &pkce.challenge)
            .with("code_challenge_method", "S256");
        let address = authorize_at(&person.tenant, &change(request));
        let returned = browser.sign_in(person, &address).await.returned();
        Self { browser, application, pkce, returned }
    }

    /// The token request that redeems the code.
    pub(crate) fn redeems(&self) -> Form {
        self.application.redeems(self.returned.code()).with("code_verifier", &self.pkce.verifier)
    }

    /// Redeems the code, across origins if the program is a single page.
    pub(crate) async fn tokens(&self, client: &Client, tenant: &Tenant) -> Tokens {
        redeem(client, &self.application, tenant, &self.redeems()).await.tokens()
    }
}

/// Sends a token request of this program, as it would.
pub(crate) async fn redeem(
    client: &Client,
    application: &Application,
    tenant: &Tenant,
    form: &Form,
) -> spec::answer::Answer {
    let request = client.token_request(&tenant.id, form);
    match application.kind.as_str() {
        "spa" => request.header("origin", application.origin()).send().await,
        _ => request.send().await,
    }
}

/// The tokens that a sign-in of this person to this program brings.
pub(crate) async fn tokens_of(person: &Person, application: Application, scope: &str) -> Tokens {
    let sign_in = SignIn::of(person, application, scope).await;
    sign_in.tokens(&spec::client::client(), &contoso()).await
}
