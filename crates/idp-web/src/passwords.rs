//! Where slow hashing runs: a few threads of its own and a bounded queue, so that a storm of sign-ins slows neither
//! token requests nor itself to death (LG-23, TP-11). Beyond the queue the answer is "try again", at once.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};

use idp_domain::credentials::PasswordHash;
use idp_domain::secret::Secret;
use tokio::sync::oneshot;

/// About two seconds of work a thread: a hash takes some 18 ms.
const QUEUE_PER_THREAD: usize = 100;

type Job = Box<dyn FnOnce() + Send>;

/// The pool.
#[derive(Debug, Clone)]
pub struct PasswordPool {
    jobs: SyncSender<Job>,
}

/// The queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy;

impl PasswordPool {
    /// Starts the threads. Each needs 19 MiB while it hashes and nothing while it waits.
    pub fn start(threads: NonZeroUsize) -> std::io::Result<Self> {
        let (jobs, queue) = sync_channel::<Job>(threads.get() * QUEUE_PER_THREAD);
        let queue = Arc::new(Mutex::new(queue));
        for number in 0..threads.get() {
            let queue = Arc::clone(&queue);
            std::thread::Builder::new().name(format!("password-{number}")).spawn(move || work(&queue))?;
        }
        Ok(Self { jobs })
    }

    /// Checks a password. `None` takes as long as a user's (LG-01).
    pub async fn verify(&self, hash: Option<PasswordHash>, password: Secret) -> Result<bool, Busy> {
        self.run(move || hash.unwrap_or_else(PasswordHash::of_nobody).verify(&password)).await
    }

    /// Runs anything else that hashes.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let (answer, answered) = oneshot::channel();
        let waiting = metrics::gauge!("vestibule_passwords_waiting");
        let place = waiting.clone();
        let job: Job = Box::new(move || {
            place.decrement(1.0);
            // Whoever asked may have gone away; then nobody is told.
            if !answer.is_closed() {
                let _ = answer.send(job());
            }
        });
        waiting.increment(1.0);
        match self.jobs.try_send(job) {
            Ok(()) => answered.await.map_err(|_| Busy),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                waiting.decrement(1.0);
                metrics::counter!("vestibule_passwords_refused_total").increment(1);
                Err(Busy)
            }
        }
    }
}

fn work(queue: &Mutex<Receiver<Job>>) {
    loop {
        // The lock is held while waiting, not while working: one thread waits on the channel, the others on the lock.
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}
