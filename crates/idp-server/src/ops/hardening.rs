//! What the process asks of the kernel for itself, before anything else.

/// Open files that a server with all its connections needs, and to spare.
#[cfg(unix)]
const OPEN_FILES: u64 = 65_536;

/// No core dumps, for they would hold keys; and as many open files as the connection cap needs, within what the
/// administrator allows. What the kernel refuses is logged and done without.
pub(crate) fn prepare_process() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
            tracing::warn!(%error, "core dumps could not be turned off");
        }
        let before = getrlimit(Resource::Nofile);
        let wanted = before.maximum.map_or(OPEN_FILES, |maximum| maximum.min(OPEN_FILES));
        if before.current.is_some_and(|current| current < wanted) {
            let raised = Rlimit { current: Some(wanted), maximum: before.maximum };
            if let Err(error) = setrlimit(Resource::Nofile, raised) {
                tracing::warn!(%error, "the limit of open files could not be raised");
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::process::{Resource, getrlimit};

    #[test]
    fn a_crash_leaves_no_keys_behind() {
        super::prepare_process();
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        let files = getrlimit(Resource::Nofile);
        assert!(files.current >= files.maximum.map(|maximum| maximum.min(super::OPEN_FILES)));
    }
}
