//! The pages about consent: the question for those who may answer it, the way to an administrator for the others.

use axum::body::Body;
use http::Response;
use idp_domain::applications::Application;
use idp_domain::consent::{Beneficiary, Matter, Wanted, WantedPermission};
use idp_web::pages::{
    AdminApprovalPage, ConsentPage, ErrorDetails, HttpAddress, Locale, OnBehalf, PermissionView,
    PublisherView, Reach, permission_sentence_reaching,
};
use idp_web::request::RequestInfo;
use idp_web::state::App;
use vestibule_wire::aadsts::Aadsts;
use vestibule_wire::ids::ClientId;
use vestibule_wire::scope::OidcScopes;

use crate::conversation::Conversation;
use crate::onward::Asked;
use crate::path;

/// Is it allowed? Writes down in the conversation what was asked, so that the answer is to that.
pub(crate) fn consent(
    app: &App,
    info: &RequestInfo,
    conversation: &mut Conversation,
    asked: &Asked,
) -> Response<Body> {
    conversation.question = Some(asked.question.digest());
    let conversation = &*conversation;
    if asked.may_answer {
        super::framed(app, info, conversation, |chrome| {
            question(app, conversation, asked, chrome.locale).render(chrome)
        })
    } else {
        super::framed(app, info, conversation, |chrome| {
            administrator(app, info, conversation, asked, chrome.locale).render(chrome)
        })
    }
}

fn question(app: &App, conversation: &Conversation, asked: &Asked, locale: Locale) -> ConsentPage {
    let Asked { matter, question, .. } = asked;
    let client = matter.party(matter.client).map(|party| &*party.application);
    let link = |of: fn(&Application) -> &Option<String>| {
        client.and_then(|client| of(client).as_deref()).and_then(HttpAddress::parse)
    };
    ConsentPage {
        application: conversation.request.application.clone(),
        publisher: publisher(client),
        from_elsewhere: client.is_some_and(|client| client.tenant != matter.tenant.id),
        organisation: matter.tenant.display_name.clone(),
        account: conversation.account().to_owned(),
        permissions: permissions(matter, &question.wanted, reach(question.beneficiary), locale),
        on_behalf: match question.beneficiary {
            Beneficiary::Person => OnBehalf::No,
            Beneficiary::PersonOrEverybody => OnBehalf::Offered,
            Beneficiary::Everybody => OnBehalf::Always,
        },
        terms_of_service: link(|client| &client.info.terms_of_service_url),
        privacy_statement: link(|client| &client.info.privacy_statement_url),
        form_action: path::CONSENT.into(),
        switch_action: path::SWITCH.into(),
        flow: conversation.seal(app),
    }
}

fn administrator(
    app: &App,
    info: &RequestInfo,
    conversation: &Conversation,
    asked: &Asked,
    locale: Locale,
) -> AdminApprovalPage {
    let Asked { matter, question, .. } = asked;
    let failure = Aadsts::AdminConsentRequired.bare();
    // What a user could not allow alone. Where their tenant lets them allow nothing, that is all of it.
    let only: Vec<_> =
        question.wanted.iter().filter(|wanted| wanted.permission.is_for_administrators()).cloned().collect();
    let shown = if only.is_empty() { &question.wanted } else { &only };
    AdminApprovalPage {
        application: conversation.request.application.clone(),
        publisher: publisher(matter.party(matter.client).map(|party| &*party.application)),
        organisation: matter.tenant.display_name.clone(),
        account: conversation.account().to_owned(),
        permissions: permissions(matter, shown, reach(question.beneficiary), locale),
        approval_link: approval_link(app, matter),
        form_action: path::CONSENT.into(),
        switch_action: path::SWITCH.into(),
        flow: conversation.seal(app),
        details: ErrorDetails {
            code: failure.row().label(),
            message: failure.message(),
            client_id: conversation.request.client.to_string(),
            correlation_id: info.reference.correlation_id.to_string(),
            trace_id: info.reference.trace_id.to_string(),
            time: info.reference.timestamp(),
        },
    }
}

/// Where an administrator allows everything that the registration lists.
fn approval_link(app: &App, matter: &Matter) -> Option<HttpAddress> {
    let link =
        format!("{}/{}/adminconsent?client_id={}", app.origin.as_str(), matter.tenant.id, matter.client);
    HttpAddress::parse(&link)
}

pub(super) fn publisher(client: Option<&Application>) -> PublisherView {
    let verified = client.and_then(|client| client.verified_publisher.display_name.clone());
    match verified {
        Some(name) => PublisherView::Verified(name),
        None => PublisherView::Unverified(client.and_then(|client| client.publisher_domain.clone())),
    }
}

const fn reach(beneficiary: Beneficiary) -> Reach {
    match beneficiary {
        Beneficiary::Person | Beneficiary::PersonOrEverybody => Reach::You,
        Beneficiary::Everybody => Reach::Everyone,
    }
}

fn permissions(matter: &Matter, wanted: &[Wanted], reach: Reach, locale: Locale) -> Vec<PermissionView> {
    wanted.iter().map(|wanted| permission(matter, wanted, reach, locale)).collect()
}

/// Permissions of Microsoft Graph are told in our words, those of others in their own: whoever registers a resource may
/// call a permission what they like.
fn permission(matter: &Matter, wanted: &Wanted, reach: Reach, locale: Locale) -> PermissionView {
    let of_graph = wanted.resource == ClientId::MICROSOFT_GRAPH;
    let value = wanted.permission.value();
    let unattended = matches!(wanted.permission, WantedPermission::Application(_));
    let reach = if unattended { Reach::Unattended } else { reach };
    let ours = || permission_sentence_reaching(reach, locale, value).filter(|_| of_graph);
    let (title, description) = titles(&wanted.permission, reach);
    let belongs_to_signing_in = of_graph && OidcScopes::is_word(value);
    let resource = matter.party(wanted.resource).filter(|_| !belongs_to_signing_in);
    PermissionView {
        sentence: ours().or(title).unwrap_or_default(),
        description: description.filter(|_| !of_graph).unwrap_or_default(),
        technical_name: value.to_owned(),
        resource_name: resource.map(|party| party.application.display_name.clone()).unwrap_or_default(),
        unattended,
        new: !wanted.granted,
    }
}

/// What the resource says of a permission to those who decide: users about themselves, administrators about everybody.
fn titles(permission: &WantedPermission, reach: Reach) -> (Option<String>, Option<String>) {
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    match permission {
        WantedPermission::Delegated(scope) => {
            let users = (text(&scope.user_consent_display_name), text(&scope.user_consent_description));
            let administrators =
                (text(&scope.admin_consent_display_name), text(&scope.admin_consent_description));
            let (first, second) =
                if reach == Reach::You { (users, administrators) } else { (administrators, users) };
            if first.0.is_some() { first } else { second }
        }
        WantedPermission::Application(role) => {
            (Some(role.display_name.clone()), Some(role.description.clone()))
        }
    }
}
