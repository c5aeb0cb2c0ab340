//! The pages of the conversation, filled in from its state.

mod consent;
mod hand_over;
mod invitation;

use axum::body::Body;
use http::{Response, StatusCode};
use idp_web::pages::{
    AccountChoice, AccountPage, AccountPickerPage, AccountProblem, Chrome, Csp, NewPasswordPage,
    NewPasswordProblem, PasswordPage, PasswordProblem, PickerPurpose, StaySignedInPage,
};
use idp_web::request::RequestInfo;
use idp_web::show::{self, Context};
use idp_web::state::App;
use vestibule_wire::aadsts::Failure;

use crate::conversation::Conversation;
use crate::path;
use crate::sessions::Available;

pub(crate) use consent::consent;
pub(crate) use hand_over::hand_over;
pub(crate) use invitation::{invitation, invitation_declined};

/// Which account?
pub(crate) fn identify(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    problem: Option<AccountProblem>,
) -> Response<Body> {
    let page = AccountPage {
        application: conversation.request.application.clone(),
        account: conversation.account().to_owned(),
        problem,
        form_action: path::ACCOUNT.into(),
        flow: conversation.seal(app),
    };
    framed(app, info, conversation, |chrome| page.render(chrome))
}

/// The password, please.
pub(crate) fn password(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    problem: Option<PasswordProblem>,
) -> Response<Body> {
    let page = PasswordPage {
        application: conversation.request.application.clone(),
        account: conversation.account().to_owned(),
        problem,
        form_action: path::PASSWORD.into(),
        switch_action: path::SWITCH.into(),
        flow: conversation.seal(app),
    };
    framed(app, info, conversation, |chrome| page.render(chrome))
}

/// Another password, please.
pub(crate) fn new_password(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    problem: Option<NewPasswordProblem>,
) -> Response<Body> {
    let page = NewPasswordPage {
        application: conversation.request.application.clone(),
        account: conversation.account().to_owned(),
        problem,
        form_action: path::NEW_PASSWORD.into(),
        switch_action: path::SWITCH.into(),
        flow: conversation.seal(app),
    };
    framed(app, info, conversation, |chrome| page.render(chrome))
}

/// Which of these?
pub(crate) fn pick(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    accounts: &[Available],
) -> Response<Body> {
    let page = AccountPickerPage {
        purpose: PickerPurpose::SignIn { application: conversation.request.application.clone() },
        accounts: accounts.iter().map(choice).collect(),
        form_action: path::PICK.into(),
        flow: conversation.seal(app),
    };
    framed(app, info, conversation, |chrome| page.render(chrome))
}

/// Stay signed in?
pub(crate) fn stay_signed_in(app: &App, info: &RequestInfo, conversation: &Conversation) -> Response<Body> {
    let page = StaySignedInPage {
        application: conversation.request.application.clone(),
        account: conversation.account().to_owned(),
        form_action: path::STAY.into(),
        switch_action: path::SWITCH.into(),
        flow: conversation.seal(app),
    };
    framed(app, info, conversation, |chrome| page.render(chrome))
}

/// It does not work, and the application is not told.
pub(crate) fn error(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    failure: &Failure,
) -> Response<Body> {
    let request = &conversation.request;
    show::error(
        app,
        info,
        failure,
        Context {
            languages: request.languages.clone(),
            application: Some(request.application.clone()),
            client_id: request.client.to_string(),
            account: conversation.account.clone(),
            start_again: request.start_again.clone(),
        },
    )
}

/// An account as the picker shows it.
pub(crate) fn choice(account: &Available) -> AccountChoice {
    let user = account.signed_in.at_home();
    AccountChoice {
        id: format!("{}.{}", account.session.tenant, account.session.id),
        upn: user.upn.to_string(),
        display_name: user.display_name.clone(),
        organisation: account.organisation.clone(),
        signed_in: true,
    }
}

fn framed(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    render: impl FnOnce(&Chrome) -> show::Html,
) -> Response<Body> {
    let request = &conversation.request;
    let chrome = show::chrome(app, info, &request.languages, request.organisation.as_deref());
    let csp = Csp::page_ending_at(&chrome.nonce, &request.ends_at);
    show::page(StatusCode::OK, render(&chrome), &chrome, &csp, info)
}
