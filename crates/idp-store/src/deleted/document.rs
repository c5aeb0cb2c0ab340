//! How a deleted object is written: whole, so that it comes back as it was.

use std::sync::Arc;

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::credentials::PasswordHash;
use idp_domain::directory::{DirectoryObject, External, Group, Profile, Upn, User, UserType};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, ServicePrincipalId, TenantId, UserId};

/// How a deleted object is written.
#[derive(Serialize, Deserialize)]
pub(super) enum Document {
    User(Box<DeletedUser>),
    Group(Group),
    Application {
        document: Box<Application>,
        revision: i64,
    },
    /// With its application, because that may be deleted too.
    ServicePrincipal {
        principal: Box<DeletedPrincipal>,
        application: Box<Application>,
        application_revision: i64,
    },
}

/// All of a user, the hash of the password too.
#[derive(Serialize, Deserialize)]
pub(super) struct DeletedUser {
    tenant: TenantId,
    id: UserId,
    upn: String,
    display_name: String,
    given_name: Option<String>,
    surname: Option<String>,
    mail: Option<String>,
    enabled: bool,
    user_type: UserType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    external: Option<String>,
    directory_roles: Vec<Uuid>,
    password: Option<String>,
    must_change_password: bool,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    valid_from: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    created_at: Timestamp,
    profile: Profile,
    revision: i64,
}

/// All of a service principal.
#[derive(Serialize, Deserialize)]
pub(super) struct DeletedPrincipal {
    tenant: TenantId,
    id: ServicePrincipalId,
    client_id: ClientId,
    enabled: bool,
    assignment_required: bool,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    created_at: Timestamp,
    profile: Profile,
    revision: i64,
}

impl Document {
    pub(super) fn of(object: &DirectoryObject) -> Self {
        match object {
            DirectoryObject::User(user) => Self::User(Box::new(DeletedUser::of(user.clone()))),
            DirectoryObject::Group(group) => Self::Group(group.clone()),
            DirectoryObject::Application(application) => Self::Application {
                document: Box::new((**application).clone()),
                revision: application.revision,
            },
            DirectoryObject::ServicePrincipal(registration) => Self::ServicePrincipal {
                principal: Box::new(DeletedPrincipal::of(registration.principal.clone())),
                application: Box::new((*registration.application).clone()),
                application_revision: registration.application.revision,
            },
        }
    }

    /// None if the name of a user cannot be read.
    pub(super) fn object(self) -> Option<DirectoryObject> {
        let whole = |application: Application, revision| Arc::new(Application { revision, ..application });
        Some(match self {
            Self::User(user) => DirectoryObject::User(user.user()?),
            Self::Group(group) => DirectoryObject::Group(group),
            Self::Application { document, revision } => {
                DirectoryObject::Application(whole(*document, revision))
            }
            Self::ServicePrincipal { principal, application, application_revision } => {
                let application = whole(*application, application_revision);
                DirectoryObject::ServicePrincipal(Registration {
                    principal: principal.principal(),
                    application,
                })
            }
        })
    }
}

impl DeletedUser {
    fn of(user: User) -> Self {
        Self {
            tenant: user.tenant,
            id: user.id,
            upn: user.upn.as_str().to_owned(),
            display_name: user.display_name,
            given_name: user.given_name,
            surname: user.surname,
            mail: user.mail,
            enabled: user.enabled,
            user_type: user.user_type,
            external: user.external.map(|external| external.key()),
            directory_roles: user.directory_roles,
            password: user.password.map(|hash| hash.as_phc().to_owned()),
            must_change_password: user.must_change_password,
            valid_from: user.valid_from,
            created_at: user.created_at,
            profile: user.profile,
            revision: user.revision,
        }
    }

    fn user(self) -> Option<User> {
        Some(User {
            tenant: self.tenant,
            id: self.id,
            upn: Upn::parse(&self.upn).ok()?,
            display_name: self.display_name,
            given_name: self.given_name,
            surname: self.surname,
            mail: self.mail,
            enabled: self.enabled,
            user_type: self.user_type,
            external: match self.external {
                Some(key) => Some(External::from_key(&key)?),
                None => None,
            },
            directory_roles: self.directory_roles,
            password: self.password.map(PasswordHash::from_phc),
            must_change_password: self.must_change_password,
            valid_from: self.valid_from,
            created_at: self.created_at,
            profile: self.profile,
            revision: self.revision,
        })
    }
}

impl DeletedPrincipal {
    fn of(principal: ServicePrincipal) -> Self {
        let ServicePrincipal {
            tenant,
            id,
            client_id,
            enabled,
            assignment_required,
            created_at,
            profile,
            revision,
        } = principal;
        Self { tenant, id, client_id, enabled, assignment_required, created_at, profile, revision }
    }

    fn principal(self) -> ServicePrincipal {
        let Self { tenant, id, client_id, enabled, assignment_required, created_at, profile, revision } =
            self;
        ServicePrincipal {
            tenant,
            id,
            client_id,
            enabled,
            assignment_required,
            created_at,
            profile,
            revision,
        }
    }
}
