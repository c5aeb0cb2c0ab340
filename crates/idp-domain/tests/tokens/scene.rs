//! Who asks for what: alice of contoso signs in to the shop, which wants to use the API. A test changes what matters to it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idp_domain::applications::{
    Application, AssignedRoles, AuthenticatedClient, Client, ClientSecret, NotAssigned, PublicClient,
    Registration, Resource, ServicePrincipal, TokenVersion, microsoft_graph,
};
use idp_domain::consent::{ConsentRefusal, ConsentedScopes, PermissionGrant};
use idp_domain::credentials::client_secret_hash;
use idp_domain::directory::{Account, Home, Profile, TransitiveGroup, Upn, User, UserType};
use idp_domain::keys::{KeyRing, KeyStage, StoredKey};
use idp_domain::policies::{Admitted, FlowPolicy};
use idp_domain::randomness::Randomness;
use idp_domain::sealed::{MasterKey, Sealer};
use idp_domain::secret::Secret;
use idp_domain::sessions::{Facts, Session, SignedIn};
use idp_domain::tenant::{CompatProfile, Tenant, UserConsent};
use idp_domain::tokens::{
    AccessTokenLifetime, Assigned, Delivery, Granted, IdTokenWishes, Issued, Mint, Needs, Standing,
    TokenForm, issue,
};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;
use vestibule_wire::graph::{AppRole, MemberType, OptionalClaim, PermissionScope, PermissionType};
use vestibule_wire::ids::{
    ApplicationId, ClientId, GroupId, ServicePrincipalId, SessionId, TenantId, UserId,
};
use vestibule_wire::scope::{OidcScopes, ResourceName, ResourceScope, ScopeRequest};

pub(crate) const ORIGIN: &str = "https://login.example";
pub(crate) const CONTOSO: TenantId = TenantId::from_u128(0xc0c0_0000_0000_4000_8000_0000_0000_0001);
pub(crate) const FABRIKAM: TenantId = TenantId::from_u128(0xfab0_0000_0000_4000_8000_0000_0000_0001);
pub(crate) const SHOP: ClientId = ClientId::from_u128(0x5409_0000_0000_4000_8000_0000_0000_0001);
pub(crate) const API: ClientId = ClientId::from_u128(0xa919_0000_0000_4000_8000_0000_0000_0001);
pub(crate) const API_URI: &str = "api://contoso-api";
const SECRET: &str = "a secret of the shop";

/// 2026-01-01T12:00:00Z
pub(crate) fn noon() -> Timestamp {
    Timestamp::from_second(1_767_268_800).unwrap()
}

/// Values that differ, and are the same in every run.
struct Counter(AtomicU64);

impl Randomness for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            *byte = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes()[7];
        }
    }
}

pub(crate) fn sealer() -> Sealer {
    Sealer::new(&MasterKey::new([7; 32]))
}

fn keys() -> &'static KeyRing {
    static KEYS: OnceLock<KeyRing> = OnceLock::new();
    KEYS.get_or_init(|| {
        let key = StoredKey::generate(KeyStage::Current, &sealer(), noon(), &Counter(AtomicU64::new(0)));
        KeyRing::open(&[key.unwrap()], &sealer()).unwrap()
    })
}

/// Everything that one answer depends on.
pub(crate) struct Scene {
    pub(crate) tenant: Tenant,
    pub(crate) user: User,
    /// The account at home, of a guest whose tenant is one of ours.
    pub(crate) home: Option<Home>,
    pub(crate) client: Application,
    pub(crate) resource: Application,
    pub(crate) client_requires_assignment: bool,
    pub(crate) resource_requires_assignment: bool,
    pub(crate) scope: String,
    pub(crate) grants: Vec<String>,
    pub(crate) standing: Standing,
    pub(crate) id_form: TokenForm,
    pub(crate) delivery: Delivery,
    pub(crate) capabilities: Vec<String>,
    pub(crate) wishes: IdTokenWishes,
    pub(crate) public: bool,
}

/// A token, opened.
pub(crate) struct Opened {
    pub(crate) header: Value,
    pub(crate) claims: Value,
}

