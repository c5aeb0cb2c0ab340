//! A tenant of any size, as a file that `vestibule dev --seed` starts from: people, groups in chains, a program that looks
//! after them, and one to sign in to.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

/// Groups lie in each other, so many deep.
const CHAIN: usize = 8;
/// Of the one person who signs in.
const PASSWORD: &str = "Bench-marked-1";
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
/// `Directory.Read.All`, as an app role of Microsoft Graph.
const READ_DIRECTORY: &str = "7ab1d382-f21e-4acd-a863-ba3e13f7da61";

#[derive(Args)]
pub(crate) struct Options {
    #[arg(long)]
    users: usize,
    #[arg(long)]
    groups: usize,
    /// The file
    #[arg(long)]
    output: PathBuf,
}

/// What was written.
#[derive(Serialize)]
pub(crate) struct Written {
    users: usize,
    groups: usize,
    memberships: usize,
}

pub(crate) fn write(options: &Options) -> Result<Written> {
    let file = File::create(&options.output)
        .with_context(|| format!("cannot write {}", options.output.display()))?;
    let mut out = BufWriter::new(file);
    let groups: Vec<_> = (0..options.groups).map(|number| group(number, options)).collect();
    let memberships = groups.iter().map(|group| group["members"].as_array().map_or(0, Vec::len)).sum();
    let tenant = json!({
        "format": "vestibule-tenant/1",
        "organization": { "id": id(0, 1), "displayName": "Bench", "domains": ["bench.test"], "refreshTokens": "entra" },
        "users": (0..options.users).map(user).collect::<Vec<_>>(),
        "groups": groups,
        "applications": [reader(), site()],
        "servicePrincipals": [
            { "id": id(3, 0), "appId": GRAPH },
            { "id": id(3, 1), "appId": id(4, 1) },
            { "id": id(3, 2), "appId": id(4, 2) },
        ],
        "oauth2PermissionGrants": [
            { "clientId": id(3, 2), "resourceId": id(3, 0), "scope": "openid profile email offline_access User.Read" },
        ],
        "appRoleAssignments": [
            { "principalId": id(3, 1), "resourceId": id(3, 0), "appRoleId": READ_DIRECTORY },
        ],
    });
    serde_json::to_writer(&mut out, &tenant)?;
    out.flush()?;
    Ok(Written { users: options.users, groups: options.groups, memberships })
}

/// An id: what kind of thing, and which of them.
fn id(kind: u8, number: usize) -> String {
    format!("be4c4000-000{kind}-4000-8000-{number:012x}")
}

fn user(number: usize) -> Value {
    let name = format!("user{number}");
    let mut user = json!({
        "id": id(1, number),
        "userPrincipalName": format!("{name}@bench.test"),
        "displayName": format!("User {number}"),
        "mailNickname": name,
        "givenName": "User",
        "surname": number.to_string(),
        "jobTitle": "Measured",
    });
    if number == 0 {
        user["password"] = PASSWORD.into();
    }
    user
}

/// Each group has its share of the people, every tenth of them twice, and the group before it in its chain.
fn group(number: usize, options: &Options) -> Value {
    let share = options.users / options.groups.max(1);
    let first = number * share;
    let mut members: Vec<_> = (first..first + share).map(|user| id(1, user)).collect();
    members.extend(
        (first..first + share)
            .filter(|user| user.is_multiple_of(10))
            .map(|user| id(1, (user + share) % options.users)),
    );
    if !number.is_multiple_of(CHAIN) {
        members.push(id(2, number - 1));
    }
    members.sort();
    members.dedup();
    json!({
        "id": id(2, number),
        "displayName": format!("Group {number}"),
        "mailNickname": format!("group{number}"),
        "mailEnabled": false,
        "securityEnabled": true,
        "members": members,
    })
}

fn reader() -> Value {
    json!({
        "id": id(5, 1), "appId": id(4, 1), "displayName": "Bench Reader", "signInAudience": "AzureADMyOrg",
        "clientSecret": "bench-reader-secret-published-worth-nothing",
    })
}

fn site() -> Value {
    json!({
        "id": id(5, 2), "appId": id(4, 2), "displayName": "Bench Site", "signInAudience": "AzureADMyOrg",
        "clientSecret": "bench-site-secret-published-worth-nothing",
        "web": { "redirectUris": ["http://localhost:3001/auth/callback"] },
    })
}
