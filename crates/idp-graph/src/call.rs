//! One call of an operation: what a handler sees, and the only way in which it changes anything.
//!
//! A handler reads through the ports and cannot write through them: [`Call::commit`] takes the proof that the caller may,
//! records what was done in the same commit, and guards it by the caller's rights as they were decided on.

use idp_domain::audit::{Activity, AuditEvent, Target as AuditTarget};
use idp_domain::changes::{Change, Changes, Conflict};
use idp_domain::credentials::{Lockout, LockoutKey, PasswordHash};
use idp_domain::directory::{DirectoryObject, ObjectKind, Relation};
use idp_domain::randomness::Randomness;
use idp_domain::sealed::Sealer;
use idp_domain::secret::Secret;
use idp_domain::store::{Applications, CommitError, Directory, Tenants, Users};
use idp_web::request::RequestInfo;
use idp_web::state::Shared;
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;
use vestibule_wire::ids::{TenantId, UserId};

use crate::authorize::{self, Action, Allowed, Target};
use crate::caller::Caller;
use crate::error::Refusal;
use crate::etag::IfMatch;
use crate::operations::Operation;
use crate::path::Key;

/// What was asked: the same each time it is decided on.
#[derive(Debug)]
pub struct Asked {
    /// Which operation.
    pub operation: &'static Operation,
    /// The path under the version, as it was asked.
    pub path: String,
    /// The keys in the path, in order.
    pub keys: Vec<Key>,
    /// The query, as it was sent.
    pub query: String,
    /// `ConsistencyLevel: eventual`
    pub eventual: bool,
    /// `If-Match`
    pub if_match: IfMatch,
    /// The body.
    pub body: Option<Map<String, Value>>,
    /// `v1.0` or `beta`.
    pub version: &'static str,
}

/// One call.
pub struct Call<'a> {
    app: &'a Shared,
    info: &'a RequestInfo,
    asked: &'a Asked,
    caller: Caller,
}

/// What happened to which object, for the record. Never a value.
#[derive(Debug)]
pub struct Record {
    activity: Activity,
    target: AuditTarget,
}

impl Record {
    /// Something happened to an object.
    pub fn of(activity: Activity, object: &DirectoryObject) -> Self {
        let target = AuditTarget {
            kind: kind_word(object.kind()).to_owned(),
            id: object.id(),
            name: object.display_name().to_owned(),
            other: None,
            changed: Vec::new(),
        };
        Self { activity, target }
    }

    /// Something happened to something that is no directory object.
    pub fn about(activity: Activity, kind: &str, id: Uuid, name: &str) -> Self {
        let (kind, name) = (kind.to_owned(), name.to_owned());
        Self { activity, target: AuditTarget { kind, id, name, other: None, changed: Vec::new() } }
    }

    /// Together with another object.
    pub const fn with(mut self, other: Uuid) -> Self {
        self.target.other = Some(other);
        self
    }

    /// Which members changed.
    pub fn changing<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.target.changed = names.into_iter().map(str::to_owned).collect();
        self.target.changed.sort_unstable();
        self.target.changed.dedup();
        self
    }
}

/// The word for a kind of object in Graph.
pub const fn kind_word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "user",
        ObjectKind::Group => "group",
        ObjectKind::Application => "application",
        ObjectKind::ServicePrincipal => "servicePrincipal",
    }
}

impl<'a> Call<'a> {
    pub(crate) const fn new(
        app: &'a Shared,
        info: &'a RequestInfo,
        asked: &'a Asked,
        caller: Caller,
    ) -> Self {
        Self { app, info, asked, caller }
    }

