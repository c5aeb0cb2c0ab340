//! Signing keys. Their private parts come sealed and stay so.

use async_trait::async_trait;
use idp_domain::changes::Conflict;
use idp_domain::keys::{KeyStage, StoredKey};
use idp_domain::store::{Keys, Unavailable};

use crate::SqlStore;
use crate::engine::{Columns, Damaged};
use crate::step::{Step, values};
use crate::texts::texts;

texts! {
    ALL = "SELECT kid, stage, sealed, certificate, created_at FROM signing_keys ORDER BY created_at, kid";
    ADD = "INSERT INTO signing_keys (kid, stage, sealed, certificate, created_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
}

#[async_trait]
impl Keys for SqlStore {
    async fn signing_keys(&self) -> Result<Vec<StoredKey>, Unavailable> {
        self.engine.all(ALL, &[], key).await
    }
}

fn key(row: &mut Columns<'_>) -> Result<StoredKey, Damaged> {
    Ok(StoredKey {
        kid: row.text()?,
        stage: row.word(KeyStage::parse)?,
        sealed: row.bytes()?,
        certificate: row.bytes()?,
        created_at: row.time()?,
    })
}

pub(crate) fn add(key: &StoredKey) -> Step {
    let StoredKey { kid, stage, sealed, certificate, created_at } = key.clone();
    let params = values![kid, stage.as_str(), sealed, certificate, created_at];
    Step::one(ADD, Conflict::AlreadyExists, params)
}
