//! Configuration of `vestibule serve` and `vestibule init`: a TOML file, and environment variables over it.
//!
//! One table says which settings there are. From it come the environment variables, the refusal of unknown keys, and
//! the reference page.

pub(crate) mod limits;

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use idp_domain::tokens::AccessTokenLifetime;
use idp_store::PostgresOptions;
use idp_web::outbound::{Outbound, Reach};
use idp_web::state::Origin;
use toml::{Table, Value};

use crate::tls::files::CertificateFiles;
use limits::LimitsConfig;

/// A setting: its key in the file, its environment variable, what it is for.
pub(crate) struct Setting {
    pub(crate) key: &'static str,
    pub(crate) variable: &'static str,
    pub(crate) example: &'static str,
    pub(crate) meaning: &'static str,
}

/// The settings that do not say how often something may be done.
const SETTINGS: [Setting; 14] = [
    Setting {
        key: "origin",
        variable: "VESTIBULE_ORIGIN",
        example: "https://login.example.org",
        meaning: "The public origin: what clients see. Issuers, links and cookies are made of it and of nothing else.",
    },
    Setting {
        key: "listen",
        variable: "VESTIBULE_LISTEN",
        example: "0.0.0.0:443",
        meaning: "Addresses to listen on, separated by commas.",
    },
    Setting {
        key: "metrics",
        variable: "VESTIBULE_METRICS",
        example: "127.0.0.1:9464",
        meaning: "Where /metrics, /healthz and /readyz are answered. Plain HTTP, for operators only.",
    },
    Setting {
        key: "master_key_file",
        variable: "VESTIBULE_MASTER_KEY_FILE",
        example: "/etc/vestibule/master.key",
        meaning: "The file with the key that everything secret in the store is sealed under. Keep it apart from backups of the store.",
    },
    Setting {
        key: "tls.certificate",
        variable: "VESTIBULE_TLS_CERTIFICATE",
        example: "/etc/vestibule/tls/chain.pem",
        meaning: "The certificate chain, PEM. Reloaded when it changes.",
    },
    Setting {
        key: "tls.key",
        variable: "VESTIBULE_TLS_KEY",
        example: "/etc/vestibule/tls/key.pem",
        meaning: "The certificate's private key, PEM.",
    },
    Setting {
        key: "store.folder",
        variable: "VESTIBULE_STORE_FOLDER",
        example: "/var/lib/vestibule",
        meaning: "The data folder, for one node on SQLite. Either this or store.postgres.",
    },
    Setting {
        key: "store.postgres",
        variable: "VESTIBULE_STORE_POSTGRES",
        example: "postgresql://vestibule@db.internal/vestibule",
        meaning: "The database, for several nodes on PostgreSQL. On another machine it is reached by TLS.",
    },
    Setting {
        key: "store.postgres_ca",
        variable: "VESTIBULE_STORE_POSTGRES_CA",
        example: "/etc/vestibule/postgres-ca.pem",
        meaning: "The CA that issued PostgreSQL's certificate, PEM. Needed unless the database is on this machine.",
    },
    Setting {
        key: "graph.origin",
        variable: "VESTIBULE_GRAPH_ORIGIN",
        example: "https://graph.example.org",
        meaning: "An origin of Graph's own, whose requests reach this server too and whose name its certificate has. Without it Graph is under /graph of the public origin.",
    },
    Setting {
        key: "outbound.allow",
        variable: "VESTIBULE_OUTBOUND_ALLOW",
        example: "10.20.0.0/16",
        meaning: "Networks that are not public and which may be reached all the same, separated by commas: where the issuers of federated credentials are, and applications that the server tells of sign-outs. Whoever may register applications can have anything there asked for a document, or sent a logout token, over HTTPS.",
    },
    Setting {
        key: "outbound.ca",
        variable: "VESTIBULE_OUTBOUND_CA",
        example: "/etc/vestibule/tls/issuers-ca.pem",
        meaning: "Certificates of authorities, PEM, that are trusted for what is fetched, and where applications are told of sign-outs, beside those of the operating system.",
    },
    Setting {
        key: "tokens.access_lifetime",
        variable: "VESTIBULE_TOKENS_ACCESS_LIFETIME",
        example: "random",
        meaning: "How long access tokens live: 'random' (60 to 90 minutes) or a number of seconds from 600 to 86400.",
    },
    Setting {
        key: "limits.addresses",
        variable: "VESTIBULE_LIMITS_ADDRESSES",
        example: "apart",
        meaning: "Whether clients are told apart by address: 'apart', and each is limited in how often it may ask what needs no credentials and how many codes it may guess; or 'shared' behind a proxy, whose address all of them have.",
    },
];

