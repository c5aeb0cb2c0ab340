//! `vestibule init` and `vestibule serve`, as an operator has them: what they make, what they answer, what they refuse.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use http::Method;
use spec::client::Client;
use spec::installation::{DOMAIN, HOST, Installation, Said};
use spec::raw::Raw;
use spec::secrets;
use spec::server::Server;
use spec::world::within;

/// A certificate of its own making for the server, and its key, in PEM.
fn certificate() -> (String, String) {
    let names = [HOST, "other.production.test", "localhost"].map(str::to_owned);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    (certificate.pem(), key.serialize_pem())
}

/// An installation without a store.
fn empty() -> Installation {
    let (certificate, key) = certificate();
    Installation::new(&certificate, &key)
}

/// What `init` makes, made once: the files of the store, the master key, and what it said.
pub(crate) struct Made {
    store: Vec<(String, Vec<u8>)>,
    master_key: String,
    pub(crate) said: Said,
}

pub(crate) fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let installation = empty();
        let said = installation.init();
        said.went_well();
        secrets::record(said.value("Password"));
        let store = fs::read_dir(installation.path("store")).unwrap().map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        });
        let master_key = fs::read_to_string(installation.path("master.key")).unwrap();
        Made { store: store.collect(), master_key, said }
    })
}

/// An installation with the store that `init` made.
pub(crate) fn installed() -> Installation {
    let installation = empty();
    fs::create_dir(installation.path("store")).unwrap();
    for (name, bytes) in &made().store {
        fs::write(installation.path("store").join(name), bytes).unwrap();
    }
    write_private(&installation.path("master.key"), &made().master_key);
    installation
}

fn write_private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    set_mode(path, 0o600);
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

fn discovery(authority: &str) -> String {
    format!("/{authority}/v2.0/.well-known/openid-configuration")
}

#[test]
fn init_says_who_the_administrator_is_and_with_which_password() {
    let said = &made().said;
    assert!(spec::refusal::is_guid(said.value("Tenant")), "{said:?}");
    assert_eq!(said.value("Administrator"), format!("admin@{DOMAIN}"));
    let password = said.value("Password");
    assert!(password.len() >= 20, "{} characters", password.len());
    assert!(said.value("Master").starts_with("key"), "{said:?}");
    assert!(!said.output.contains(made().master_key.trim()), "the master key is not for the screen");
    assert!(!said.errors.contains(password), "{said:?}");
}

#[cfg(unix)]
#[test]
fn ds_11_st_04_init_makes_what_is_secret_for_its_owner_alone() {
    let installation = empty();
    installation.init().went_well();
    for name in ["master.key", "store/vestibule.db"] {
        let mode = mode(&installation.path(name));
        assert_eq!(mode & 0o077, 0, "{name} is {mode:o}");
    }
    assert_eq!(mode(&installation.path("master.key")), 0o600);
    let key = fs::read_to_string(installation.path("master.key")).unwrap();
    assert!(key.trim().len() == 64 && key.trim().bytes().all(|b| b.is_ascii_hexdigit()));
    assert_ne!(key, made().master_key, "every installation has its own");
}

#[test]
fn cn_19_init_works_once() {
    let installation = installed();
    let before = fs::read(installation.path("store/vestibule.db")).unwrap();
    installation.init().refused(&["has a tenant already", "vestibule init"]);
    assert_eq!(fs::read_to_string(installation.path("master.key")).unwrap(), made().master_key);
    assert!(fs::read(installation.path("store/vestibule.db")).unwrap() == before, "the store was changed");
    let nobody = installation.run(&["init", "--organisation", "x", "--domain", "not a domain"]);
    nobody.refused(&["'not a domain' is not a domain name", "contoso.com"]);
}

