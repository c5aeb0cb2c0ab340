//! A PostgreSQL server for tests, from Debian's package, in a folder of its own, listening on no network, or by TLS on
//! this machine's own. One of each for each test binary; each test has a schema of its own.
//!
//! It ends with the test process, however that ends: a shell waits on a pipe from it, and stops the server when the pipe
//! closes.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A running server.
pub(crate) struct PostgresServer {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    /// Holds the pipe whose closing stops the server.
    _guard: Child,
}

impl PostgresServer {
    /// The server of this test binary, started by whoever asks first.
    pub(crate) fn shared() -> &'static Self {
        static SERVER: OnceLock<PostgresServer> = OnceLock::new();
        SERVER.get_or_init(|| Laid::out("").start(5432, "-c listen_addresses=''"))
    }

    /// A server that listens on 127.0.0.1 too, and there takes nobody without TLS, nor `careful` without a password.
    pub(crate) fn start_with_tls(certificate: &str, key: &str) -> Self {
        let laid = Laid::out("-tls");
        let networks = "local all all trust\n\
                        hostssl all careful 127.0.0.1/32 scram-sha-256\n\
                        hostssl all postgres 127.0.0.1/32 trust\n";
        laid.write("data/pg_hba.conf", networks);
        laid.write("data/server.crt", certificate);
        laid.write("data/server.key", key);
        // It may be taken before the server has it, if by nobody here: then the test fails, and says so.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        laid.start(port, "-c listen_addresses=127.0.0.1 -c ssl=on")
    }

    /// The connection string of a schema nobody else has.
    pub(crate) fn fresh_schema(&self) -> String {
        static SCHEMAS: AtomicU32 = AtomicU32::new(1);
        let schema = format!("test_{}", SCHEMAS.fetch_add(1, Ordering::Relaxed));
        let url = format!("host={} port={} user=postgres dbname=postgres", self.folder.display(), self.port);
        let create = ["--quiet", "--no-psqlrc", "--command", &format!("CREATE SCHEMA {schema}")];
        run(Command::new(self.programs.join("psql")).arg(&url).args(create));
        format!("{url} options='-c search_path={schema}'")
    }

    /// The same connection string by the network, to a server that is called `name`.
    pub(crate) fn by_network(&self, url: &str, name: &str) -> String {
        let socket = format!("host={}", self.folder.display());
        url.replace(&socket, &format!("host={name} hostaddr=127.0.0.1"))
    }

    /// Everything in a schema, as `pg_dump` writes it.
    #[allow(dead_code, reason = "not every test binary wants it")]
    pub(crate) fn dump(&self, url: &str) -> Vec<u8> {
        let schema = url.rsplit_once("search_path=").unwrap().1.trim_end_matches('\'');
        let mut dump = Command::new(self.programs.join("pg_dump"));
        dump.arg(url).args(["--inserts", "--schema", schema]);
        dump.output().unwrap().stdout
    }
}

/// A server that was made and has not been started.
struct Laid {
    programs: PathBuf,
    folder: PathBuf,
    guard: Child,
}

impl Laid {
    fn out(kind: &str) -> Self {
        let programs = find_programs();
        let folder = std::env::temp_dir().join(format!("vestibule-postgres-{}{kind}", std::process::id()));
        // A process that had this number before may have been ended too hard for its guard.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        give_to_server(&folder);
        run(as_server(&programs.join("initdb"))
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"])
            .arg("--pgdata")
            .arg(folder.join("data")));
        let guard = guard(&programs, &folder);
        Self { programs, folder, guard }
    }

    /// Writes a file that the server's user alone may read, as it demands of keys.
    fn write(&self, name: &str, content: &str) {
        let path = self.folder.join(name);
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path).unwrap();
        file.write_all(content.as_bytes()).unwrap();
        give_to_server(&path);
    }

    fn start(self, port: u16, network: &str) -> PostgresServer {
        let Self { programs, folder, guard } = self;
        // Without fsync a test is quick; what is acknowledged must still be acknowledged truly.
        let settings = format!(
            "-c port={port} {network} -c unix_socket_directories='{}' -c max_connections=300 -c fsync=off \
             -c synchronous_commit=on",
            folder.display()
        );
        run(as_server(&programs.join("pg_ctl"))
            .arg("--pgdata")
            .arg(folder.join("data"))
            .arg("--log")
            .arg(folder.join("log"))
            .args(["--wait", "--silent", "--options", &settings, "start"]));
        PostgresServer { programs, folder, port, _guard: guard }
    }
}

fn give_to_server(path: &Path) {
    if is_root() {
        run(Command::new("chown").arg("postgres").arg(path));
    }
}

/// Debian keeps the server's programs off the path, in one folder for each version. The newest is taken.
fn find_programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let number = |version: &fs::DirEntry| version.file_name().to_string_lossy().parse::<u32>().unwrap_or(0);
    let mut folders: Vec<_> =
        versions.map(|version| (number(&version), version.path().join("bin"))).collect();
    folders.sort();
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let folders = folders.into_iter().rev().map(|(_, folder)| folder).chain(std::env::split_paths(&on_path));
    folders.into_iter().find(|folder| folder.join("initdb").exists()).unwrap_or_else(|| {
        panic!(
            "PostgreSQL is missing, and these tests are about it: on Debian, run `apt-get install postgresql`"
        )
    })
}

/// The server refuses to run as root, so root runs it as the user that Debian's package made for it.
fn as_server(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.starts_with(b"0\n")
}

/// Stops the server and removes its folder once this process is gone. In a process group of its own, so that what is
/// typed at the terminal ends the tests and not their guard.
fn guard(programs: &Path, folder: &Path) -> Child {
    let stop = as_server(&programs.join("pg_ctl"));
    let mut guard = Command::new("sh");
    guard
        .args(["-c", r#"folder=$1; shift; read _; "$@" --pgdata "$folder/data" --mode immediate stop; rm -rf "$folder""#])
        .arg("guard")
        .arg(folder)
        .arg(stop.get_program())
        .args(stop.get_args());
    guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/").process_group(0);
    guard.spawn().unwrap()
}

fn run(command: &mut Command) {
    // Away from folders that another user may not read.
    let output = command.current_dir("/").stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {said}");
}
