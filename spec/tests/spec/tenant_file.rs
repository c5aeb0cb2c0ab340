//! A tenant as one file: `vestibule export`, `vestibule import`, `vestibule dev --seed`, as somebody has them who keeps a
//! test directory in version control.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use spec::browser::{Browser, authorize_at};
use spec::cast::{Application, Person, Tenant};
use spec::client::Client;
use spec::installation::{HOST, Installation};
use spec::server::Server;
use spec::tokens::Jwt;
use spec::world::Pkce;

/// An operator with a folder, a configuration and nothing else.
fn operator() -> Installation {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new([HOST.to_owned()]).unwrap().self_signed(&key).unwrap();
    Installation::new(&certificate.pem(), &key.serialize_pem())
}

/// A file as somebody writes it: no ids, names for everything.
fn acme() -> Value {
    json!({
        "format": "vestibule-tenant/1",
        "organization": { "displayName": "Acme", "domains": ["acme.test"] },
        "users": [
            { "userPrincipalName": "ann@acme.test", "password": "Acme-password-1", "directoryRoles": ["Global Administrator"] },
            { "userPrincipalName": "ben@acme.test", "password": "Acme-password-1" }
        ],
        "groups": [{ "displayName": "Staff", "members": ["ann@acme.test", "ben@acme.test"] }],
        "applications": [
            { "displayName": "Acme Web", "clientSecret": "acme-web-secret-published",
              "web": { "redirectUris": ["https://localhost:3001/callback"] } },
            { "displayName": "Acme Robot", "clientSecret": "acme-robot-secret-published" },
            { "displayName": "Acme API", "identifierUris": ["api://acme-api"],
              "api": { "requestedAccessTokenVersion": 2,
                       "oauth2PermissionScopes": [{ "value": "Orders.Read", "type": "User", "isEnabled": true,
                           "adminConsentDisplayName": "Read orders", "adminConsentDescription": "Read orders" }] },
              "appRoles": [{ "value": "Orders.All", "displayName": "Orders", "description": "Orders",
                             "allowedMemberTypes": ["Application", "User"], "isEnabled": true }] }
        ],
        "oauth2PermissionGrants": [
            { "clientId": "Acme Web", "resourceId": "Microsoft Graph", "scope": "openid profile offline_access User.Read" },
            { "clientId": "Acme Web", "resourceId": "Acme API", "scope": "Orders.Read" }
        ],
        "appRoleAssignments": [
            { "principalId": "Acme Robot", "resourceId": "Acme API", "appRoleId": "Orders.All" },
            { "principalId": "Staff", "resourceId": "Acme API", "appRoleId": "Orders.All" }
        ]
    })
}

