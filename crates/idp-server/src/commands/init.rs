//! `vestibule init`: the store, the first tenant, and its administrator with a password for one sign-in.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use idp_domain::applications::{
    Application, MalformedRedirectUri, Platform, RedirectUri, Registration, ServicePrincipal, microsoft_graph,
};
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::clock::Clock as _;
use idp_domain::consent::PermissionGrant;
use idp_domain::credentials::PasswordHash;
use idp_domain::directory::{Profile, Upn, User, UserType, role};
use idp_domain::policies::FlowPolicy;
use idp_domain::randomness::Randomness;
use idp_domain::sealed::Sealer;
use idp_domain::secret::Secret;
use idp_domain::store::{Keys as _, Store as _};
use idp_domain::tenant::{CompatProfile, Tenant, UserConsent};
use jiff::Timestamp;
use vestibule_wire::authority::Authority;
use vestibule_wire::ids::{ApplicationId, ClientId, ServicePrincipalId, TenantId, UserId};

use super::{sentence, serve};
use crate::config::{Config, StoreConfig};
use crate::world::{SystemClock, SystemRandomness};
use crate::{master_key, node};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The configuration file, as for `vestibule serve`
    #[arg(long, value_name = "FILE", env = "VESTIBULE_CONFIG")]
    config: Option<PathBuf>,
    /// The name of the organisation, as people know it
    #[arg(long, value_name = "NAME")]
    organisation: String,
    /// The organisation's domain, which its user names end in
    #[arg(long, value_name = "DOMAIN")]
    domain: String,
    /// The administrator's user name, before the `@`
    #[arg(long, value_name = "NAME", default_value = "admin")]
    administrator: String,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), String> {
    let Arguments { config, organisation, domain, administrator } = arguments;
    let Ok(Authority::Domain(domain)) = Authority::parse(&domain) else {
        return Err(format!("'{domain}' is not a domain name such as contoso.com"));
    };
    let upn = Upn::parse(&format!("{administrator}@{domain}")).map_err(sentence)?;
    let config = Config::load(config.as_deref()).map_err(sentence)?;
    if let StoreConfig::Folder(folder) = &config.store {
        fs::create_dir_all(folder)
            .map_err(|error| format!("the data folder {} cannot be made: {error}", folder.display()))?;
    }
    let random: &dyn Randomness = &SystemRandomness;
    let store = node::open_store(&serve::store_at(&config.store)).await.map_err(sentence)?;
    if !store.signing_keys().await.map_err(sentence)?.is_empty() {
        return Err("this store has a tenant already. `vestibule init` makes the first one only".into());
    }
    // Only for a store that is new: a key made for any other would open nothing.
    let master = master_key::read_or_create(&config.master_key_file, random).map_err(sentence)?;
    // Keys and tenant in one commit: a store has both or neither, whenever the power goes.
    let keys = node::first_keys(&Sealer::new(&master)).map_err(sentence)?;
    let password = one_time_password(random);
    let tenant = TenantId::from_random(random.bytes());
    let first = FirstTenant {
        id: tenant,
        name: organisation,
        domain,
        upn,
        client: ClientId::from_random(random.bytes()),
        graph: ServicePrincipalId::from_random(random.bytes()),
    };
    let changes =
        first.changes(PasswordHash::make(&Secret::new(password.as_str()), random)).map_err(sentence)?;
    let changes = changes.with(keys.into_iter().map(Change::AddSigningKey).collect());
    store.commit(changes).await.map_err(sentence)?;

    let told = first.tell(&mut io::stdout().lock(), &password, &config.master_key_file);
    // The store is made, and the password is known to nobody but this process.
    told.or_else(|_| first.tell(&mut io::stderr().lock(), &password, &config.master_key_file))
        .map_err(|error| format!("the store was made, but its administrator's password could not be shown ({error}). Delete the store and run this again"))
}

/// What the store begins with.
struct FirstTenant {
    id: TenantId,
    name: String,
    domain: String,
    upn: Upn,
    /// The program with which the administrator looks after the directory.
    client: ClientId,
    /// Microsoft Graph in the tenant.
    graph: ServicePrincipalId,
}

impl FirstTenant {
    fn tell(&self, out: &mut impl Write, password: &str, master_key: &Path) -> io::Result<()> {
        writeln!(out, "Tenant         {}  {}", self.id, self.domain)?;
        writeln!(out, "Administrator  {}", self.upn)?;
        writeln!(out, "Password       {password}   (for one sign-in, which asks for another)")?;
        writeln!(
            out,
            "Application    {}   (to look after the directory by Graph, as whoever signs in to it)",
            self.client
        )?;
        writeln!(
            out,
            "Master key     {}   (keep a copy, apart from backups of the store)",
            master_key.display()
        )?;
        writeln!(out, "\nNow start it: vestibule serve")?;
        out.flush()
    }

