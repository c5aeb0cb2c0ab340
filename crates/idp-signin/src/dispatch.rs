//! What comes next: the one place that says so. A pure function of what is asked and who is signed in.

use idp_domain::consent::{Assessment, Question};
use jiff::Timestamp;
use vestibule_wire::ids::SessionId;
use vestibule_wire::oauth::Prompt;

use crate::consent::ConsentWish;
use crate::conversation::{Consented, HandOver, HandedOver, InteractionNeeded, SignInRequest};
use crate::sessions::{Available, is_fresh};

/// What comes next.
#[derive(Debug)]
pub(crate) enum Next<'a> {
    /// Ask which account.
    Identify,
    /// Ask which of these.
    Pick(Vec<&'a Available>),
    /// Ask for the password of this account.
    Password(String),
    /// Nothing: this account is signed in.
    Done(&'a Available),
    /// Somebody would have to be asked, and nobody may be.
    Refuse(InteractionNeeded),
}

/// Decides what comes next when a request begins.
pub(crate) fn next<'a>(request: &SignInRequest, available: &'a [Available], now: Timestamp) -> Next<'a> {
    let mut usable: Vec<_> = available.iter().filter(|account| account.is_usable(request)).collect();
    // A hint at an organisation narrows the choice, where there is somebody of it.
    let of_hinted = |account: &&Available| Some(account.session.tenant) == request.organisation_hint;
    if usable.iter().any(of_hinted) {
        usable.retain(of_hinted);
    }
    let named = named(request, &usable);
    match request.prompt {
        // Never silent, however many accounts there are (DC-09).
        _ if request.hand_over.is_some() && usable.is_empty() => Next::Identify,
        _ if request.hand_over.is_some() => Next::Pick(usable),
        Some(Prompt::None) => silent(request, &usable, named, now),
        // Credentials again, whatever the session.
        Some(Prompt::Login) => match named.map(Available::upn).or_else(|| request.account_hint.clone()) {
            Some(account) => Next::Password(account),
            None => Next::Identify,
        },
        Some(Prompt::SelectAccount) if usable.is_empty() => Next::Identify,
        Some(Prompt::SelectAccount) => Next::Pick(usable),
        Some(Prompt::Consent | Prompt::AdminConsent) | None => {
            match (named, &request.account_hint, usable.as_slice()) {
                (Some(account), _, _) => by_session(request, account, now),
                // An account that is not signed in here.
                (None, Some(hint), _) => Next::Password(hint.clone()),
                (None, None, []) => Next::Identify,
                (None, None, [only]) => by_session(request, only, now),
                (None, None, _) => Next::Pick(usable),
            }
        }
    }
}

fn silent<'a>(
    request: &SignInRequest,
    usable: &[&'a Available],
    named: Option<&'a Available>,
    now: Timestamp,
) -> Next<'a> {
    let account = match (named, usable) {
        (Some(account), _) => account,
        (None, _) if request.session_hint.is_some() => {
            return Next::Refuse(InteractionNeeded::SessionNotFound);
        }
        (None, _) if request.account_hint.is_some() || request.user_hint.is_some() => {
            return Next::Refuse(InteractionNeeded::NobodySignedIn);
        }
        (None, []) => return Next::Refuse(InteractionNeeded::NobodySignedIn),
        (None, [only]) => only,
        (None, _) => return Next::Refuse(InteractionNeeded::SeveralAccounts),
    };
    // Whoever was invited would have to be asked whether they accept.
    if suffices(request, account, now) && account.invitation.is_none() {
        Next::Done(account)
    } else {
        Next::Refuse(InteractionNeeded::NobodySignedIn)
    }
}

fn by_session<'a>(request: &SignInRequest, account: &'a Available, now: Timestamp) -> Next<'a> {
    if suffices(request, account, now) { Next::Done(account) } else { Next::Password(account.upn()) }
}

/// Whether the session of this account answers the request, or its credentials are wanted again. However the account
/// was arrived at: a pick says which one, and proves nothing (LG-10).
pub(crate) fn suffices(request: &SignInRequest, account: &Available, now: Timestamp) -> bool {
    request.prompt != Some(Prompt::Login) && is_fresh(&account.session, request.max_age, now)
}

/// The account that the request names: by session, by user, or by name.
fn named<'a>(request: &SignInRequest, usable: &[&'a Available]) -> Option<&'a Available> {
    let find = |wanted: &dyn Fn(&Available) -> bool| usable.iter().copied().find(|account| wanted(account));
    if let Some(session) = request.session_hint {
        return find(&|account| account.session.id == session);
    }
    if let Some(user) = request.user_hint {
        return find(&|account| account.session.user == user);
    }
    let hint = request.account_hint.as_deref()?;
    find(&|account| account.signed_in.at_home().upn.as_str().eq_ignore_ascii_case(hint.trim()))
}

/// What comes once somebody is signed in.
#[derive(Debug)]
pub(crate) enum Afterwards {
    /// Back to the protocol.
    Back,
    /// Ask whether this is allowed.
    Consent(Question),
    /// Say that an administrator has to allow this.
    Administrator(Question),
}

/// What the person has to be asked before anything else: whether they started what another device asks for. What they said
/// with another account does not count.
pub(crate) fn hand_over(
    request: &SignInRequest,
    answer: Option<HandedOver>,
    session: SessionId,
) -> Option<&HandOver> {
    let unanswered = HandedOver::said_in(answer, session).is_none();
    request.hand_over.as_ref().filter(|_| unanswered)
}

/// What is to be consented to, if that is to be asked at all: it was wished, nobody answered yet, and somebody may be
/// asked. Where nobody may be, the protocol says what is missing.
pub(crate) fn consent_wish(request: &SignInRequest, answered: Option<Consented>) -> Option<&ConsentWish> {
    let may_be_asked = request.prompt != Some(Prompt::None) && answered.is_none();
    request.consent.as_ref().filter(|_| may_be_asked)
}

/// Decides what comes once somebody is signed in.
pub(crate) fn afterwards(assessment: Assessment) -> Afterwards {
    match assessment {
        Assessment::Settled => Afterwards::Back,
        Assessment::Ask(question) => Afterwards::Consent(question),
        Assessment::AdministratorNeeded(question) => Afterwards::Administrator(question),
    }
}

impl Available {
    pub(crate) fn upn(&self) -> String {
        self.signed_in.at_home().upn.to_string()
    }
}