fn write(operator: &Installation, name: &str, file: &Value) -> PathBuf {
    let path = operator.path(name);
    fs::write(&path, serde_json::to_string_pretty(file).unwrap()).unwrap();
    path
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn folder() -> PathBuf {
    tempfile::Builder::new().prefix("vestibule-spec-").tempdir().unwrap().keep()
}

/// Who and what of Acme a server knows.
struct Acme {
    tenant: Tenant,
    ann: Person,
    web: Application,
    robot: Application,
}

impl Acme {
    fn of(server: &Server) -> Self {
        let dev = server.dev();
        let named = |name: &str| dev.applications.iter().find(|app| app.name == name).unwrap().clone();
        Self {
            tenant: dev.tenants.iter().find(|tenant| tenant.domain == "acme.test").unwrap().clone(),
            ann: dev.users.iter().find(|user| user.upn == "ann@acme.test").unwrap().clone(),
            web: named("Acme Web"),
            robot: named("Acme Robot"),
        }
    }

    /// The robot gets a token by its secret, and Ann signs in with her password and gets one for the API.
    async fn works(&self, server: &Server) {
        let client = Client::of(server);
        let robot =
            client.token(&self.tenant, &self.robot.for_itself("api://acme-api/.default")).await.tokens();
        let claims = Jwt::verified(&client, &self.tenant, robot.access()).await.claims;
        assert_eq!(claims.strings("roles"), ["Orders.All"]);

        let (mut browser, pkce) = (Browser::at(server), Pkce::new());
        let request = self
            .web
            .authorizes("openid api://acme-api/Orders.Read")
            .with("code_challenge", &pkce.challenge)
            .with("code_challenge_method", "S256");
        let landing = browser.sign_in(&self.ann, &authorize_at("acme.test", &request)).await;
        let redeem = self.web.redeems(landing.returned().code()).with("code_verifier", &pkce.verifier);
        let tokens = client.token(&self.tenant, &redeem).await.tokens();
        let claims = Jwt::verified(&client, &self.tenant, tokens.access()).await.claims;
        assert_eq!((claims.str("scp"), claims.str("oid")), ("Orders.Read", self.ann.id.as_str()));
        assert_eq!(claims.strings("roles"), ["Orders.All"], "by the group");
    }
}

#[tokio::test]
async fn a_server_starts_from_a_file_that_somebody_wrote() {
    let operator = operator();
    let file = write(&operator, "acme.json", &acme());
    let server = Server::with(&["--seed", text(&file)]);
    let dev = server.dev();
    assert_eq!(dev.tenants.len(), 1, "in place of the built-in organisations");
    assert_eq!(dev.users[0].roles, ["Global Administrator"]);
    let kinds: Vec<_> = dev.applications.iter().map(|app| app.kind.as_str()).collect();
    assert_eq!(kinds, ["web", "daemon", "api"]);
    assert_eq!(dev.applications[2].scopes, ["api://acme-api/Orders.Read"]);
    let acme = Acme::of(&server);
    acme.works(&server).await;
    let summary = fs::read_to_string(server.data().join("stdout.log")).unwrap();
    for word in
        ["ann@acme.test", "Acme Robot", "acme.test/oauth2/v2.0/token", "scope=api://acme-api/.default"]
    {
        assert!(summary.contains(word), "{word}: {summary}");
    }

    // The same on another machine, and after a crash without the file.
    let again = Server::with(&["--seed", text(&file)]);
    assert_eq!(Acme::of(&again).web.client_id, acme.web.client_id);
    assert_eq!(Acme::of(&again).ann.id, acme.ann.id);
    let again = again.killed_and_started_again();
    Acme::of(&again).works(&again).await;
}

#[test]
fn a_folder_that_was_started_from_something_else_is_left_as_it_is() {
    let operator = operator();
    let file = write(&operator, "acme.json", &acme());
    let folder = folder();
    operator.run_bare(&["import", "--data", text(&folder), text(&file)], &[]).went_well();
    let dev = ["dev", "--data", text(&folder), "--listen", "127.0.0.1:0", "--seed", text(&file)];
    let refusal = ["started from something else", "--data", "rm "];
    operator.run_bare(&dev, &[]).refused(&refusal);
    // Nor does anybody else than its own server get at it, nor a server for others.
    let contoso = Server::shared().data();
    let export = ["export", "--data", text(contoso), "--tenant", "contoso.test"];
    operator.run_bare(&export, &[]).refused(&["another server has", "stop it first"]);
    operator.configure(&format!("{}/store", text(&operator.path(""))).replace("//", "/"), text(&folder));
    fs::copy(folder.join("master.key"), operator.path("master.key")).unwrap();
    operator.run(&["serve"]).refused(&["made by `vestibule dev`"]);
    operator.run(&["import", text(&file)]).refused(&["made by `vestibule dev`", "--data"]);
    operator.run(&["export", "--tenant", "acme.test"]).refused(&["made by `vestibule dev`", "--data"]);
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn what_is_exported_with_its_secrets_sealed_works_in_another_store_with_the_same_key() {
    let operator = operator();
    let file = write(&operator, "acme.json", &acme());
    let (from, to) = (folder(), folder());
    operator.run_bare(&["import", "--data", text(&from), text(&file)], &[]).went_well();
    let out = operator.path("out.json");
    let export = |folder: &Path, file: &Path, secrets: &str| {
        let said = operator.run_bare(
            &[
                "export",
                "--data",
                text(folder),
                "--tenant",
                "acme.test",
                "--secrets",
                secrets,
                "--output",
                text(file),
            ],
            &[],
        );
        said.went_well();
        fs::read_to_string(file).unwrap()
    };
    let sealed = export(&from, &out, "sealed");
    for secret in ["Acme-password-1", "acme-web-secret", "argon2"] {
        assert!(!sealed.contains(secret), "{secret}");
    }
    fs::copy(from.join("master.key"), to.join("master.key")).unwrap();
    let said = operator.run_bare(&["import", "--data", text(&to), text(&out)], &[]);
    assert_eq!(said.went_well().value("Users"), "2");
    assert_eq!(export(&to, &operator.path("again.json"), "sealed"), sealed, "to the byte");
    let printed = operator.run_bare(&["export", "--data", text(&to), "--tenant", said.value("Tenant")], &[]);
    assert_eq!(printed.went_well().output, export(&to, &operator.path("open.json"), "omit"));
    assert!(!printed.output.contains("passwordHash") && !printed.output.contains("sealed"));

    // What people and programs know still works, though no file says it any more.
    let server = Server::on(to, &[]);
    let mut acme = Acme::of(&server);
    assert_eq!((acme.ann.password.as_str(), acme.robot.client_secret.as_deref()), ("", None));
    acme.ann.password = "Acme-password-1".into();
    acme.robot.client_secret = Some("acme-robot-secret-published".into());
    acme.web.client_secret = Some("acme-web-secret-published".into());
    acme.works(&server).await;

    // Under another key it is refused, whole.
    let elsewhere = folder();
    let said = operator.run_bare(&["import", "--data", text(&elsewhere), text(&out)], &[]);
    assert_eq!(said.status.code(), Some(1), "{said:?}");
    assert!(said.errors.contains("\n  users[0].passwordHash: it does not open"), "{said:?}");
    for folder in [from, elsewhere] {
        fs::remove_dir_all(folder).unwrap();
    }
}

#[tokio::test]
async fn a_store_for_others_takes_a_tenant_whole_or_not_at_all() {
    let operator = operator();
    let broken = write(&operator, "broken.json", &acme());
    let said = operator.run(&["import", text(&broken)]);
    assert_eq!((said.status.code(), said.output.as_str()), (Some(1), ""), "{said:?}");
    let lines: Vec<_> = said.errors.lines().collect();
    assert!(
        lines[0].ends_with("nothing was imported, because these things are wrong with the file:"),
        "{said:?}"
    );
    assert!(lines[1].starts_with("  applications[0].clientSecret: "), "{said:?}");
    assert!(lines[2].starts_with("  applications[1].clientSecret: "), "{said:?}");
    assert_eq!(lines.len(), 3);
    operator.run(&["export", "--tenant", "acme.test"]).refused(&["no tenant acme.test"]);

    let mut good = acme();
    for index in 0..2 {
        good["applications"][index].as_object_mut().unwrap().remove("clientSecret");
    }
    let good = write(&operator, "good.json", &good);
    let said = operator.run(&["import", text(&good)]);
    assert_eq!(said.went_well().value("Applications"), "3");
    let again = operator.run(&["import", text(&good)]);
    assert!(again.errors.contains("organization.id: the store has this tenant already"), "{again:?}");

    // It is a store like one that `init` makes.
    operator.init().refused(&["has a tenant already"]);
    let _running = operator.serve();
    let answer = operator.client().get("/acme.test/v2.0/.well-known/openid-configuration").await;
    answer.is(200);
    assert!(answer.json().str("issuer").contains(said.value("Tenant")));
}

#[test]
fn st_15_what_is_meant_and_is_not_there_is_said_in_a_sentence() {
    let operator = operator();
    let nowhere = operator.path("nowhere");
    let export = ["export", "--data", text(&nowhere), "--tenant", "acme.test"];
    operator.run_bare(&export, &[]).refused(&["there is no store in"]);
    assert!(!nowhere.exists(), "looking for a store makes none");
    let import = ["import", "--data", text(&nowhere), "/no/such/file.json"];
    operator.run_bare(&import, &[]).refused(&["/no/such/file.json cannot be read"]);
    operator
        .run_bare(&["dev", "--data", text(&nowhere), "--seed", "/no/such/file.json"], &[])
        .refused(&["cannot be read"]);
    assert!(!nowhere.exists());
    operator.run_bare(&["export", "--tenant", "acme.test"], &[]).refused(&["the setting origin is missing"]);
    let file = operator.path("not.json");
    fs::write(&file, "{\n  nothing\n}").unwrap();
    let said = operator.run_bare(&["import", "--data", text(&nowhere), text(&file)], &[]);
    assert!(said.errors.contains("the file: it is not JSON: line 2, column 3"), "{said:?}");
    assert!(!nowhere.exists());
}