pub(crate) struct Tokens {
    pub(crate) access: Opened,
    pub(crate) id: Opened,
    pub(crate) issued: Issued,
}

impl Scene {
    /// The API takes tokens of this form.
    pub(crate) fn with_api(version: TokenVersion) -> Self {
        let mut resource = application(API, "Contoso API");
        resource.identifier_uris = vec![API_URI.into()];
        resource.access_token_version = version;
        resource.delegated_permissions = vec![permission(1, "Tasks.Read"), permission(2, "Tasks.Write")];
        resource.app_roles = vec![role(11, "Reader"), role(12, "Writer")];
        Self::with(resource, format!("openid profile {API_URI}/Tasks.Read"))
    }

    /// The shop asks for Microsoft Graph.
    pub(crate) fn with_graph() -> Self {
        Self::with(microsoft_graph(), "openid profile User.Read".into())
    }

    fn with(resource: Application, scope: String) -> Self {
        let mut client = application(SHOP, "Shop");
        client.app_roles = vec![role(21, "Customer"), role(22, "Clerk")];
        let secret = Secret::new(SECRET);
        client.secrets = vec![ClientSecret {
            id: Uuid::nil(),
            hash: client_secret_hash(&sealer(), SHOP, &secret),
            display_name: None,
            hint: None,
            starts_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::MAX,
        }];
        Self {
            tenant: contoso(),
            user: alice(),
            home: None,
            client,
            resource,
            client_requires_assignment: false,
            resource_requires_assignment: false,
            scope,
            grants: vec!["Tasks.Read".into(), "User.Read".into()],
            standing: Standing::default(),
            id_form: TokenForm::V2,
            delivery: Delivery::Body,
            capabilities: Vec::new(),
            wishes: IdTokenWishes::default(),
            public: false,
        }
    }

    /// The same in the forms of v1.0, or of v2.0.
    pub(crate) fn all_in(form: TokenForm) -> Self {
        let version = if form == TokenForm::V1 { TokenVersion::V1 } else { TokenVersion::V2 };
        Self { id_form: form, ..Self::with_api(version) }
    }

    /// alice may do something in both applications and is in a group that both tell of.
    pub(crate) fn with_place(mut self) -> Self {
        self.standing.client = Assigned { roles: vec![Uuid::from_u128(21)], groups: vec![group(1)] };
        self.standing.resource = Assigned { roles: vec![Uuid::from_u128(11)], groups: vec![group(1)] };
        self.standing.groups = groups(2);
        for application in [&mut self.client, &mut self.resource] {
            application.group_membership_claims.security_groups = true;
        }
        self
    }

    /// Both applications ask for these optional claims.
    pub(crate) fn asking(mut self, claims: &[(&str, &[&str])]) -> Self {
        let asked: Vec<_> = claims.iter().map(|(name, words)| optional(name, words)).collect();
        self.client.optional_claims.id_token = asked.clone();
        self.resource.optional_claims.access_token = asked;
        self
    }

    /// alice was invited from fabrikam.
    pub(crate) fn with_guest(mut self) -> Self {
        self.user.user_type = UserType::Guest;
        self.user.upn = Upn::parse("alice_fabrikam.test#EXT#@contoso.test").unwrap();
        self.user.mail = Some("alice@fabrikam.test".into());
        let identities = serde_json::json!([
            { "signInType": "federated", "issuer": "https://sts.windows.net/fab00000-0000-4000-8000-000000000001/" },
        ]);
        self.user.profile.set("identities", identities);
        self
    }

    fn registration(&self, application: &Application, number: u128, required: bool) -> Registration {
        let id = ServicePrincipalId::from_u128(number);
        let mut principal = ServicePrincipal::new(CONTOSO, id, application.client_id, noon());
        principal.assignment_required = required;
        Registration { principal, application: Arc::new(application.clone()) }
    }

    fn client(&self) -> Registration {
        let number = if self.client.client_id == self.resource.client_id { 102 } else { 101 };
        self.registration(&self.client, number, self.client_requires_assignment)
    }

