//! The places of the queue: so many in all, and so many for one organisation, whose applications may be slow to listen
//! without others being told late.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use vestibule_wire::ids::TenantId;

/// How many may wait to be told, those who are being told included.
pub(super) const PLACES: u32 = 1024;
/// How many of them the applications of one organisation may be.
pub(super) const OF_ONE: usize = 256;
/// How many of one organisation are told at a time: a quarter of all.
const TURNS_OF_ONE: usize = super::AT_ONCE / 4;

/// What is taken, and what is left.
pub(super) struct Places {
    all: Arc<Semaphore>,
    organisations: Mutex<HashMap<TenantId, Weak<Organisation>>>,
}

/// What the applications of one organisation may take.
struct Organisation {
    places: Arc<Semaphore>,
    turns: Semaphore,
}

/// A place, until it is dropped.
pub(super) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_organisation: OwnedSemaphorePermit,
    organisation: Arc<Organisation>,
}

impl Default for Places {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(PLACES as usize)), organisations: Mutex::default() }
    }
}

impl Places {
    /// A place for an application of this organisation, if there is one.
    pub(super) fn take(&self, home: TenantId) -> Option<Place> {
        let organisation = self.organisation(home);
        let of_organisation = Arc::clone(&organisation.places).try_acquire_owned().ok()?;
        let of_all = Arc::clone(&self.all).try_acquire_owned().ok()?;
        Some(Place { _of_all: of_all, _of_organisation: of_organisation, organisation })
    }

    /// Waits until no place is taken.
    pub(super) async fn empty(&self) {
        let _ = self.all.acquire_many(PLACES).await;
    }

    /// It is remembered while it has something in the queue.
    fn organisation(&self, home: TenantId) -> Arc<Organisation> {
        let mut known = self.organisations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(organisation) = known.get(&home).and_then(Weak::upgrade) {
            return organisation;
        }
        known.retain(|_, organisation| organisation.strong_count() > 0);
        let organisation = Arc::new(Organisation {
            places: Arc::new(Semaphore::new(OF_ONE)),
            turns: Semaphore::new(TURNS_OF_ONE),
        });
        known.insert(home, Arc::downgrade(&organisation));
        organisation
    }
}

impl Place {
    /// Waits until it is the organisation's turn. None only if nobody gives turns any more.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.organisation.turns.acquire().await.ok()
    }
}
