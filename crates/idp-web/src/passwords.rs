//! Where slow hashing runs: a few threads of its own and a bounded queue, so that a storm of sign-ins slows neither
//! token requests nor itself to death (LG-23, TP-11). Beyond the queue the answer is "try again", at once.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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
    waiting: Arc<AtomicUsize>,
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
        Ok(Self { jobs, waiting: Arc::default() })
    }

    /// Checks a password. `None` takes as long as a user's (LG-01).
    pub async fn verify(&self, hash: Option<PasswordHash>, password: Secret) -> Result<bool, Busy> {
        self.run(move || hash.unwrap_or_else(PasswordHash::of_nobody).verify(&password)).await
    }

    /// Runs anything else that hashes.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let (answer, answered) = oneshot::channel();
        let waiting = Arc::clone(&self.waiting);
        let job: Job = Box::new(move || {
            waiting.fetch_sub(1, Ordering::Relaxed);
            // Whoever asked may have gone away; then nobody is told.
            if !answer.is_closed() {
                let _ = answer.send(job());
            }
        });
        self.waiting.fetch_add(1, Ordering::Relaxed);
        match self.jobs.try_send(job) {
            Ok(()) => answered.await.map_err(|_| Busy),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                metrics::counter!("vestibule_password_refused_total").increment(1);
                Err(Busy)
            }
        }
    }

    /// How many wait or run, for the metrics.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
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
