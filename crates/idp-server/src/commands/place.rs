//! Where the store of `vestibule export` and `vestibule import` is: a data folder of `vestibule dev`, or what a
//! configuration says.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::Args;
use idp_store::SqlStore;

use super::{sentence, serve};
use crate::config::{Config, StoreConfig};
use crate::development::seed;
use crate::master_key;
use crate::node::{self, StoreAt};

#[derive(Debug, Args)]
pub(super) struct PlaceArguments {
    /// The configuration file, as for `vestibule serve` [default: VESTIBULE_CONFIG, or the environment variables alone]
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    config: Option<PathBuf>,
    /// The data folder of `vestibule dev`, instead of a configuration
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// A store with its master key file.
pub(super) enum Place {
    /// A data folder of `vestibule dev`.
    Development(PathBuf),
    /// A configuration.
    Configured(Box<Config>),
}

impl PlaceArguments {
    pub(super) fn place(self) -> Result<Place, String> {
        if let Some(folder) = self.data {
            return Ok(Place::Development(folder));
        }
        let config = self.config.or_else(|| std::env::var_os("VESTIBULE_CONFIG").map(PathBuf::from));
        Ok(Place::Configured(Box::new(Config::load(config.as_deref()).map_err(sentence)?)))
    }
}

impl Place {
    /// The folder of the store, if it is in one.
    pub(super) fn folder(&self) -> Option<&PathBuf> {
        match self {
            Self::Development(folder) => Some(folder),
            Self::Configured(config) => match &config.store {
                StoreConfig::Folder(folder) => Some(folder),
                StoreConfig::Postgres(_) => None,
            },
        }
    }

    pub(super) fn master_key_file(&self) -> PathBuf {
        match self {
            Self::Development(folder) => folder.join(master_key::DEVELOPMENT_FILE),
            Self::Configured(config) => config.master_key_file.clone(),
        }
    }

    pub(super) async fn open(&self) -> Result<SqlStore, String> {
        let at = match self {
            Self::Development(folder) => StoreAt::Folder(folder),
            Self::Configured(config) => serve::store_at(&config.store),
        };
        node::open_store(&at).await.map_err(sentence)
    }

    /// Whether the store is a development store. It is refused in the place of the other kind, unless it is `new` and
    /// of neither: what is for development stays there.
    pub(super) async fn fits(&self, store: &SqlStore, new: bool) -> Result<bool, String> {
        let planted = seed::is_planted(store).await.map_err(sentence)?;
        match self {
            Self::Development(_) if !new && !planted => Err(
                "this store was not made by `vestibule dev`. Name its configuration with --config instead".into(),
            ),
            Self::Configured(_) if planted => Err(
                "this store was made by `vestibule dev` and has published passwords. Name its folder with --data instead".into(),
            ),
            _ => Ok(planted),
        }
    }
}

/// How far it is, for somebody who waits at a terminal; in a log it would be noise.
pub(super) struct Progress {
    shown: bool,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self { shown: io::stderr().is_terminal() }
    }

    pub(super) fn tell(&self, what: impl std::fmt::Display) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K{what} …");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