    /// Who calls.
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }

    /// What was asked.
    pub const fn asked(&self) -> &Asked {
        self.asked
    }

    /// The tenant of everything.
    pub const fn tenant(&self) -> TenantId {
        self.caller.tenant().id
    }

    /// Now.
    pub const fn now(&self) -> Timestamp {
        self.info.now()
    }

    /// Randomness.
    pub fn random(&self) -> &dyn Randomness {
        &*self.app.random
    }

    /// A new id.
    pub fn new_id(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.app.random.bytes()).into_uuid()
    }

    /// Seals what travels.
    pub fn sealer(&self) -> &Sealer {
        &self.app.sealer
    }

    /// Hashes a new password, where slow things run.
    pub async fn hash(&self, password: Secret) -> Result<PasswordHash, Refusal> {
        let with = Shared::clone(self.app);
        let job = move || PasswordHash::make(&password, &*with.random);
        self.app.passwords.run(job).await.map_err(|_| Refusal::Busy)
    }

    /// Whether this is the password, where slow things run.
    pub async fn verify(&self, hash: Option<PasswordHash>, password: Secret) -> Result<bool, Refusal> {
        self.app.passwords.verify(hash, password).await.map_err(|_| Refusal::Busy)
    }

    /// Reads tenants.
    pub fn tenants(&self) -> &dyn Tenants {
        &*self.app.store
    }

    /// Reads users.
    pub fn users(&self) -> &dyn Users {
        &*self.app.store
    }

    /// Reads applications.
    pub fn applications(&self) -> &dyn Applications {
        &*self.app.store
    }

    /// Reads the objects of the directory.
    pub fn directory(&self) -> &dyn Directory {
        &*self.app.store
    }

    /// Whether the caller may do this to that.
    pub fn allow(&self, action: Action, target: &Target) -> Result<Allowed, Refusal> {
        Ok(authorize::allow(self.caller.standing(), action, target)?)
    }

    /// Whether there is anything but the caller's own account that they may do this to.
    pub fn might_beyond_themselves(&self, action: Action) -> bool {
        authorize::might_beyond_themselves(self.caller.standing(), action)
    }

    /// Whether the caller owns the object.
    pub async fn owns(&self, object: Uuid) -> Result<bool, Refusal> {
        let owner = self.caller.object();
        Ok(self.directory().is_linked(self.tenant(), Relation::Owner, object, owner).await?)
    }

    /// The key at this place of the path.
    pub fn key(&self, place: usize) -> Result<&Key, Refusal> {
        // A template has as many keys as its handler asks for; no input makes it otherwise.
        self.asked.keys.get(place).ok_or_else(|| Refusal::NoSuchPath(String::new()))
    }

    /// The object id at this place of the path.
    pub fn id(&self, place: usize) -> Result<Uuid, Refusal> {
        match self.key(place)? {
            Key::Id(text) => read_id(text),
            Key::By(property, _) => Err(Refusal::Bad {
                message: format!("The key property '{property}' is not one that this resource is found by."),
                target: None,
            }),
        }
    }

    /// The body; an empty one says nothing.
    pub fn body(&self) -> Result<&Map<String, Value>, Refusal> {
        let missing = || Refusal::Malformed("The payload is empty.".into());
        self.asked.body.as_ref().ok_or_else(missing)
    }

    /// Makes changes come true, with the record of them, if the caller's rights are still what they were decided on.
    pub async fn commit(
        &self,
        allowed: &Allowed,
        changes: Changes,
        records: impl IntoIterator<Item = Record>,
    ) -> Result<(), CommitError> {
        debug_assert!(allowed.action().writes(), "{:?} is no right to change anything", allowed.action());
        let mut recorded = false;
        let mut all = self.caller.guards().with(changes);
        for Record { activity, target } in records {
            all.add(Change::RecordAudit(AuditEvent { target: Some(target), ..self.event(activity) }));
            recorded = true;
        }
        debug_assert!(recorded, "GA-17: {:?} leaves no record", allowed.action());
        self.app.store.commit(all).await
    }

    /// Counts an attempt at a password as a failure, with the record of it, as the sign-in page does.
    pub(crate) async fn count_attempt(
        &self,
        key: LockoutKey,
        expected: i64,
        next: Lockout,
        activity: Activity,
    ) -> Result<(), CommitError> {
        let counted = Change::SetLockout { key, expected, next };
        let record = Change::RecordAudit(self.event(activity));
        self.app.store.commit(self.caller.guards().and(counted).and(record)).await
    }

    /// Takes back what was counted, because the password was right. Unguarded: that does not change any more.
    pub(crate) async fn forget_attempts(&self, user: UserId) -> Result<(), CommitError> {
        self.app.store.commit(Changes::one(Change::ClearLockouts { tenant: self.tenant(), user })).await
    }

    fn event(&self, activity: Activity) -> AuditEvent {
        AuditEvent {
            user: self.caller.user().map(|user| user.id),
            client: Some(self.caller.client().client_id()),
            address: self.info.address,
            correlation_id: Some(self.info.reference.correlation_id),
            ..AuditEvent::new(activity, self.tenant(), self.now(), &*self.app.random)
        }
    }

    /// Where people are sent: the public origin.
    pub fn origin(&self) -> &str {
        self.app.origin.as_str()
    }

    /// The address of something under this version: `https://…/graph/v1.0/{path}`.
    pub fn address(&self, path: &str) -> String {
        format!("{}/{}/{path}", self.app.graph(), self.asked.version)
    }

    /// `@odata.context` of what this fragment says.
    pub fn context(&self, fragment: &str) -> Value {
        Value::String(self.address(&format!("$metadata#{fragment}")))
    }
}

/// An object id, in its hyphenated form.
pub fn read_id(text: &str) -> Result<Uuid, Refusal> {
    let malformed = || Refusal::Bad { message: format!("Invalid object identifier '{text}'."), target: None };
    if text.len() == 36 { Uuid::try_parse(text).map_err(|_| malformed()) } else { Err(malformed()) }
}

/// Says what a conflict means, where it means something in particular.
pub fn explain(error: CommitError, meaning: impl FnOnce(Conflict) -> Option<Refusal>) -> Refusal {
    match error {
        CommitError::Conflict(conflict) => meaning(conflict).unwrap_or(Refusal::OutOfDate(conflict)),
        CommitError::Unavailable(cause) => cause.into(),
    }
}