#[test]
fn ds_11_a_refusal_leaves_no_master_key_behind_that_opens_nothing() {
    let installation = installed();
    fs::remove_file(installation.path("master.key")).unwrap();
    installation.init().refused(&["has a tenant already"]);
    assert!(!installation.path("master.key").exists(), "a key that does not open the store beside it");
    let store = installation.path("store");
    let before = names(&store);
    let dev = ["dev", "--data", store.to_str().unwrap(), "--listen", "127.0.0.1:0"];
    installation.run_bare(&dev, &[]).refused(&["not made by `vestibule dev`"]);
    assert_eq!(names(&store), before);
}

#[tokio::test]
async fn serve_answers_under_its_origin_and_only_under_it() {
    let installation = installed();
    let _running = installation.serve();
    let client = installation.client();
    let tenant = made().said.value("Tenant");
    for authority in [DOMAIN, tenant] {
        let answer = client.get(&discovery(authority)).await;
        // Among them: two years of HTTPS, since it is not `localhost`.
        answer.is(200).is_hardened();
        assert!(answer.header("strict-transport-security").unwrap().starts_with("max-age=63072000"));
        let json = answer.json();
        assert_eq!(json.str("issuer"), format!("{}/{tenant}/v2.0", installation.origin()));
        assert!(json.str("token_endpoint").starts_with(&installation.origin()), "{json:?}");
    }
    let evil = client.request(Method::GET, &discovery(DOMAIN)).header("host", "evil.example").send().await;
    assert!(!evil.text().contains("evil") && !format!("{:?}", evil.headers).contains("evil"));
    // Nothing of the cast of `vestibule dev` is here.
    assert_eq!(client.get(&discovery("contoso.test")).await.status, 400);
    assert_eq!(client.get(&discovery("c0270500-0000-4000-8000-000000000001")).await.status, 400);
}

#[tokio::test]
async fn st_11_operators_have_an_address_of_their_own_and_nobody_else_is_answered_there() {
    let installation = installed();
    let _running = installation.serve();
    let client = installation.client();
    let ask = async |path: &str| {
        let answer = client.get(&installation.for_operators(path)).await;
        (answer.status.as_u16(), answer.text().to_owned())
    };
    client.get(&discovery(DOMAIN)).await.is(200);
    assert_eq!(ask("/healthz").await, (200, "ok\n".to_owned()));
    assert_eq!(ask("/readyz").await, (200, "ready\n".to_owned()));
    let (status, figures) = ask("/metrics").await;
    assert_eq!(status, 200);
    assert!(figures.contains("vestibule_tls_certificate_expires_at_seconds"), "{figures}");
    for path in ["/", &discovery(DOMAIN), "/common/oauth2/v2.0/token", "/debug/pprof"] {
        assert_eq!(ask(path).await.0, 404, "{path}");
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        let answer = client.get(path).await;
        answer.is(404).is_hardened();
        assert!(!answer.text().contains("vestibule_"), "{path}");
        let posted = client.request(Method::POST, &installation.for_operators(path)).send().await;
        assert_eq!(posted.status, 405, "{path}");
    }
}

#[tokio::test]
async fn st_07_what_anybody_sends_is_no_label_of_a_figure() {
    let installation = installed();
    let _running = installation.serve();
    let client = installation.client();
    let figures = async || {
        let answer = client.get(&installation.for_operators("/metrics")).await;
        let lines = answer.text().lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect::<BTreeSet<_>>()
    };
    let ask = async |n: usize| {
        let form = spec::form::Form::new()
            .with("grant_type", format!("grant-{n}"))
            .with("client_id", spec::world::random_guid());
        client.token_at(DOMAIN, &form).await.is_a_refusal();
        client.get(&format!("/tenant-{n}.test/discovery/v2.0/keys")).await;
        client.get(&format!("/path-{n}")).await;
    };
    ask(0).await;
    let before = figures().await;
    for n in 1..60 {
        ask(n).await;
    }
    assert_eq!(figures().await, before);
}

