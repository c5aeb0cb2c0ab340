//! What tokens tell of a person: what each form tells by itself, and what an application asks for beyond (§3.9).

use std::borrow::Cow;

use serde_json::Value;
use vestibule_wire::claims::{IDTYP_USER, Person, optional};
use vestibule_wire::graph::OptionalClaim;

use super::{Answer, Audience, TokenForm};
use crate::directory::{EXTERNAL_AZURE_AD, User, UserType};
use crate::tokens::granted::UserGrant;
use crate::tokens::{LoginHint, is_verified_mail};

/// A person, and whom they are told to.
pub(super) struct Told<'a> {
    pub(super) answer: &'a Answer<'a>,
    pub(super) user: &'a UserGrant,
    pub(super) audience: &'a Audience<'a>,
}

impl<'a> Told<'a> {
    /// What v1.0 tokens tell, and what the application asks for.
    pub(super) fn usual_in_v1(&self) -> Person<'a> {
        let account = self.account();
        let asked = self.asked(true);
        Person {
            // By default if the person is a guest; of others it must be asked for.
            email: asked.email.or_else(|| if self.is_guest() { self.email() } else { None }),
            family_name: some(account.surname.as_ref()),
            given_name: some(account.given_name.as_ref()),
            idp: self.idp(),
            ipaddr: self.user.signed_in.facts().address,
            name: Some(&account.display_name),
            unique_name: Some(self.unique_name()),
            upn: asked.upn.clone().or_else(|| (!self.is_guest()).then(|| account.upn.as_str().into())),
            ..asked
        }
    }

    /// What v2.0 tokens tell, and what the application asks for.
    pub(super) fn usual_in_v2(&self) -> Person<'a> {
        let account = self.account();
        let profile = self.user.scopes.oidc().profile;
        Person {
            idp: self.idp(),
            name: profile.then_some(&account.display_name),
            preferred_username: profile.then(|| self.preferred_username()),
            ..self.asked(profile)
        }
    }

    /// The optional claims. Names that are not in this list are not told, whatever a manifest says: no application can ask
    /// for a claim that means something else (§3.10). `profile`: the scope was granted, or the form does not ask for it.
    fn asked(&self, profile: bool) -> Person<'a> {
        let mut person = Person::default();
        for claim in self.audience.asked {
            self.add(&mut person, claim, profile);
        }
        person
    }

    fn add(&self, person: &mut Person<'a>, claim: &'a OptionalClaim, profile: bool) {
        let account = self.account();
        match &*claim.name {
            optional::ACCT => person.acct = Some(u8::from(self.is_guest())),
            optional::AUTH_TIME => person.auth_time = Some(self.auth_time()),
            optional::CTRY => person.ctry = account.profile.text("country").filter(|text| is_country(text)),
            optional::EMAIL => person.email = self.email(),
            optional::FAMILY_NAME if profile => person.family_name = some(account.surname.as_ref()),
            optional::GIVEN_NAME if profile => person.given_name = some(account.given_name.as_ref()),
            optional::IPADDR => person.ipaddr = self.user.signed_in.facts().address,
            optional::LOGIN_HINT => person.login_hint = Some(self.login_hint()),
            optional::PREFERRED_USERNAME if profile => {
                person.preferred_username = Some(self.preferred_username());
            }
            optional::SID => person.sid = Some(self.user.signed_in.session()),
            optional::UPN if profile => person.upn = self.upn(claim),
            optional::VERIFIED_PRIMARY_EMAIL => {
                person.verified_primary_email = self.mail().filter(|_| self.mail_is_verified()).map(|m| [m]);
            }
            optional::XMS_EDOV => person.xms_edov = self.mail().map(|_| self.mail_is_verified()),
            optional::XMS_PL => {
                person.xms_pl = account.profile.text("preferredLanguage").map(str::to_ascii_lowercase);
            }
            name if claim.source.as_deref() == Some(optional::SOURCE_USER) => {
                person.extensions.extend(extension(account, name));
            }
            _ => {}
        }
    }

    pub(super) fn account(&self) -> &'a User {
        self.user.signed_in.user()
    }

    pub(super) fn is_guest(&self) -> bool {
        self.account().user_type == UserType::Guest
    }

    pub(super) fn auth_time(&self) -> i64 {
        self.user.signed_in.facts().authenticated_at().as_second()
    }

    pub(super) fn login_hint(&self) -> String {
        // A sign-in is named by where it was done.
        let User { tenant, id: user, .. } = *self.user.signed_in.at_home();
        let hint = LoginHint { tenant, user, client: self.answer.client().client_id() };
        hint.seal(self.answer.mint.sealer, self.answer.now, self.answer.mint.random)
    }

    /// `idtyp` of a user's token: only where the resource wants it of users too.
    pub(super) fn idtyp(&self) -> Option<&'static str> {
        self.audience.asks_with(optional::IDTYP, optional::INCLUDE_USER_TOKEN).then_some(IDTYP_USER)
    }

    /// `xms_cc`: what the client said it can do, where the resource asks for it.
    pub(super) fn capabilities(&self) -> &'a [String] {
        if self.audience.asks(optional::XMS_CC) { &self.user.capabilities } else { &[] }
    }

    /// The mail address, if it may be told: a domain that the tenant has not proved to own could be anybody's, and
    /// applications take mail addresses for names (CN-11). An application that knows better can ask for it nevertheless.
    pub(super) fn email(&self) -> Option<&'a str> {
        self.mail().filter(|_| self.mail_is_verified() || self.audience.application.takes_unverified_mail())
    }

    fn mail(&self) -> Option<&'a str> {
        some(self.account().mail.as_ref())
    }

    fn mail_is_verified(&self) -> bool {
        let domains = std::iter::once(&self.answer.tenant.default_domain).chain(&self.user.domains);
        self.mail().is_some_and(|mail| {
            is_verified_mail(mail, domains) || self.user.signed_in.account().is_name_at_home(mail)
        })
    }

    /// Who vouches for a guest: the issuer of their own tenant, or whom the directory names (`identities`). For members the
    /// issuer of the token does.
    fn idp(&self) -> Option<Cow<'a, str>> {
        if let Some(home) = self.user.signed_in.account().home() {
            return Some(TokenForm::V1.issuer(self.answer.mint.origin, home.tenant.id).into());
        }
        let identities = self.account().profile.members().get("identities")?.as_array()?;
        let federated =
            |identity: &&Value| identity.get("signInType").is_some_and(|kind| kind == "federated");
        let issuer = identities.iter().find(federated)?.get("issuer")?.as_str()?;
        // "ExternalAzureAD" says what kind of directory it is, and not which.
        let says_which = self.is_guest() && !issuer.is_empty() && issuer != EXTERNAL_AZURE_AD;
        says_which.then(|| issuer.into())
    }

    /// What the person is called, by which no two are told apart: for a guest the name at home.
    fn preferred_username(&self) -> &'a str {
        self.user.signed_in.at_home().upn.as_str()
    }

    /// Of a guest the name at home, behind who vouches for it when that is not a directory.
    fn unique_name(&self) -> Cow<'a, str> {
        if let Some(home) = self.user.signed_in.account().home() {
            return home.user.upn.as_str().into();
        }
        let upn = self.account().upn.as_str();
        let at_home = self.account().upn.at_home().filter(|_| self.is_guest());
        match (at_home, self.idp()) {
            (Some(name), Some(idp)) if !idp.contains("://") => format!("{idp}#{name}").into(),
            (Some(name), _) => name.into(),
            (None, _) => upn.into(),
        }
    }

    /// The optional claim `upn`. A guest's is not told unless the application says in which spelling it wants it.
    fn upn(&self, claim: &OptionalClaim) -> Option<Cow<'a, str>> {
        let upn = self.account().upn.as_str();
        let wants = |word: &str| claim.additional_properties.iter().any(|property| property == word);
        if !self.is_guest() {
            Some(upn.into())
        } else if wants(optional::EXTERNAL_UPN) {
            Some(upn.replace("#ext#", "#EXT#").into())
        } else if wants(optional::EXTERNAL_UPN_WITHOUT_HASH) {
            Some(upn.replace("#ext#", "_EXT_").into())
        } else {
            None
        }
    }
}

/// A directory extension and the claim it is told as. The prefix keeps it apart from all other claims.
fn extension<'a>(account: &'a User, name: &str) -> Option<(String, &'a Value)> {
    let value = account.profile.members().get(name).filter(|value| !value.is_null())?;
    Some((optional::extension(name)?, value))
}

/// Two letters (ISO 3166-1); a country's name is no value of `ctry`.
fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())
}

fn some(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}
