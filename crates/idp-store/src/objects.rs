//! The texts that list objects of each kind, and what their rows hold.

use std::sync::Arc;

use idp_domain::applications::{Application, Registration, ServicePrincipal};
use idp_domain::directory::{DirectoryObject, Group, ObjectKind, User};
use idp_domain::store::Unavailable;
use uuid::Uuid;
use vestibule_wire::ids::{ClientId, TenantId};

use crate::engine::{Columns, Damaged};
use crate::step::values;
use crate::texts::{columns, texts};
use crate::{SqlStore, applications, groups, principals, users};

/// The end of a query that begins with the keys, from the first to the last or from the last to the first.
macro_rules! run {
    (up) => {
        "k.tenant_id = $1 AND k.kind = $2 AND k.property = $3 AND (k.value, k.object_id) > ($4, $5) \
         AND k.value < $6 ORDER BY k.value, k.object_id LIMIT $7"
    };
    (down) => {
        "k.tenant_id = $1 AND k.kind = $2 AND k.property = $3 AND (k.value, k.object_id) < ($4, $5) \
         ORDER BY k.value DESC, k.object_id DESC LIMIT $6"
    };
}

/// Objects by their keys. `CROSS` settles for SQLite what others see by themselves: the keys come first.
macro_rules! found {
    (user $way:tt) => {
        concat!("SELECT k.value, k.object_id, ", columns!(user), " FROM object_keys k CROSS JOIN users u \
            WHERE u.tenant_id = k.tenant_id AND u.id = k.object_id AND ", run!($way))
    };
    (group $way:tt) => {
        concat!("SELECT k.value, k.object_id, ", columns!(group), " FROM object_keys k CROSS JOIN groups g \
            WHERE g.tenant_id = k.tenant_id AND g.id = k.object_id AND ", run!($way))
    };
    (application $way:tt) => {
        concat!("SELECT k.value, k.object_id, ", columns!(application), " FROM object_keys k \
            CROSS JOIN applications a WHERE a.tenant_id = k.tenant_id AND a.id = k.object_id AND ", run!($way))
    };
    (principal $way:tt) => {
        concat!("SELECT k.value, k.object_id, ", columns!(principal), ", ", columns!(application), " \
            FROM object_keys k CROSS JOIN service_principals p LEFT JOIN applications a ON a.client_id = p.client_id \
            WHERE p.tenant_id = k.tenant_id AND p.id = k.object_id AND ", run!($way))
    };
}

texts! {
    USERS = concat!("SELECT u.id, ", columns!(user), " FROM users u \
        WHERE u.tenant_id = $1 AND u.id > $2 ORDER BY u.id LIMIT $3");
    GROUPS = concat!("SELECT g.id, ", columns!(group), " FROM groups g \
        WHERE g.tenant_id = $1 AND g.id > $2 ORDER BY g.id LIMIT $3");
    APPLICATIONS = concat!("SELECT a.id, ", columns!(application), " FROM applications a \
        WHERE a.tenant_id = $1 AND a.id > $2 ORDER BY a.id LIMIT $3");
    PRINCIPALS = concat!("SELECT p.id, ", columns!(principal), ", ", columns!(application), " \
        FROM service_principals p LEFT JOIN applications a ON a.client_id = p.client_id \
        WHERE p.tenant_id = $1 AND p.id > $2 ORDER BY p.id LIMIT $3");
    USERS_UP = found!(user up);
    USERS_DOWN = found!(user down);
    GROUPS_UP = found!(group up);
    GROUPS_DOWN = found!(group down);
    APPLICATIONS_UP = found!(application up);
    APPLICATIONS_DOWN = found!(application down);
    PRINCIPALS_UP = found!(principal up);
    PRINCIPALS_DOWN = found!(principal down);

    USER_COUNT = "SELECT count(*) FROM users WHERE tenant_id = $1";
    GROUP_COUNT = "SELECT count(*) FROM groups WHERE tenant_id = $1";
    APPLICATION_COUNT = "SELECT count(*) FROM applications WHERE tenant_id = $1";
    PRINCIPAL_COUNT = "SELECT count(*) FROM service_principals p \
        LEFT JOIN applications a ON a.client_id = p.client_id \
        WHERE p.tenant_id = $1 AND (a.client_id IS NOT NULL OR p.client_id = $2)";
    KIND = "SELECT CAST(1 AS BIGINT) FROM users WHERE tenant_id = $1 AND id = $2 \
        UNION ALL SELECT CAST(2 AS BIGINT) FROM groups WHERE tenant_id = $1 AND id = $2 \
        UNION ALL SELECT CAST(3 AS BIGINT) FROM applications WHERE tenant_id = $1 AND id = $2 \
        UNION ALL SELECT CAST(4 AS BIGINT) FROM service_principals WHERE tenant_id = $1 AND id = $2";
}

