//! `microsoft.graph.invitation`.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::odata::schema::{EntityType, Property, any, boolean, complex, guid, string};

/// The user of an invitation; of what a client says of them, the id counts.
const INVITED_USER: &[Property] = &[guid("id")];

/// An invitation.
pub static INVITATION: EntityType = EntityType::open("invitation", "invitations").properties(&[
    guid("id").shown(),
    complex("invitedUser", INVITED_USER).shown().writable_on_create(),
    string("invitedUserDisplayName").shown().writable_on_create(),
    string("invitedUserEmailAddress").shown().writable_on_create().required(),
    // Taken, and of no use without mail.
    any("invitedUserMessageInfo").writable_on_create(),
    string("invitedUserType").shown().writable_on_create(),
    string("inviteRedeemUrl").shown(),
    string("inviteRedirectUrl").shown().writable_on_create().required(),
    boolean("resetRedemption").shown().writable_on_create(),
    boolean("sendInvitationMessage").shown().writable_on_create(),
    string("status").shown(),
]);

/// What the inviter is told.
#[derive(Debug)]
pub struct Told<'a> {
    /// Of this invitation, which is not kept.
    pub id: Uuid,
    /// The user who was made, or was there.
    pub user: &'a idp_domain::directory::User,
    /// The address that was invited.
    pub address: &'a str,
    /// Where to send whoever was invited.
    pub redeem: &'a str,
    /// Where they are sent from there.
    pub redirect: &'a str,
    /// Whether they had accepted before, and were to accept again.
    pub reset: bool,
}

/// An invitation, as it is answered.
pub fn render(told: &Told<'_>) -> Map<String, Value> {
    let user = told.user;
    let accepted = user.external.as_ref().is_some_and(|external| external.home().is_some());
    let Value::Object(members) = json!({
        "id": told.id.to_string(),
        "invitedUser": { "id": user.id.to_string() },
        "invitedUserDisplayName": user.display_name,
        "invitedUserEmailAddress": told.address,
        "invitedUserMessageInfo": null,
        "invitedUserType": user.user_type.as_str(),
        "inviteRedeemUrl": told.redeem,
        "inviteRedirectUrl": told.redirect,
        "resetRedemption": told.reset,
        "sendInvitationMessage": false,
        "status": if accepted { "Completed" } else { "PendingAcceptance" },
    }) else {
        return Map::new();
    };
    members
}
