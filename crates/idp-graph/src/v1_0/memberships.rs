//! What somebody belongs to: groups, directly and through other groups, and directory roles.

use idp_domain::directory::{Relation, role};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::authorize::Allowed;
use crate::body;
use crate::call::{Call, read_id};
use crate::error::{Fault, MemberFault, Refusal};
use crate::list::{self, List, Source};
use crate::odata::schema::{Property, boolean, guids, strings};
use crate::operations::{Answers, Takes};
use crate::reply::Reply;
use crate::schema::directory_role::{self, DIRECTORY_ROLE};
use crate::schema::group::GROUP;

/// No request asks about more groups (Graph).
const MOST_CHECKED: usize = 20;

/// The arguments of `getMemberGroups` and `getMemberObjects`.
pub(super) const SECURITY_ONLY: Takes = Takes::Arguments(&[boolean("securityEnabledOnly")]);
/// The arguments of `checkMemberGroups`.
pub(super) const GROUP_IDS: Takes = Takes::Arguments(&[guids("groupIds").required()]);
/// The arguments of `checkMemberObjects`.
pub(super) const IDS: Takes = Takes::Arguments(&[guids("ids").required()]);
/// What they answer.
pub(super) const OBJECT_IDS: Answers = {
    const VALUE: &Property = &strings("value");
    Answers::Value(VALUE)
};

/// What a list of memberships is of.
#[derive(Debug, Clone, Copy)]
pub(super) enum What {
    /// Groups and directory roles.
    Everything,
    /// Groups alone: `/microsoft.graph.group`.
    Groups,
    /// Directory roles alone: `/microsoft.graph.directoryRole`.
    Roles,
}

/// Somebody who may belong to something.
pub(super) struct Member<'a> {
    /// Who.
    pub(super) id: Uuid,
    /// The directory roles held.
    pub(super) roles: &'a [Uuid],
}

impl Member<'_> {
    /// What they belong to directly: roles first, then groups.
    pub(super) fn direct(&self, what: What) -> List {
        self.list(what, Source::Having(Relation::Member, self.id, None))
    }

    /// What they belong to in any way: roles first, then groups.
    pub(super) async fn transitive(&self, call: &Call<'_>, what: What) -> Result<List, Refusal> {
        let groups = call.directory().groups_of(call.tenant(), self.id).await?;
        Ok(self.list(what, Source::Groups(groups.iter().map(|group| group.id.guid()).collect())))
    }

    fn list(&self, what: What, groups: Source) -> List {
        match what {
            What::Everything => List::mixed(Source::Before(self.rendered_roles(), Box::new(groups))),
            What::Groups => List::new(&GROUP, groups),
            What::Roles => List::new(&DIRECTORY_ROLE, Source::Given(self.rendered_roles())),
        }
    }

    fn rendered_roles(&self) -> Vec<Map<String, Value>> {
        let held = self.roles.iter().filter_map(|template| role::find(*template));
        held.map(|role| {
            let mut members = directory_role::role(role);
            members.insert("@odata.type".into(), json!("#microsoft.graph.directoryRole"));
            members
        })
        .collect()
    }

    /// `getMemberGroups`: the ids of all groups; `getMemberObjects`: and of the directory roles.
    pub(super) async fn ids(
        &self,
        call: &Call<'_>,
        allowed: &Allowed,
        with_roles: bool,
    ) -> Result<Reply, Refusal> {
        let empty = Map::new();
        let arguments = arguments(call, &empty)?;
        let security_only = arguments.get("securityEnabledOnly").and_then(Value::as_bool).unwrap_or(false);
        let groups = call.directory().groups_of(call.tenant(), self.id).await?;
        let groups = groups.iter().filter(|group| group.security_enabled || !security_only);
        let mut ids: Vec<String> = groups.map(|group| group.id.to_string()).collect();
        if with_roles {
            ids.extend(self.roles.iter().map(Uuid::to_string));
        }
        Ok(list::value(call, allowed, "Collection(Edm.String)", json!(ids)))
    }

    /// `checkMemberGroups`, `checkMemberObjects`: which of these ids are among them.
    pub(super) async fn check(
        &self,
        call: &Call<'_>,
        allowed: &Allowed,
        argument: &str,
    ) -> Result<Reply, Refusal> {
        let empty = Map::new();
        let arguments = arguments(call, &empty)?;
        let required = || Refusal::Members(vec![MemberFault::new(argument, Fault::Required)]);
        let asked = arguments.get(argument).and_then(Value::as_array).ok_or_else(required)?;
        if asked.len() > MOST_CHECKED {
            return Err(Refusal::value(argument, format!("at most {MOST_CHECKED} ids are checked at once.")));
        }
        let groups = call.directory().groups_of(call.tenant(), self.id).await?;
        let mut found = Vec::new();
        for text in asked.iter().filter_map(Value::as_str) {
            let id = read_id(text)?;
            if groups.iter().any(|group| group.id.guid() == id) || self.roles.contains(&id) {
                found.push(id.to_string());
            }
        }
        Ok(list::value(call, allowed, "Collection(Edm.String)", json!(found)))
    }
}

fn arguments(call: &Call<'_>, empty: &Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let body = call.asked().body.as_ref().unwrap_or(empty);
    match call.asked().operation.takes {
        Takes::Arguments(properties) => body::arguments(body, properties),
        _ => Ok(Map::new()),
    }
}