    fn changes(&self, password: PasswordHash) -> Result<Changes, MalformedRedirectUri> {
        let random: &dyn Randomness = &SystemRandomness;
        let (now, tenant) = (SystemClock.now(), self.id);
        let graph = Arc::new(microsoft_graph());
        let principal = ServicePrincipal::new(tenant, self.graph, graph.client_id, now);
        let graph = Registration { principal, application: graph };
        let record = AuditEvent::new(Activity::TenantCreated, tenant, now, random);
        Ok(Changes::one(Change::CreateTenant(Box::new(Tenant::of_personal_accounts())))
            .and(Change::CreateTenant(Box::new(self.tenant(now))))
            .and(Change::AddDomain { tenant, domain: self.domain.clone() })
            .and(Change::CreateServicePrincipal(Box::new(graph)))
            .and(Change::CreateUser(Box::new(self.administrator(password, now))))
            .with(self.administration(now)?)
            .and(Change::RecordAudit(record)))
    }

    fn tenant(&self, now: Timestamp) -> Tenant {
        Tenant {
            id: self.id,
            display_name: self.name.clone(),
            default_domain: self.domain.clone(),
            enabled: true,
            // RFC 9700's position, not Entra's: nobody depends on the latter here yet.
            compat: CompatProfile::Strict,
            user_consent: UserConsent::default(),
            flows: FlowPolicy::default(),
            token_lifetime: None,
            created_at: now,
            revision: 0,
        }
    }

    fn administrator(&self, password: PasswordHash, now: Timestamp) -> User {
        User {
            tenant: self.id,
            id: UserId::from_random((&SystemRandomness as &dyn Randomness).bytes()),
            upn: self.upn.clone(),
            display_name: "Administrator".into(),
            given_name: None,
            surname: None,
            mail: None,
            enabled: true,
            user_type: UserType::Member,
            external: None,
            directory_roles: vec![role::GLOBAL_ADMINISTRATOR],
            password: Some(password),
            must_change_password: true,
            valid_from: Timestamp::UNIX_EPOCH,
            created_at: now,
            profile: Profile::default(),
            revision: 0,
        }
    }

    /// A native application that may do, on behalf of whoever signs in to it, what they may: without one, an administrator
    /// could not even register the first. It proves nothing and has no right of its own.
    fn administration(&self, now: Timestamp) -> Result<Changes, MalformedRedirectUri> {
        let random: &dyn Randomness = &SystemRandomness;
        let id = ApplicationId::from_random(random.bytes());
        let redirect_uris =
            ["http://localhost", "http://127.0.0.1"].map(|uri| RedirectUri::register(Platform::Native, uri));
        let application = Application {
            redirect_uris: redirect_uris.into_iter().collect::<Result<_, _>>()?,
            is_fallback_public_client: true,
            publisher_domain: Some(self.domain.clone()),
            created_at: now,
            ..Application::new(self.id, id, self.client, "Administration".into())
        };
        let client = ServicePrincipalId::from_random(random.bytes());
        let principal = ServicePrincipal::new(self.id, client, self.client, now);
        let application = Arc::new(application);
        let scopes = ["openid", "profile", "offline_access", "User.Read", "Directory.AccessAsUser.All"];
        Ok(Changes::one(Change::CreateApplication(Box::new(Application::clone(&application))))
            .and(Change::CreateServicePrincipal(Box::new(Registration { principal, application })))
            .and(Change::GrantPermissions(PermissionGrant {
                tenant: self.id,
                client,
                resource: self.graph,
                principal: None,
                scopes: scopes.map(str::to_owned).to_vec(),
            })))
    }
}

/// Twenty characters without look-alikes, of at least three classes: about 115 bits.
fn one_time_password(random: &dyn Randomness) -> String {
    const ALPHABET: &[u8; 56] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    let draw = || loop {
        // Rejection keeps the draw uniform: 224 is the largest multiple of 56 below 256.
        let [roll] = random.bytes::<1>();
        if roll < 224 {
            return char::from(ALPHABET[usize::from(roll % 56)]);
        }
    };
    loop {
        let letters: String = (0..20).map(|_| draw()).collect();
        let password = [&letters[..5], &letters[5..10], &letters[10..15], &letters[15..]].join("-");
        let has = |class: fn(&u8) -> bool| password.bytes().any(|b| class(&b));
        if has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) {
            return password;
        }
    }
}
