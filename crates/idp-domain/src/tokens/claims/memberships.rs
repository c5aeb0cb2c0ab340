//! `groups` or what stands for it, `roles`, `wids` (§3.8): what the manifest of the token's audience lets it tell.

use std::collections::BTreeSet;

use uuid::Uuid;
use vestibule_wire::claims::{Elsewhere, Groups, Memberships, optional};
use vestibule_wire::ids::{ClientId, GroupId};

use super::person::Told;
use crate::directory::role;
use crate::tokens::granted::Delivery;

/// A token in a body lists this many groups at most.
const MOST_IN_BODY: usize = 200;
/// A token that a browser carries lists fewer: from six groups on it says only that there are some.
const MOST_IN_FRONT_CHANNEL: usize = 5;

/// What one person's token tells.
pub(super) fn of(told: &Told<'_>) -> Memberships {
    let groups = groups(told);
    let app_roles = told.audience.place.roles.values().to_vec();
    let wids = wids(told);
    if !told.audience.asks_with(optional::GROUPS, optional::EMIT_AS_ROLES) {
        return Memberships { groups, roles: app_roles, wids };
    }
    // Groups take the place of app roles, which are then not told.
    match groups {
        Some(Groups::Listed { groups }) => Memberships { groups: None, roles: groups, wids },
        other => Memberships { groups: other, roles: Vec::new(), wids },
    }
}

fn groups(told: &Told<'_>) -> Option<Groups> {
    let claims = told.audience.application.group_membership_claims;
    let of_directory = told.user.groups.iter();
    let mut ids: BTreeSet<GroupId> = of_directory
        .filter(|group| claims.all || claims.security_groups && group.security_enabled)
        .map(|group| group.id)
        .collect();
    if claims.application_groups {
        ids.extend(&told.audience.place.groups);
    }
    if ids.is_empty() {
        return None;
    }
    Some(match &told.user.delivery {
        Delivery::Body if ids.len() > MOST_IN_BODY => Groups::Elsewhere(Elsewhere::at(format!(
            "{}/v1.0/users/{}/getMemberObjects",
            told.answer.mint.graph,
            told.account().id
        ))),
        Delivery::FrontChannel { .. } if ids.len() > MOST_IN_FRONT_CHANNEL => {
            Groups::Some { hasgroups: true }
        }
        Delivery::Body | Delivery::FrontChannel { .. } => {
            Groups::Listed { groups: ids.iter().map(GroupId::to_string).collect() }
        }
    })
}

/// Microsoft Graph is always told.
fn wids(told: &Told<'_>) -> Vec<Uuid> {
    let application = told.audience.application;
    let graph = application.client_id == ClientId::MICROSOFT_GRAPH;
    if !graph && !application.group_membership_claims.roles() {
        return Vec::new();
    }
    let ordinary = (!told.is_guest()).then_some(role::ORDINARY_MEMBER);
    told.account().directory_roles.iter().copied().chain(ordinary).collect()
}
