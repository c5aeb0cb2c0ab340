//! What the database holds is of no use to a thief without the master key.

use std::fs;

use idp_domain::applications::{Application, ClientSecret};
use idp_domain::changes::Change;
use idp_domain::credentials::{PasswordHash, client_secret_hash};
use idp_domain::directory::User;
use idp_domain::keys::{KeyStage, StoredKey};
use idp_domain::randomness::Randomness;
use idp_domain::sealed::{MasterKey, Sealer};
use idp_domain::secret::Secret;
use idp_domain::sessions::{BrowserKey, Session};

use crate::actors::*;
use crate::engines::{Database, World, past_the_store};
use crate::postgres_server::PostgresServer;

const PASSWORD: &[u8] = b"Correct-Horse-7";
const CLIENT_SECRET: &[u8] = b"dGhlIGRhZW1vbidzIG93biBzZWNyZXQ";
const BROWSER_KEY: [u8; 32] = *b"the content of a session cookie.";
const CODE: &[u8] = b"the id inside a redeemed code";

struct Dice;

impl Randomness for Dice {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(4);
    }
}

fn text(bytes: &[u8]) -> Secret {
    Secret::new(String::from_utf8(bytes.to_vec()).unwrap())
}

/// Everything the engine has written, as a thief would find it.
fn dump(world: &World) -> Vec<u8> {
    match &world.database {
        Database::Memory => panic!("there is nothing to steal"),
        Database::File { path, .. } => {
            let files = fs::read_dir(path.parent().unwrap()).unwrap().flatten();
            files.flat_map(|file| fs::read(file.path()).unwrap()).collect()
        }
        Database::Postgres { url } => PostgresServer::shared().dump(url),
    }
}

/// Byte strings lie in the file as they are, and in a dump of PostgreSQL in hexadecimal.
fn holds(dump: &[u8], secret: &[u8]) -> bool {
    let hexadecimal: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let contains = |needle: &[u8]| dump.windows(needle.len()).any(|window| window == needle);
    contains(secret) || contains(hexadecimal.as_bytes())
}

past_the_store! {
    async fn st_01_a_dump_holds_no_password_client_secret_cookie_code_or_private_key(world) {
        let sealer = Sealer::new(&MasterKey::new([7; 32]));
        let key = StoredKey::generate(KeyStage::Current, &sealer, at(0), &Dice).unwrap();
        let private = sealer.open_bytes(idp_domain::sealed::Purpose::SigningKey, key.kid.as_bytes(), key.sealed.clone());
        let private = private.unwrap();
        let browser = BrowserKey::from_bytes(BROWSER_KEY).hash(&sealer);
        let hash = client_secret_hash(&sealer, DAEMON, &text(CLIENT_SECRET));
        let first = application(CONTOSO, DAEMON).secrets.remove(0);
        let secrets = vec![ClientSecret { hash, ..first }];
        let password = Some(PasswordHash::make(&text(PASSWORD), &Dice));
        world.make([
            create_user(User { password, ..user(CONTOSO, ALICE, "alice@contoso.test") }),
            Change::CreateApplication(Box::new(Application { secrets, ..application(CONTOSO, DAEMON) })),
            Change::StartSession(Box::new(Session { browser, ..session(SESSION, BROWSER, at(0)) })),
            Change::AddSigningKey(key.clone()),
            spend(CODE),
        ])
        .await;
        let dump = dump(world);
        assert!(holds(&dump, &key.sealed) && holds(&dump, &browser), "the dump is not the database");
        for secret in [PASSWORD, CLIENT_SECRET, &BROWSER_KEY, CODE, &private[private.len() / 2..][..24]] {
            assert!(!holds(&dump, secret), "{}", String::from_utf8_lossy(secret));
        }
    }
}