/// Every setting, in the order of the reference page.
pub(crate) fn settings() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().chain(&limits::SETTINGS)
}

/// The configuration, checked.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) origin: Origin,
    pub(crate) listen: Vec<SocketAddr>,
    pub(crate) metrics: Option<SocketAddr>,
    pub(crate) master_key_file: PathBuf,
    pub(crate) tls: CertificateFiles,
    pub(crate) store: StoreConfig,
    pub(crate) access_lifetime: AccessTokenLifetime,
    pub(crate) graph_origin: Option<Origin>,
    pub(crate) limits: LimitsConfig,
    pub(crate) outbound: OutboundConfig,
}

/// What may be fetched from elsewhere.
#[derive(Debug)]
pub(crate) struct OutboundConfig {
    reach: Reach,
    ca_file: Option<PathBuf>,
}

impl OutboundConfig {
    /// The one client for requests to elsewhere.
    pub(crate) fn client(self) -> Checked<Outbound> {
        let authorities = match &self.ca_file {
            None => Vec::new(),
            Some(path) => fs::read(path).or_else(|error| {
                refuse(format!("outbound.ca: {} cannot be read: {error}", path.display()))
            })?,
        };
        Outbound::new(self.reach, &authorities).or_else(|error| refuse(format!("outbound.ca: {error}")))
    }
}

/// Where the directory is kept.
#[derive(Debug)]
pub(crate) enum StoreConfig {
    Folder(PathBuf),
    Postgres(PostgresOptions),
}

/// The configuration cannot be used. The sentence says what to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ConfigError(String);

type Checked<T> = Result<T, ConfigError>;

fn refuse<T>(sentence: String) -> Checked<T> {
    Err(ConfigError(sentence))
}

impl Config {
    /// Reads the file, if one is named, and the environment over it.
    pub(crate) fn load(file: Option<&Path>) -> Checked<Self> {
        let text = match file {
            Some(path) => fs::read_to_string(path).or_else(|error| {
                refuse(format!("the configuration file {} cannot be read: {error}", path.display()))
            })?,
            None => String::new(),
        };
        let environment =
            settings().filter_map(|setting| Some((setting.variable, std::env::var(setting.variable).ok()?)));
        Self::from(&text, environment.collect())
    }

    fn from(text: &str, environment: BTreeMap<&'static str, String>) -> Checked<Self> {
        let values = Values::read(text, environment)?;
        let origin =
            Origin::parse(values.required("origin")?).or_else(|error| refuse(format!("origin: {error}")))?;
        let metrics = values.get("metrics").map(|text| address("metrics", text)).transpose()?;
        if let Some(address) = metrics.filter(|address| address.ip().is_unspecified()) {
            return refuse(format!(
                "metrics: {address} would show the figures to everybody. Name one address, such as 127.0.0.1:9464"
            ));
        }
        let graph_origin = values.get("graph.origin").map(Origin::parse).transpose();
        let graph_origin = graph_origin.or_else(|wrong| refuse(format!("graph.origin: {wrong}")))?;
        if graph_origin.as_ref() == Some(&origin) {
            return refuse(
                "graph.origin is the origin itself. Leave it out: then Graph is under /graph of it".into(),
            );
        }
        Ok(Self {
            origin,
            listen: values
                .required("listen")?
                .split(',')
                .map(|text| address("listen", text.trim()))
                .collect::<Checked<_>>()?,
            metrics,
            master_key_file: values.required("master_key_file")?.into(),
            tls: CertificateFiles {
                chain: values.required("tls.certificate")?.into(),
                key: values.required("tls.key")?.into(),
            },
            store: store(&values)?,
            graph_origin,
            outbound: outbound(&values)?,
            access_lifetime: values
                .get("tokens.access_lifetime")
                .map_or(Ok(AccessTokenLifetime::Random), lifetime)?,
            limits: LimitsConfig::read(&values)?,
        })
    }
}

