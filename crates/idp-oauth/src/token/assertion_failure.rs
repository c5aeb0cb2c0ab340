//! What can be wrong with a client assertion, in the words of the domain, and what the client is told.

use idp_domain::applications::{Application, AssertionRefusal, Mismatch, ValidityWindow};
use jiff::Timestamp;
use vestibule_jose::client_assertion::{
    AssertionAudience, AssertionClaims, ClientAssertion, MalformedAssertion,
};
use vestibule_wire::aadsts::{Aadsts, Failure, OAuthError};
use vestibule_wire::ids::ClientId;

/// Why an assertion proves nothing.
#[derive(Debug)]
pub enum AssertionFailure {
    /// It cannot be read.
    Malformed(MalformedAssertion),
    /// The body names another client.
    OtherClient,
    /// It was read, and refused.
    Refused(Box<Refused>),
    /// The application's registration does not trust the issuer to say this.
    Untrusted(Box<Untrusted>),
    /// The keys of the issuer cannot be had.
    NoKeys {
        /// The issuer.
        issuer: String,
        /// What went wrong.
        reason: String,
    },
}

/// A refusal, with what is told of it.
#[derive(Debug)]
pub struct Refused {
    refusal: AssertionRefusal,
    client: ClientId,
    name: String,
    issuer: String,
    thumbprint: Option<String>,
    now: Timestamp,
}

/// What no federated credential of an application names.
#[derive(Debug)]
pub struct Untrusted {
    mismatch: Mismatch,
    client: ClientId,
    name: String,
    claimed: AssertionClaims,
}

impl AssertionFailure {
    pub(super) fn refused(
        refusal: AssertionRefusal,
        application: &Application,
        assertion: &ClientAssertion,
        now: Timestamp,
    ) -> Self {
        Self::Refused(Box::new(Refused {
            refusal,
            client: application.client_id,
            name: application.display_name.clone(),
            issuer: assertion.claimed().issuer.clone(),
            thumbprint: assertion.thumbprint(),
            now,
        }))
    }

    pub(super) fn untrusted(
        mismatch: Mismatch,
        application: &Application,
        assertion: &ClientAssertion,
    ) -> Self {
        let (client, name) = (application.client_id, application.display_name.clone());
        let claimed = assertion.claimed().clone();
        Self::Untrusted(Box::new(Untrusted { mismatch, client, name, claimed }))
    }

    /// The code and text the client gets; `invalid_client`, whatever is wrong (RFC 7521 §4.2.1).
    pub(super) fn failure(&self) -> Failure {
        match self {
            Self::Malformed(_) => malformed(),
            Self::OtherClient => other_client(),
            Self::Refused(refused) => refused.failure(),
            Self::Untrusted(untrusted) => untrusted.failure(),
            Self::NoKeys { issuer, reason } => {
                Aadsts::FederatedIssuerFailed.with([("issuer", issuer), ("reason", reason)])
            }
        }
    }
}

impl Refused {
    fn failure(&self) -> Failure {
        let app = self.client.to_string();
        match self.refusal {
            AssertionRefusal::OtherClient => other_client(),
            AssertionRefusal::SubjectMismatch => Aadsts::AssertionSubjectWrong.bare(),
            AssertionRefusal::Audience => Aadsts::AssertionAudienceWrong.bare(),
            AssertionRefusal::SeveralAudiences => malformed(),
            AssertionRefusal::OutOfTime(window) => self.out_of_time(window),
            AssertionRefusal::NotAppOnly => Aadsts::FederatedTokenForbidden.with([("issuer", &self.issuer)]),
            AssertionRefusal::Disabled => {
                Aadsts::ApplicationDisabled.with([("app", &app), ("name", &self.name)])
            }
            AssertionRefusal::KeyNotFound => self.not_proved("The key was not found."),
            AssertionRefusal::KeyOutOfDate => self.not_proved("The key used is expired."),
            AssertionRefusal::Type => self.not_proved("The token is of another kind."),
            AssertionRefusal::Algorithm => self.not_proved("The algorithm is not one that is accepted."),
            AssertionRefusal::Signature => {
                self.not_proved("The provided signature value did not match the expected signature value.")
            }
            AssertionRefusal::Replayed => self.not_proved("The assertion was presented before."),
        }
    }

    fn not_proved(&self, reason: &str) -> Failure {
        let (thumbprint, app) = (self.thumbprint.as_deref().unwrap_or_default(), self.client.to_string());
        Aadsts::AssertionNotProved.with([("reason", reason), ("thumbprint", thumbprint), ("app", &app)])
    }

    fn out_of_time(&self, window: ValidityWindow) -> Failure {
        let [now, from, until] = [self.now, window.from, window.until].map(|time| time.to_string());
        Aadsts::AssertionOutOfTime.with([("now", &now), ("from", &from), ("until", &until)])
    }
}

impl Untrusted {
    fn failure(&self) -> Failure {
        let Self { mismatch, client, name, claimed } = self;
        let audience = match &claimed.audience {
            AssertionAudience::One(one) => one.clone(),
            AssertionAudience::List(list) => list.join(", "),
        };
        match mismatch {
            Mismatch::NoCredentials => {
                Aadsts::NoFederatedCredentials.with([("app", &client.to_string()), ("name", name)])
            }
            Mismatch::Issuer => Aadsts::FederatedIssuerUnknown.with([("issuer", &claimed.issuer)]),
            Mismatch::Subject => Aadsts::FederatedSubjectUnknown.with([("subject", &claimed.subject)]),
            Mismatch::Audience => Aadsts::FederatedAudienceUnknown.with([("audience", &audience)]),
        }
    }
}

fn other_client() -> Failure {
    Aadsts::ClientIdMismatch.with([("credential", "Client assertion")])
}

fn malformed() -> Failure {
    Aadsts::TokenInvalid.bare().worded(OAuthError::InvalidClient)
}
