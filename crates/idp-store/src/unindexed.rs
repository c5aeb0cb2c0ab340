//! Objects of stores that were made before there was an index: their keys are made when the store is opened, in the
//! program, because no database folds text as it does.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use idp_domain::changes::Conflict;
use idp_domain::directory::{DirectoryObject, ObjectKind};
use idp_domain::store::{CommitError, Directory as _, Unavailable};
use uuid::Uuid;
use vestibule_wire::ids::TenantId;

use crate::engine::{Columns, Damaged};
use crate::step::{Step, values};
use crate::texts::texts;
use crate::{OpenError, SqlStore, names, object_keys};

texts! {
    NEXT = "SELECT tenant_id, kind, id FROM unindexed ORDER BY tenant_id, kind, id LIMIT 200";
    DONE = "DELETE FROM unindexed WHERE tenant_id = $1 AND kind = $2 AND id = $3";
}

/// Where this may wait for the database by standing still.
pub(crate) fn index_now(store: SqlStore) -> Result<SqlStore, OpenError> {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    // Without a budget: nobody else's turn comes while this thread stands still.
    let mut work = pin!(tokio::task::unconstrained(index(store)));
    loop {
        match work.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(store) => return store,
            Poll::Pending => std::thread::park(),
        }
    }
}

/// Makes the keys of all objects that have none yet.
pub(crate) async fn index(store: SqlStore) -> Result<SqlStore, OpenError> {
    loop {
        let next = store.engine.all(NEXT, &[], object).await.map_err(cannot_open)?;
        if next.is_empty() {
            return Ok(store);
        }
        let mut steps = Vec::new();
        for (tenant, kind, id) in next {
            // Another server that starts may have been here first, and somebody may have changed the object since.
            let params = values![tenant, kind.number(), id];
            steps.push(Step::one(DONE, Conflict::NotThere, params));
            let object = store.object(tenant, id).await.map_err(cannot_open)?;
            steps.extend(object.filter(|object| object.kind() == kind).iter().flat_map(keys));
        }
        match store.engine.commit(steps).await {
            Ok(()) | Err(CommitError::Conflict(_)) => {}
            Err(CommitError::Unavailable(unavailable)) => return Err(cannot_open(unavailable)),
        }
    }
}

fn object(row: &mut Columns<'_>) -> Result<(TenantId, ObjectKind, Uuid), Damaged> {
    Ok((row.id(TenantId::from_bytes)?, row.kind()?, row.id(|bytes| Uuid::from_slice(bytes).ok())?))
}

fn keys(object: &DirectoryObject) -> Vec<Step> {
    match object {
        DirectoryObject::User(user) => object_keys::of_user(user).collect(),
        DirectoryObject::Group(group) => object_keys::of_group(group).collect(),
        DirectoryObject::Application(application) => {
            // Of two that have one URI, the first keeps it: nothing told them apart before.
            let uris = names::take_uris(application).map(|step| Step::any(step.sql, step.params));
            uris.chain(object_keys::of_application(application)).collect()
        }
        DirectoryObject::ServicePrincipal(registration) => object_keys::of_principal(registration).collect(),
    }
}

fn cannot_open(unavailable: Unavailable) -> OpenError {
    OpenError::Database(unavailable.0)
}
