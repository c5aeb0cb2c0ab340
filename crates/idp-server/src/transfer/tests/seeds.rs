//! Files that somebody wrote, without ids.

use idp_domain::credentials::PasswordHash;
use idp_domain::directory::Upn;
use idp_domain::secret::Secret;
use idp_domain::store::Users as _;

use super::{Audience, Place, acme};

#[tokio::test]
async fn a_file_without_ids_means_the_same_objects_wherever_it_is_read() {
    let (here, there) = (Place::new(7), Place::new(8));
    let text = acme().to_string();
    let (first, second) = (here.import(&[&text]).await, there.import(&[&text]).await);
    let ids = |imported: &super::Imported| {
        let roster = &imported.roster;
        let users: Vec<_> = roster.users.iter().map(|user| user.id).collect();
        (roster.tenants[0].id, users, roster.applications.iter().map(|app| app.client_id).collect::<Vec<_>>())
    };
    assert_eq!(ids(&first), ids(&second));
    let strip = |text: String| {
        let kept = text.lines().filter(|line| !line.contains("createdDateTime")).map(str::to_owned);
        kept.collect::<Vec<_>>()
    };
    assert_eq!(strip(here.export("acme.test", false).await), strip(there.export("acme.test", false).await));
}

#[tokio::test]
async fn people_with_the_same_password_have_it_hashed_once() {
    let place = Place::new(7);
    place.import(&[&acme().to_string()]).await;
    let tenant = place.tenant_id("acme.test").await;
    let mut hashes = Vec::new();
    for name in ["ann@acme.test", "ben@eu.acme.test"] {
        let user = place.store.user_by_upn(tenant, &Upn::parse(name).unwrap()).await.unwrap().unwrap();
        hashes.push(user.password.unwrap().as_phc().to_owned());
    }
    assert_eq!(hashes[0], hashes[1]);
    assert!(PasswordHash::from_phc(hashes.remove(0)).verify(&Secret::new("Correct-Horse-7")));
}

#[tokio::test]
async fn the_roster_says_who_is_who() {
    let roster = Place::new(7).import(&[&acme().to_string()]).await.roster;
    assert_eq!((roster.tenants[0].name.as_str(), roster.tenants[0].domain.as_str()), ("Acme", "acme.test"));
    assert_eq!(roster.users[0].password.as_deref(), Some("Correct-Horse-7"));
    assert_eq!(roster.users[0].roles, ["Global Administrator"]);
    let kinds: Vec<_> =
        roster.applications.iter().map(|app| (app.name.as_str(), app.kind.as_str())).collect();
    let expected =
        [("Acme API", "api"), ("Acme Web", "web"), ("Acme Robot", "daemon"), ("Acme Draft", "daemon")];
    assert_eq!(kinds, expected);
    assert_eq!(roster.applications[0].scopes, ["api://acme.test/api/Orders.Read"]);
    assert!(roster.applications[1].consented && !roster.applications[2].consented);
    assert_eq!(roster.applications[2].graph_app_roles, ["User.Read.All"]);
}

#[tokio::test]
async fn a_tenant_that_is_there_is_never_changed() {
    let place = Place::new(7);
    let text = acme().to_string();
    place.import(&[&text]).await;
    let told = place.decide(Audience::Developers, &[&text]).await.unwrap_err();
    for start in [
        "organization.id: the store has this tenant already",
        "organization.domains[0]: another tenant has acme.test",
        "organization.domains[1]: another tenant has eu.acme.test",
        "applications[0].appId: another application has the client id",
    ] {
        assert!(told.iter().any(|fault| fault.starts_with(start)), "{start}: {told:#?}");
    }
    // Nor is one file another's.
    let told = Place::new(7).decide(Audience::Developers, &[&text, &text]).await.unwrap_err();
    assert!(
        told.iter().any(|fault| fault == "1: organization.id: another file has this tenant as well"),
        "{told:#?}"
    );
}

#[tokio::test]
async fn st_15_where_others_get_to_nobody_chooses_client_secrets_and_published_ids_are_refused() {
    let place = Place::new(7);
    let mut file = acme();
    file["organization"]["id"] = serde_json::json!(crate::development::cast::CONTOSO);
    let told = place.decide(Audience::Everybody, &[&file.to_string()]).await.unwrap_err();
    for start in
        ["organization.id: it is the id", "applications[1].clientSecret: ", "applications[2].clientSecret: "]
    {
        assert!(told.iter().any(|fault| fault.starts_with(start)), "{start}: {told:#?}");
    }
    assert_eq!(told.len(), 3, "{told:#?}");
}

/// The guide's example, as a reader takes it from there.
#[tokio::test]
async fn the_example_of_the_guide_is_a_whole_file() {
    let guide = include_str!("../../../../../docs/guide/tenant-file.md");
    let (_, rest) = guide.split_once("```json\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let imported = Place::new(7).import(&[example]).await;
    assert_eq!((imported.roster.users.len(), imported.roster.applications.len()), (2, 3));
}
