//! Resource owner password credentials (RFC 6749 §4.3): a program that was given the password itself.
//!
//! Nobody is asked anything, so everything a page would ask for must be settled already: consent, another password. The
//! password is checked where the page checks it, against the same counter (RO-03), and only who knew it hears more than
//! that it was wrong (RO-05).

use http::HeaderMap;
use idp_domain::applications::{Client, Platform};
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::directory::{Account, Upn, User, UserType};
use idp_domain::secret::Secret;
use idp_domain::sessions::{Facts, SignedIn};
use idp_domain::tenant::{Alias, Directory, Tenant};
use idp_domain::tokens::{FamilyId, RefreshGrant};
use idp_signin::{Verdict, check_password};
use idp_web::cookies::Cookies;
use idp_web::state::App;
use vestibule_wire::form::Form;
use vestibule_wire::ids::{SessionId, TenantId};
use vestibule_wire::oauth::param;

use super::super::{Exchange, PersonRefusal, Refusal, Right, TokenError};
use super::{platform_of, started};
use crate::delegation::Asked;
use crate::dialect::Dialect;

/// A longer password is nobody's (RO-06).
const MAX_PASSWORD: usize = 256;

/// What the request says.
pub(in super::super) struct PasswordGrant {
    username: String,
    password: Secret,
    wanted: String,
}

impl PasswordGrant {
    pub(in super::super) fn parse(
        form: &Form,
        dialect: Dialect,
        wanted: Option<String>,
    ) -> Result<Self, TokenError> {
        let required = |name| form.get(name).ok_or(TokenError::Missing(name));
        let (username, password) = (required(param::USERNAME)?, required(param::PASSWORD)?);
        if password.len() > MAX_PASSWORD || username.len() > MAX_PASSWORD {
            return Err(PersonRefusal::PasswordWrong.into());
        }
        Ok(Self {
            username: username.trim().to_owned(),
            password: Secret::new(password),
            wanted: wanted.ok_or(TokenError::Missing(dialect.wish()))?,
        })
    }

    /// Not where personal accounts are, which have no such thing (RO-01).
    pub(in super::super) fn permits(directory: &Directory) -> Result<(), TokenError> {
        match directory {
            Directory::OfTheAccount(Alias::Common) => Err(TokenError::GrantTypeNotHere),
            Directory::One(Tenant { id: TenantId::CONSUMERS, .. }) => Err(TokenError::GrantTypeNotHere),
            Directory::One(_) | Directory::OfTheAccount(Alias::Organizations) => Ok(()),
        }
    }

    /// At `organizations` the account's name says which tenant. A name of no tenant here is as wrong as a password.
    pub(in super::super) async fn tenant(&self, app: &App) -> Result<TenantId, TokenError> {
        let upn = Upn::parse(&self.username).map_err(|_| PersonRefusal::PasswordWrong)?;
        let tenant = app.store.tenant_of_domain(upn.domain()).await?;
        tenant.map(|tenant| tenant.id).ok_or_else(|| PersonRefusal::PasswordWrong.into())
    }

    pub(in super::super) async fn decide(&self, exchange: &Exchange<'_>) -> Result<Right, Refusal> {
        let Exchange { app, info, client, .. } = exchange;
        // 1. The client may: one that is registered as public, or one that has proved who it is.
        let is_public = matches!(client, Client::Public(_));
        if is_public && !client.registration().application.is_fallback_public_client {
            return Err(TokenError::CredentialMissing.into());
        }
        let platform = platform_of(exchange)?;
        // 2. The password is right.
        let stranger = Cookies::read(&HeaderMap::new());
        let verdict = check_password(app, info, &stranger, &self.username, self.password.clone()).await;
        let user = match verdict? {
            Verdict::Right(user) => *user,
            Verdict::Wrong => return Err(PersonRefusal::PasswordWrong.into()),
            Verdict::Locked { .. } => return Err(PersonRefusal::Locked.into()),
        };
        // It was right, whatever comes of it: the failure that was counted is taken back.
        let forgotten = Change::ClearLockouts { tenant: user.tenant, user: user.id };
        match self.granted(exchange, platform, user).await {
            Ok(right) => Ok(Right { changes: right.changes.and(forgotten), ..right }),
            Err(error) => Err(Refusal { error, remember: Changes::one(forgotten) }),
        }
    }

    /// Only here, with the password right, is anything said about the account (LG-27, RO-04).
    async fn granted(
        &self,
        exchange: &Exchange<'_>,
        platform: Platform,
        user: User,
    ) -> Result<Right, TokenError> {
        let Exchange { app, info, tenant, .. } = exchange;
        // 3. The account is at home in this tenant and may go on.
        if user.tenant != tenant.id || user.user_type == UserType::Guest {
            return Err(PersonRefusal::not_in_tenant(exchange, &user).into());
        }
        let session = SessionId::from_random(app.random.bytes());
        let facts = Facts::password_in_program(user.proves_at(info.now()), info.address);
        let not_here = PersonRefusal::not_in_tenant(exchange, &user);
        let account = Account::at_home(user).ok_or(not_here)?;
        let signed_in = SignedIn::by_password(facts, session, account)?;
        // 4. What is asked was consented to: nobody can be asked.
        let id = FamilyId::random(&*app.random);
        let family = started(exchange, platform, id, &signed_in, &self.wanted);
        let granted = exchange.delegate(signed_in, Asked::anew(&self.wanted)?).await?;
        let signed_in = AuditEvent { user: Some(family.user), ..exchange.event(Activity::SignIn) };
        let refresh = RefreshGrant::of(&family);
        let changes = Changes::one(Change::StartFamily(Box::new(family))).and(Change::RecordAudit(signed_in));
        Ok(Right { granted: granted.renewable(refresh), changes, if_spent: None })
    }
}
