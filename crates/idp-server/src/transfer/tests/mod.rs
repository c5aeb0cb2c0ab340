//! Files of tenants, in and out of stores in memory.

mod broken;
mod round_trip;
mod seeds;

use idp_domain::changes::Changes;
use idp_domain::clock::Clock as _;
use idp_domain::sealed::{MasterKey, Sealer};
use idp_domain::store::{Store as _, Tenants as _};
use idp_store::SqlStore;
use serde_json::{Value, json};
use vestibule_wire::ids::TenantId;

use super::import::ImportError;
use super::{Audience, Import, Imported, Secrets, export, import, parse};
use crate::world::{SystemClock, SystemRandomness};

/// A store with its key.
struct Place {
    store: SqlStore,
    sealer: Sealer,
}

impl Place {
    fn new(key: u8) -> Self {
        let sealer = Sealer::new(&MasterKey::new([key; 32]));
        Self { store: SqlStore::open_sqlite_in_memory().unwrap(), sealer }
    }

    fn with(&self, audience: Audience) -> Import<'_, SqlStore> {
        let (now, random) = (SystemClock.now(), &SystemRandomness);
        Import { store: &self.store, sealer: &self.sealer, audience, now, random }
    }

    async fn decide(&self, audience: Audience, files: &[&str]) -> Result<Imported, Vec<String>> {
        let mut documents = Vec::new();
        for (index, text) in files.iter().enumerate() {
            let name = if files.len() == 1 { String::new() } else { format!("{index}: ") };
            documents.push((name, parse(text.as_bytes()).map_err(|refused| refused.told().to_vec())?));
        }
        match import(&self.with(audience), documents).await {
            Ok(imported) => Ok(imported),
            Err(ImportError::Refused(refused)) => Err(refused.told().to_vec()),
            Err(other) => panic!("{other}"),
        }
    }

    /// Imports files, in one commit.
    async fn import(&self, files: &[&str]) -> Imported {
        let imported =
            self.decide(Audience::Developers, files).await.unwrap_or_else(|told| panic!("{told:#?}"));
        self.store.commit(imported.changes.clone()).await.unwrap();
        imported
    }

    async fn commit(&self, changes: Changes) {
        self.store.commit(changes).await.unwrap();
    }

    async fn export(&self, domain: &str, sealed: bool) -> String {
        let tenant = self.store.tenant_of_domain(domain).await.unwrap().unwrap();
        let secrets = if sealed { Secrets::Sealed(&self.sealer) } else { Secrets::Omitted };
        let document = export(&self.store, &tenant, secrets, &mut |_, _| {}).await.unwrap();
        let mut text = Vec::new();
        document.write(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    async fn tenant_id(&self, domain: &str) -> TenantId {
        self.store.tenant_of_domain(domain).await.unwrap().unwrap().id
    }
}

/// A file as somebody writes it, with one of everything.
fn acme() -> Value {
    json!({
        "format": "vestibule-tenant/1",
        "organization": {
            "displayName": "Acme", "domains": ["acme.test", "eu.acme.test"],
            "userConsent": "nothing", "refreshTokens": "strict", "tokenLifetime": 3600,
            "passwordGrant": "blockedForRoles", "deviceCode": "allowed"
        },
        "users": [
            { "userPrincipalName": "ann@acme.test", "password": "Correct-Horse-7",
              "displayName": "Ann", "directoryRoles": ["Global Administrator"] },
            { "userPrincipalName": "Ben@eu.acme.test", "password": "Correct-Horse-7", "jobTitle": "Clerk",
              "manager": "ann@acme.test", "businessPhones": ["+31 20 1234567"], "accountEnabled": false,
              "userType": "Guest", "forceChangePasswordNextSignIn": true, "createdDateTime": "2026-01-31T12:00:00Z" }
        ],
        "groups": [
            { "displayName": "Staff", "members": ["ann@acme.test", "Sales", "Acme Robot"], "owners": ["ann@acme.test"] },
            { "displayName": "Sales", "members": ["BEN@eu.acme.test"], "description": "They sell.", "isAssignableToRole": false },
            { "displayName": "Letters", "mailEnabled": true, "securityEnabled": false, "groupTypes": ["Unified"] }
        ],
        "applications": [
            { "displayName": "Acme API", "identifierUris": ["api://acme.test/api"],
              "api": { "requestedAccessTokenVersion": 2, "oauth2PermissionScopes": [
                  { "value": "Orders.Read", "adminConsentDisplayName": "Read orders",
                    "adminConsentDescription": "Read orders", "isEnabled": true, "type": "User" }] },
              "appRoles": [{ "value": "Orders.All", "displayName": "All orders", "description": "All orders",
                  "allowedMemberTypes": ["Application", "User"], "isEnabled": true }] },
            { "displayName": "Acme Web", "clientSecret": "acme-web-secret-of-development",
              "web": { "redirectUris": ["https://localhost:3001/callback"], "homePageUrl": "https://acme.test/" },
              "optionalClaims": { "idToken": [{ "name": "upn" }] }, "owners": ["ann@acme.test"], "unheardOf": [1, null],
              "federatedIdentityCredentials": [{ "name": "pipeline", "issuer": "https://ci.example.test",
                  "subject": "repo:acme/web", "audiences": ["api://AzureADTokenExchange"] }] },
            { "displayName": "Acme Robot", "clientSecret": "acme-robot-secret-of-development" },
            { "displayName": "Acme Draft", "servicePrincipal": false }
        ],
        "servicePrincipals": [
            { "displayName": "Acme API", "appRoleAssignmentRequired": true, "tags": ["HideApp"], "owners": ["ann@acme.test"] }
        ],
        "oauth2PermissionGrants": [
            { "clientId": "Acme Web", "resourceId": "Microsoft Graph", "scope": "openid profile User.Read" },
            { "clientId": "Acme Web", "resourceId": "Acme API", "principalId": "ben@eu.acme.test", "scope": "Orders.Read" }
        ],
        "appRoleAssignments": [
            { "principalId": "Acme Robot", "resourceId": "Acme API", "appRoleId": "Orders.All" },
            { "principalId": "Staff", "resourceId": "Acme API", "appRoleId": "Orders.All" },
            { "principalId": "ann@acme.test", "resourceId": "Acme Web" },
            { "principalId": "Acme Robot", "resourceId": "Microsoft Graph", "appRoleId": "User.Read.All" }
        ]
    })
}