#[tokio::test]
async fn sigterm_lets_what_is_under_way_finish_and_turns_everybody_else_away() {
    let installation = installed();
    let mut running = installation.serve();
    let operators = installation.client();
    let mut raw = Raw::at(installation.address(), installation.certificate()).await;
    let head = format!(
        "POST /{DOMAIN}/oauth2/v2.0/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 12\r\n\r\ngrant"
    );
    assert!(raw.send(head).await);
    // The request is under way when its head has been read.
    tokio::time::sleep(Duration::from_millis(300)).await;
    running.terminate();
    let mut said = String::new();
    for _ in 0..100 {
        let answer = operators.get(&installation.for_operators("/readyz")).await;
        said = format!("{} {}", answer.status.as_u16(), answer.text());
        if answer.status == 503 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(said, "503 not ready: draining\n");
    assert_eq!(operators.get(&installation.for_operators("/healthz")).await.status, 200);
    within(Duration::from_secs(2), "the end of listening", || {
        std::net::TcpStream::connect(installation.address()).is_err().then_some(())
    })
    .await;
    assert!(raw.send("_type=x").await, "the connection was cut");
    let answer = raw.read(Duration::from_secs(10)).await;
    assert_eq!(answer.status(), 400, "{}", answer.text);
    assert!(answer.text.contains("error_description"), "{}", answer.text);
    assert_eq!(running.ended().code(), Some(0), "{}", running.log());
    assert!(!running.log().contains("\"WARN\""), "nothing was cut: {}", running.log());
    assert!(!running.log().contains("\"ERROR\""), "{}", running.log());
}

#[test]
fn ds_11_serve_refuses_a_master_key_that_is_missing_open_to_others_or_another() {
    let installation = installed();
    let key = installation.path("master.key");
    let other = if made().master_key.starts_with('0') { "1" } else { "0" };
    write_private(&key, &format!("{other}{}", &made().master_key[1..]));
    installation.run(&["serve"]).refused(&["another master key", "master key file this store was made with"]);
    write_private(&key, "too short");
    installation.run(&["serve"]).refused(&["master.key", "64 hexadecimal digits", "Restore it"]);
    write_private(&key, &made().master_key);
    #[cfg(unix)]
    for mode in [0o644, 0o640, 0o604, 0o660] {
        set_mode(&key, mode);
        installation.run(&["serve"]).refused(&["can be read by others", "chmod 600"]);
    }
    fs::remove_file(&key).unwrap();
    installation.run(&["serve"]).refused(&["master.key does not exist", "vestibule init"]);
    assert!(!key.exists(), "serve makes no key: it would be another one");
}

#[test]
fn st_03_a_copy_of_the_store_is_worth_nothing_without_the_master_key() {
    let copied = installed();
    assert!(names(&copied.path("store")).iter().all(|name| name.starts_with("vestibule.db")));
    let stranger = empty();
    stranger.init().went_well();
    fs::copy(stranger.path("master.key"), copied.path("master.key")).unwrap();
    copied.run(&["serve"]).refused(&["another master key"]);
}

#[test]
fn st_01_ds_10_no_secret_of_the_installation_is_readable_in_its_store() {
    let installation = empty();
    let said = installation.init();
    let password = said.went_well().value("Password").to_owned();
    let digits = fs::read_to_string(installation.path("master.key")).unwrap().trim().to_owned();
    let raw: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap()).collect();
    // An RSA key in PKCS#8 begins with version 0 and the algorithm rsaEncryption (RFC 5208 §5, RFC 8017 A.1); in
    // PKCS#1 with version 0 and a modulus of 2048 bits (RFC 8017 A.1.2).
    let pkcs8 = [2, 1, 0, 0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    let pkcs1 = [2, 1, 0, 2, 0x82, 1, 1, 0];
    let undashed = password.replace('-', "");
    let forbidden: [(&str, &[u8]); 7] = [
        ("the password", password.as_bytes()),
        ("the password without its hyphens", undashed.as_bytes()),
        ("the master key in digits", digits.as_bytes()),
        ("the master key", &raw),
        ("a private key in PKCS#8", &pkcs8),
        ("a private key in PKCS#1", &pkcs1),
        ("a private key in PEM", b"PRIVATE KEY"),
    ];
    let store = installation.path("store");
    assert!(names(&store).contains(&"vestibule.db".to_owned()));
    for name in names(&store) {
        let bytes = fs::read(store.join(&name)).unwrap();
        for (what, secret) in forbidden {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{what} is in {name}");
        }
        assert!(bytes.windows(9).any(|window| window == b"$argon2id") || name != "vestibule.db");
    }
}

#[test]
fn st_15_serve_refuses_what_is_insecure_and_says_what_to_do() {
    let origin = |installation: &Installation| installation.origin();
    let https = |installation: &Installation, to: &str| {
        installation.configure(&origin(installation), to);
        installation.run(&["serve"])
    };
    https(&installed(), "http://login.production.test").refused(&["origin: ", "write it like https://"]);
    https(&installed(), "https://login.production.test/idp").refused(&["origin: ", "without a path"]);
    let installation = installed();
    installation.configure("metrics = \"127.0.0.1:", "metrics = \"0.0.0.0:");
    installation.run(&["serve"]).refused(&["metrics: 0.0.0.0:", "127.0.0.1:9464"]);
    let installation = installed();
    installation.configure("[store]", "[tokens]\naccess_lifetime = \"99999999999999999999\"\n[store]");
    installation.run(&["serve"]).refused(&["tokens.access_lifetime", "from 600 to 86400"]);
    let installation = installed();
    installation.configure("metrics =", "debug = \"on\"\nmetrics =");
    installation.run(&["serve"]).refused(&["there is no setting debug", "There are: origin"]);
}

#[test]
fn st_15_a_database_elsewhere_is_reached_by_tls_or_not_at_all() {
    for (url, words) in [
        ("postgresql://vestibule:canary-of-the-database@192.0.2.1/v", ["store.postgres_ca", "TLS"]),
        ("postgresql://vestibule:canary-of-the-database@192.0.2.1/v?sslmode=disable", ["sslmode", "TLS"]),
        ("postgresql://vestibule:canary-of-the-database@127.0.0.1,192.0.2.1/v", ["store.postgres_ca", "TLS"]),
    ] {
        let installation = installed();
        let folder = format!("folder = \"{}\"", installation.path("store").display());
        installation.configure(&folder, &format!("postgres = \"{url}\""));
        for command in [vec!["serve"], vec!["init", "--organisation", "x", "--domain", "x.test"]] {
            let said = installation.run(&command);
            said.refused(&words);
            assert!(!said.errors.contains("canary-of"), "{said:?}");
        }
    }
}

#[test]
fn st_15_serve_refuses_a_certificate_that_is_not_its_keys() {
    let installation = installed();
    let (_, key) = certificate();
    fs::write(installation.path("key.pem"), key).unwrap();
    let said = installation.run(&["serve"]);
    said.refused(&["key.pem does not belong to", "chain.pem", "issued together"]);
    fs::write(installation.path("chain.pem"), "").unwrap();
    installation.run(&["serve"]).refused(&["chain.pem holds no certificate", "PEM"]);
    fs::remove_file(installation.path("chain.pem")).unwrap();
    installation.run(&["serve"]).refused(&["cannot read", "chain.pem"]);
}

#[test]
fn serve_refuses_a_store_that_is_empty_or_not_there() {
    let installation = empty();
    write_private(&installation.path("master.key"), &made().master_key);
    installation.run(&["serve"]).refused(&["store"]);
    fs::create_dir_all(installation.path("store")).unwrap();
    installation.run(&["serve"]).refused(&["this store is empty", "vestibule init"]);
}

#[tokio::test]
async fn the_stores_of_development_and_production_do_not_mix() {
    let development = Server::own();
    // Kept apart: the folder goes when the server does.
    let installation = empty();
    development.kill();
    within(Duration::from_secs(5), "the end of the server", || {
        std::net::TcpStream::connect(development.address()).is_err().then_some(())
    })
    .await;
    fs::create_dir_all(installation.path("store")).unwrap();
    for name in names(development.data()).into_iter().filter(|name| name.starts_with("vestibule.db")) {
        fs::copy(development.data().join(&name), installation.path("store").join(&name)).unwrap();
    }
    let key = fs::read_to_string(development.data().join("master.key")).unwrap();
    write_private(&installation.path("master.key"), &key);
    installation.run(&["serve"]).refused(&[
        "made by `vestibule dev`",
        "published passwords",
        "vestibule init",
    ]);
    installation.init().refused(&["vestibule init"]);

    let installation = installed();
    let store = installation.path("store");
    let dev = |arguments: &[&str]| {
        let data = ["dev", "--data", store.to_str().unwrap()];
        installation.run_bare(&[&data, arguments].concat(), &[])
    };
    dev(&["--listen", "127.0.0.1:0"]).refused(&["not made by `vestibule dev`", "another data folder"]);
    assert!(!names(&store).contains(&"dev.json".to_owned()));
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8443"] {
        dev(&["--listen", address]).refused(&["loopback addresses only", "vestibule serve"]);
        dev(&["--listen", "127.0.0.1:0", "--metrics", address]).refused(&["loopback addresses only"]);
    }
}