/// The settings as texts, by key.
struct Values(BTreeMap<&'static str, String>);

impl Values {
    fn read(text: &str, environment: BTreeMap<&'static str, String>) -> Checked<Self> {
        let table: Table = text.parse().or_else(|error: toml::de::Error| {
            refuse(format!("the configuration file is not TOML: {}", error.message()))
        })?;
        let mut values = BTreeMap::new();
        collect(&table, "", &mut values)?;
        for setting in settings() {
            if let Some(value) = environment.get(setting.variable) {
                values.insert(setting.key, value.clone());
            }
        }
        Ok(Self(values))
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn required(&self, key: &'static str) -> Checked<&str> {
        self.get(key).map_or_else(
            || match settings().find(|setting| setting.key == key) {
                Some(Setting { variable, example, .. }) => {
                    refuse(format!("the setting {key} is missing. Put it into the configuration file, or set {variable}; for example {example}"))
                }
                None => refuse(format!("the setting {key} is missing")),
            },
            Ok,
        )
    }
}

/// Flattens a table into `section.key`, refusing what no setting is called.
fn collect(table: &Table, prefix: &str, values: &mut BTreeMap<&'static str, String>) -> Checked<()> {
    for (name, value) in table {
        let key = format!("{prefix}{name}");
        if let Value::Table(inner) = value {
            collect(inner, &format!("{key}."), values)?;
            continue;
        }
        let Some(setting) = settings().find(|setting| setting.key == key) else {
            let known: Vec<_> = settings().map(|setting| setting.key).collect();
            return refuse(format!("there is no setting {key}. There are: {}", known.join(", ")));
        };
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Array(items) if items.iter().all(Value::is_str) => {
                items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
            }
            _ => return refuse(format!("{key} is a text, such as \"{}\"", setting.example)),
        };
        values.insert(setting.key, text);
    }
    Ok(())
}

fn address(key: &str, text: &str) -> Checked<SocketAddr> {
    text.parse().or_else(|_| {
        refuse(format!("{key}: '{text}' is not an address with a port, such as 0.0.0.0:443 or [::]:443"))
    })
}

fn outbound(values: &Values) -> Checked<OutboundConfig> {
    let networks = values.get("outbound.allow").unwrap_or_default().split_terminator(',');
    let reach = Reach::and(networks).or_else(|error| refuse(format!("outbound.allow: {error}")))?;
    Ok(OutboundConfig { reach, ca_file: values.get("outbound.ca").map(PathBuf::from) })
}

fn store(values: &Values) -> Checked<StoreConfig> {
    let ca_file = values.get("store.postgres_ca").map(PathBuf::from);
    match (values.get("store.folder"), values.get("store.postgres")) {
        (Some(_), None) if ca_file.is_some() => refuse("store.postgres_ca is set, and store.folder needs none. Remove it, or set store.postgres in place of the folder".into()),
        (Some(folder), None) => Ok(StoreConfig::Folder(folder.into())),
        (None, Some(url)) if url.starts_with("postgresql://") || url.starts_with("postgres://") => Ok(StoreConfig::Postgres(PostgresOptions { ca_file, ..PostgresOptions::new(url) })),
        (None, Some(_)) => refuse("store.postgres is a URL, such as postgresql://vestibule@db.internal/vestibule".into()),
        (Some(_), Some(_)) => refuse("both store.folder and store.postgres are set. Keep one: the folder for one node, PostgreSQL for several".into()),
        (None, None) => refuse("the settings store.folder and store.postgres are both missing. Set one: the folder for one node, PostgreSQL for several".into()),
    }
}

fn lifetime(text: &str) -> Checked<AccessTokenLifetime> {
    match text {
        "random" => Ok(AccessTokenLifetime::Random),
        _ => match text.parse() {
            Ok(seconds @ 600..=86_400) => Ok(AccessTokenLifetime::Fixed(seconds)),
            _ => refuse(format!(
                "tokens.access_lifetime: '{text}' is neither 'random' nor a number of seconds from 600 to 86400"
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        origin = "https://login.example.org"
        listen = ["0.0.0.0:443", "[::]:443"]
        metrics = "127.0.0.1:9464"
        master_key_file = "/etc/vestibule/master.key"
        [tls]
        certificate = "/etc/vestibule/chain.pem"
        key = "/etc/vestibule/key.pem"
        [store]
        folder = "/var/lib/vestibule"
    "#;

    fn refusal(text: &str) -> String {
        Config::from(text, BTreeMap::new()).unwrap_err().0
    }

    #[test]
    fn a_complete_file_is_taken_and_the_environment_goes_over_it() {
        let config =
            Config::from(GOOD, BTreeMap::from([("VESTIBULE_ORIGIN", "https://other.example".to_owned())]))
                .unwrap();
        assert_eq!(config.origin.as_str(), "https://other.example");
        assert_eq!(config.listen.len(), 2);
    }

    #[test]
    fn a_database_is_taken_with_the_ca_it_is_verified_by_and_its_url_stays_out_of_the_log() {
        let postgres = "postgres = \"postgresql://u:canary@db.internal/v\"";
        let text = GOOD.replace("folder = \"/var/lib/vestibule\"", postgres);
        for (environment, ca_file) in
            [(None, None), (Some(("VESTIBULE_STORE_POSTGRES_CA", "/ca.pem".to_owned())), Some("/ca.pem"))]
        {
            let config = Config::from(&text, environment.into_iter().collect()).unwrap();
            assert!(!format!("{config:?}").contains("canary"));
            let StoreConfig::Postgres(options) = config.store else { panic!("not PostgreSQL") };
            assert_eq!(options.url, "postgresql://u:canary@db.internal/v");
            assert_eq!(options.ca_file.as_deref(), ca_file.map(Path::new));
        }
    }

    #[test]
    fn st_15_what_is_insecure_or_wrong_is_refused_with_a_sentence_that_says_what_to_do() {
        for (from, to, says) in [
            ("https://login.example.org", "http://login.example.org", "write it like https://"),
            ("https://login.example.org", "https://login.example.org/path", "without a path"),
            ("127.0.0.1:9464", "0.0.0.0:9464", "would show the figures to everybody"),
            ("127.0.0.1:9464", "[::]:9464", "would show the figures to everybody"),
            ("\"0.0.0.0:443\"", "\"443\"", "not an address with a port"),
            ("origin =", "orign =", "There are: origin, listen"),
            ("master_key_file = \"/etc/vestibule/master.key\"", "", "VESTIBULE_MASTER_KEY_FILE"),
            ("key = \"/etc/vestibule/key.pem\"", "", "VESTIBULE_TLS_KEY"),
            ("folder = \"/var/lib/vestibule\"", "", "Set one"),
            ("folder = \"/var/lib/vestibule\"", "folder = \"/x\"\npostgres = \"postgresql://x\"", "Keep one"),
            ("folder = \"/var/lib/vestibule\"", "postgres = \"mysql://x\"", "is a URL"),
            ("folder = \"/var/lib/vestibule\"", "folder = \"/x\"\npostgres_ca = \"/ca.pem\"", "Remove it"),
            ("folder = \"/var/lib/vestibule\"", "folder = true", "is a text"),
            ("[store]", "[tokens]\naccess_lifetime = 5\n[store]", "from 600 to 86400"),
            ("[store]", "[graph]\norigin = \"http://graph.example.org\"\n[store]", "graph.origin: "),
            ("[store]", "[graph]\norigin = \"https://login.example.org\"\n[store]", "Leave it out"),
            ("[store]", "[outbound]\nallow = [\"10.0.0.0/40\"]\n[store]", "is not a network"),
            ("[store]", "[limits]\naddresses = \"none\"\n[store]", "neither 'apart' nor 'shared'"),
            ("[store]", "[limits]\ntokens = -1\n[store]", "limits.tokens: '-1' is not a whole number"),
            ("[store]", "[store", "not TOML"),
        ] {
            let text = GOOD.replace(from, to);
            assert_ne!(text, GOOD, "{from}");
            assert!(refusal(&text).contains(says), "{to}: {}", refusal(&text));
        }
    }
}