/// What a row holds of an object.
pub(crate) enum Found {
    /// A key or a link that leads to nothing.
    Nothing,
    User(Box<User>),
    Group(Group),
    Application(Box<Application>),
    /// With its application, if that is in the store.
    Principal(Box<(ServicePrincipal, Option<Application>)>),
}

impl Found {
    pub(crate) fn user(row: &mut Columns<'_>) -> Result<Self, Damaged> {
        Ok(Self::User(Box::new(users::user(row)?)))
    }

    pub(crate) fn group(row: &mut Columns<'_>) -> Result<Self, Damaged> {
        Ok(Self::Group(groups::group(row)?))
    }

    fn application(row: &mut Columns<'_>) -> Result<Self, Damaged> {
        Ok(Self::Application(Box::new(applications::application(row)?)))
    }

    pub(crate) fn maybe_application(row: &mut Columns<'_>) -> Result<Self, Damaged> {
        let document: Option<Application> = row.maybe_json()?;
        let revision = row.maybe_int()?.unwrap_or_default();
        Ok(document.map_or(Self::Nothing, |document| {
            Self::Application(Box::new(Application { revision, ..document }))
        }))
    }

    pub(crate) fn principal(row: &mut Columns<'_>) -> Result<Self, Damaged> {
        Ok(Self::Principal(Box::new(principals::with_application(row)?)))
    }
}

/// The texts that list one kind of object, and how their rows are read.
pub(crate) struct Listing {
    pub(crate) by_id: &'static str,
    pub(crate) up: &'static str,
    pub(crate) down: &'static str,
    pub(crate) read: fn(&mut Columns<'_>) -> Result<Found, Damaged>,
}

pub(crate) const fn listing(kind: ObjectKind) -> Listing {
    match kind {
        ObjectKind::User => Listing { by_id: USERS, up: USERS_UP, down: USERS_DOWN, read: Found::user },
        ObjectKind::Group => Listing { by_id: GROUPS, up: GROUPS_UP, down: GROUPS_DOWN, read: Found::group },
        ObjectKind::Application => Listing {
            by_id: APPLICATIONS,
            up: APPLICATIONS_UP,
            down: APPLICATIONS_DOWN,
            read: Found::application,
        },
        ObjectKind::ServicePrincipal => {
            Listing { by_id: PRINCIPALS, up: PRINCIPALS_UP, down: PRINCIPALS_DOWN, read: Found::principal }
        }
    }
}

impl SqlStore {
    /// Which kind the object with this id is.
    pub(crate) async fn kind_of(
        &self,
        tenant: TenantId,
        id: Uuid,
    ) -> Result<Option<ObjectKind>, Unavailable> {
        self.engine.first(KIND, &[tenant.into(), id.into()], |row| row.kind()).await
    }

    pub(crate) async fn count_of(&self, tenant: TenantId, kind: ObjectKind) -> Result<i64, Unavailable> {
        let (sql, params) = match kind {
            ObjectKind::User => (USER_COUNT, values![tenant]),
            ObjectKind::Group => (GROUP_COUNT, values![tenant]),
            ObjectKind::Application => (APPLICATION_COUNT, values![tenant]),
            ObjectKind::ServicePrincipal => (PRINCIPAL_COUNT, values![tenant, ClientId::MICROSOFT_GRAPH]),
        };
        Ok(self.engine.first(sql, &params, |row| row.int()).await?.unwrap_or_default())
    }

    /// A service principal is nothing without its application.
    pub(crate) fn whole(&self, found: Found) -> Option<DirectoryObject> {
        Some(match found {
            Found::Nothing => return None,
            Found::User(user) => DirectoryObject::User(*user),
            Found::Group(group) => DirectoryObject::Group(group),
            Found::Application(application) => DirectoryObject::Application(Arc::from(application)),
            Found::Principal(both) => {
                let (principal, application) = *both;
                let application = match application {
                    Some(application) => Arc::new(application),
                    None if principal.client_id == ClientId::MICROSOFT_GRAPH => {
                        self.documents.microsoft_graph()
                    }
                    None => return None,
                };
                DirectoryObject::ServicePrincipal(Registration { principal, application })
            }
        })
    }
}