#[tokio::test]
async fn a_store_has_one_server_at_a_time_and_the_next_takes_over() {
    let installation = installed();
    let mut running = installation.serve();
    let config = installation.path("vestibule.toml");
    let second = installation.run_bare(
        &["serve", "--config", config.to_str().unwrap()],
        &[("VESTIBULE_LISTEN", "127.0.0.1:0"), ("VESTIBULE_METRICS", "")],
    );
    second.refused(&["another server has", "vestibule.db open", "stop it first"]);
    installation.init().refused(&["another server has"]);
    installation.client().get(&discovery(DOMAIN)).await.is(200);
    let keys = format!("/{DOMAIN}/discovery/v2.0/keys");
    let before = installation.client().get(&keys).await.body;
    running.terminate();
    assert_eq!(running.ended().code(), Some(0), "{}", running.log());
    let _next = installation.serve();
    assert_eq!(installation.client().get(&keys).await.body, before, "the keys are those of the store");
}

#[tokio::test]
async fn variables_go_over_the_file_and_do_without_it() {
    let installation = installed();
    let config = installation.path("vestibule.toml");
    let other = installation.origin().replace(HOST, "other.production.test");
    let issuer = async |client: &Client| {
        let json = client.get(&discovery(DOMAIN)).await.json();
        json.str("issuer").rsplit_once('/').unwrap().0.rsplit_once('/').unwrap().0.to_owned()
    };
    let named = [("VESTIBULE_ORIGIN", &*other), ("VESTIBULE_CONFIG", config.to_str().unwrap())];
    let running = installation.serve_bare(&["serve"], &named);
    assert_eq!(issuer(&installation.client_of(&other)).await, other);
    drop(running);

    let path = |name: &str| installation.path(name).to_str().unwrap().to_owned();
    let (key, chain, key_pem, store) =
        (path("master.key"), path("chain.pem"), path("key.pem"), path("store"));
    let listen = installation.address().to_string();
    let all = [
        ("VESTIBULE_ORIGIN", &*other),
        ("VESTIBULE_LISTEN", &listen),
        ("VESTIBULE_MASTER_KEY_FILE", &key),
        ("VESTIBULE_TLS_CERTIFICATE", &chain),
        ("VESTIBULE_TLS_KEY", &key_pem),
        ("VESTIBULE_STORE_FOLDER", &store),
    ];
    let running = installation.serve_bare(&["serve"], &all);
    assert_eq!(issuer(&installation.client_of(&other)).await, other);
    drop(running);
    for (missing, (name, _)) in all.iter().enumerate() {
        let rest: Vec<_> = [&all[..missing], &all[missing + 1..]].concat();
        let word = if *name == "VESTIBULE_STORE_FOLDER" { "store.folder" } else { name };
        installation.run_bare(&["serve"], &rest).refused(&[word, "missing"]);
    }
}
