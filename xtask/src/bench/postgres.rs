//! A PostgreSQL of our own, for as long as one part takes: durable as in production, on a free port of the loopback
//! address.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{debian, shell};

const START_LIMIT: Duration = Duration::from_secs(20);
const STOP_PATIENCE: Duration = Duration::from_secs(10);
/// Who PostgreSQL runs as when we are root, which it refuses to be.
const ACCOUNT: &str = "postgres";

pub(super) struct Database {
    child: Child,
    port: u16,
}

impl Database {
    /// Makes a database cluster in `folder` and serves it.
    pub(super) fn start(folder: &Path) -> Result<Self> {
        debian::ensure(&[debian::POSTGRESQL])?;
        fs::create_dir_all(folder)?;
        let account = account()?;
        if let Some((user, group)) = account {
            chown(folder, Some(user), Some(group))
                .context("cannot give the folder to PostgreSQL's account")?;
            open_the_way_to(folder)?;
        }
        let cluster = folder.join("cluster");
        let mut initdb = program("initdb", account)?;
        initdb.args(["--auth=trust", "--username=vestibule", "--encoding=UTF8", "--pgdata"]).arg(&cluster);
        shell::read(&mut initdb)?;

        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let log = File::create(folder.join("log"))?;
        let mut postgres = program("postgres", account)?;
        postgres.arg("-D").arg(&cluster).args(["-p", &port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", "synchronous_commit=on"] {
            postgres.args(["-c", setting]);
        }
        postgres.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let mut database = Self { child: postgres.spawn().context("cannot start postgres")?, port };
        database.wait_until_it_answers()?;
        Ok(database)
    }

    fn wait_until_it_answers(&mut self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < START_LIMIT {
            if let Some(status) = self.child.try_wait()? {
                bail!("postgres ended before it answered: {status}");
            }
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("postgres did not answer within {START_LIMIT:?}")
    }

    pub(super) fn url(&self) -> String {
        format!("postgresql://vestibule@127.0.0.1:{}/postgres", self.port)
    }

    pub(super) fn stop(mut self) -> Result<()> {
        self.end().context("cannot stop postgres")
    }

    /// An interrupt is PostgreSQL's "fast shutdown"; asked to terminate, it would wait for its clients.
    fn end(&mut self) -> Result<()> {
        let id = self.child.id().to_string();
        let asked = Command::new("sh").args(["-c", "kill -INT \"$0\"", &id]).status();
        if asked.is_ok_and(|status| status.success())
            && shell::wait(&mut self.child, STOP_PATIENCE)?.is_some()
        {
            return Ok(());
        }
        shell::stop(&mut self.child, STOP_PATIENCE)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            let _ = self.end();
        }
    }
}

/// The numbers of PostgreSQL's account and group, when we have to become it.
fn account() -> Result<Option<(u32, u32)>> {
    let number = |arguments: &[&str]| -> Result<u32> {
        let text = shell::read(Command::new("id").args(arguments))?;
        text.trim().parse().context("`id` printed something else")
    };
    if number(&["-u"])? != 0 {
        return Ok(None);
    }
    Ok(Some((number(&["-u", ACCOUNT])?, number(&["-g", ACCOUNT])?)))
}

/// Folders of our own that another account has to pass through.
fn open_the_way_to(folder: &Path) -> Result<()> {
    let ours = folder.parent().context("the folder is in no other")?;
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o711);
    fs::set_permissions(ours, mode).context("cannot let PostgreSQL's account into the folder")
}

fn program(name: &str, account: Option<(u32, u32)>) -> Result<Command> {
    let path = shell::find_program(name, &folders()).with_context(|| format!("there is no {name}"))?;
    let mut command = Command::new(path);
    // Ours may be closed to it.
    command.current_dir("/");
    if let Some((user, group)) = account {
        command.uid(user).gid(group);
    }
    Ok(command)
}

/// Debian keeps these programs off the path, in one folder for each version; the newest first.
fn folders() -> Vec<PathBuf> {
    let Ok(versions) = fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut folders: Vec<_> = versions.flatten().map(|version| version.path().join("bin")).collect();
    folders.sort_by(|one, other| other.cmp(one));
    folders
}
