//! Invitations: how somebody from elsewhere gets an account as a guest. They are not kept; what is kept is the guest.

mod create;
mod guest;

use crate::authorize::Action;
use crate::operations::{Answers, Operation, Takes};
use crate::schema::invitation::INVITATION;

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::post("/invitations", "Invites somebody from elsewhere, who becomes a guest when they accept.", &[Action::InviteGuest], Takes::New(&INVITATION), Answers::Created(&INVITATION), |call| Box::pin(create::invitation(call))),
];