    fn asked(&self) -> (Vec<ResourceScope>, OidcScopes, Resource) {
        let asked = ScopeRequest::parse(&self.scope).unwrap();
        let name = asked.permissions.first().map_or(ResourceName::MicrosoftGraph, |s| s.resource.clone());
        let resource = self.registration(&self.resource, 102, self.resource_requires_assignment);
        (asked.permissions, asked.oidc, Resource::enabled(resource).unwrap().asked_by(&name))
    }

    pub(crate) fn authenticated(&self) -> AuthenticatedClient {
        AuthenticatedClient::by_secret(self.client(), &Secret::new(SECRET), &sealer(), noon()).unwrap()
    }

    fn proven(&self) -> Client {
        if self.public {
            Client::Public(PublicClient::of(self.client()).unwrap())
        } else {
            Client::Confidential(self.authenticated())
        }
    }

    /// A guest whose home is a tenant of this installation.
    pub(crate) fn with_guest_of_fabrikam(self) -> Self {
        let tenant = Tenant { id: FABRIKAM, display_name: "Fabrikam".into(), ..contoso() };
        let (id, upn) = (UserId::from_u128(0xa11c_0000_0000_4000_8000_0000_0000_0002), "alice@fabrikam.test");
        let user = User { tenant: FABRIKAM, id, upn: Upn::parse(upn).unwrap(), ..alice() };
        let mut scene = self.with_guest();
        scene.user = scene.user.accepted_by(&user, noon());
        scene.user.mail = Some(upn.into());
        Self { home: Some(Home { user, tenant }), ..scene }
    }

    fn signed_in(&self) -> SignedIn {
        self.signed_in_by(Facts::password_in_browser(noon(), Some([192, 0, 2, 7].into())))
    }

    pub(crate) fn signed_in_by(&self, facts: Facts) -> SignedIn {
        let there = self.home.as_ref().map_or(&self.user, |home| &home.user);
        let account = Account::at_home(there.clone()).unwrap();
        let session = Session {
            tenant: there.tenant,
            id: SessionId::from_u128(0x5e55_0000_0000_4000_8000_0000_0000_0001),
            user: there.id,
            browser: [0; 32],
            facts,
            persistent: false,
            last_used: noon(),
        };
        let signed_in = SignedIn::by_session(&session, account, noon()).unwrap();
        match self.home.clone() {
            Some(home) => signed_in.elsewhere(Account::guest(self.user.clone(), home).unwrap()).unwrap(),
            None => signed_in,
        }
    }

    pub(crate) fn consented(&self) -> Result<ConsentedScopes, ConsentRefusal> {
        let (scopes, oidc, resource) = self.asked();
        let grant = PermissionGrant {
            tenant: CONTOSO,
            client: self.client().principal.id,
            resource: resource.registration().principal.id,
            principal: None,
            scopes: self.grants.clone(),
        };
        ConsentedScopes::check(&scopes, oidc, self.client.client_id, resource, &[grant])
    }

    pub(crate) fn needs(&self) -> Needs {
        Needs::of(&self.tenant, &self.proven(), &self.user, &self.consented().unwrap())
    }

    pub(crate) fn granted(&self) -> Result<Granted, NotAssigned> {
        let (tenant, standing) = (self.tenant.clone(), self.standing.clone());
        let scopes = self.consented().unwrap();
        let admitted = Admitted::check(&tenant, self.signed_in()).unwrap();
        let granted = Granted::delegated(tenant, self.proven(), admitted, scopes, standing)?;
        Ok(granted
            .wishing(self.wishes.clone())
            .with_id_token_in(self.id_form)
            .delivered(self.delivery.clone())
            .capable_of(self.capabilities.clone()))
    }

    /// The tokens alice gets.
    pub(crate) fn tokens(&self) -> Tokens {
        let issued = mint(self.granted().unwrap());
        let id = issued
            .id_token
            .as_deref()
            .map(open)
            .unwrap_or(Opened { header: Value::Null, claims: Value::Null });
        Tokens { access: issued.access.as_ref().map(|access| open(&access.token)).unwrap(), id, issued }
    }

    pub(crate) fn access(&self) -> Value {
        self.tokens().access.claims
    }

    pub(crate) fn id(&self) -> Value {
        self.tokens().id.claims
    }

    /// The token the shop gets for itself.
    pub(crate) fn app_only(&self, roles: &[u128]) -> Opened {
        let roles: Vec<_> = roles.iter().copied().map(Uuid::from_u128).collect();
        let roles = AssignedRoles::on(self.asked().2, &roles).unwrap();
        open(&mint(Granted::app_only(self.tenant.clone(), self.authenticated(), roles)).access.unwrap().token)
    }
}

/// From the authorize endpoint: both tokens.
pub(crate) fn front_channel() -> Delivery {
    Delivery::FrontChannel { access_token: true, id_token: true, code: None }
}

fn mint(granted: Granted) -> Issued {
    with_mint(|mint| issue(mint, granted, noon()).unwrap())
}

/// What is issued at the origin of the scene.
pub(crate) fn with_mint<T>(issued: impl FnOnce(&Mint<'_>) -> T) -> T {
    let random = Counter(AtomicU64::new(0));
    issued(&Mint {
        keys: keys(),
        sealer: &sealer(),
        origin: ORIGIN,
        graph: &format!("{ORIGIN}/graph"),
        lifetime: AccessTokenLifetime::Fixed(3600),
        random: &random,
    })
}

pub(crate) fn open(token: &str) -> Opened {
    let parts: Vec<_> = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
    let read = |part: &[u8]| serde_json::from_slice(part).unwrap();
    Opened { header: read(&parts[0]), claims: read(&parts[1]) }
}

pub(crate) fn contoso() -> Tenant {
    Tenant {
        id: CONTOSO,
        display_name: "Contoso".into(),
        default_domain: "contoso.test".into(),
        enabled: true,
        compat: CompatProfile::Entra,
        user_consent: UserConsent::default(),
        flows: FlowPolicy::ALLOWED,
        token_lifetime: None,
        created_at: Timestamp::from_second(1_700_000_000).unwrap(),
        revision: 0,
    }
}

fn alice() -> User {
    User {
        tenant: CONTOSO,
        id: UserId::from_u128(0xa11c_0000_0000_4000_8000_0000_0000_0001),
        upn: Upn::parse("alice@contoso.test").unwrap(),
        display_name: "Alice Liddell".into(),
        given_name: Some("Alice".into()),
        surname: Some("Liddell".into()),
        mail: Some("alice@contoso.test".into()),
        enabled: true,
        user_type: UserType::Member,
        external: None,
        directory_roles: Vec::new(),
        password: None,
        must_change_password: false,
        valid_from: Timestamp::UNIX_EPOCH,
        created_at: Timestamp::UNIX_EPOCH,
        profile: Profile::default(),
        revision: 0,
    }
}

fn application(client: ClientId, name: &str) -> Application {
    let id = ApplicationId::from_random(*client.as_bytes());
    Application::new(CONTOSO, id, client, name.into())
}

pub(crate) fn permission(id: u128, value: &str) -> PermissionScope {
    PermissionScope {
        id: Uuid::from_u128(id),
        value: value.into(),
        kind: PermissionType::User,
        admin_consent_display_name: None,
        admin_consent_description: None,
        user_consent_display_name: None,
        user_consent_description: None,
        is_enabled: true,
    }
}

fn role(id: u128, value: &str) -> AppRole {
    AppRole {
        id: Uuid::from_u128(id),
        value: Some(value.into()),
        display_name: value.into(),
        description: String::new(),
        allowed_member_types: vec![MemberType::User, MemberType::Application],
        is_enabled: true,
    }
}

pub(crate) fn optional(name: &str, words: &[&str]) -> OptionalClaim {
    let source = name.starts_with("extension_").then(|| "user".to_owned());
    let additional_properties = words.iter().map(|&word| word.to_owned()).collect();
    OptionalClaim { name: name.into(), source, essential: false, additional_properties }
}

pub(crate) fn group(number: u128) -> GroupId {
    GroupId::from_u128(0x6009_0000_0000_4000_8000_0000_0000_0000 + number)
}

/// Security groups, of which the first is direct.
pub(crate) fn groups(count: u128) -> Vec<TransitiveGroup> {
    (1..=count)
        .map(|number| TransitiveGroup { id: group(number), security_enabled: true, direct: number == 1 })
        .collect()
}
