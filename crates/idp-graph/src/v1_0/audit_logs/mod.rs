//! `/auditLogs`: what was done to the directory, and who signed in, the latest first.

use crate::authorize::{Action, Target};
use crate::call::Call;
use crate::error::Refusal;
use crate::list::{List, Source};
use crate::operations::{Answers, Operation};
use crate::reply::Reply;
use crate::schema::audit_log::{DIRECTORY_AUDIT, SIGN_IN, SIGN_INS, changes};

const READ: &[Action] = &[Action::ReadAudit];

/// The operations.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    Operation::get("/auditLogs/directoryAudits", "Lists what was done to the directory, the latest first.", READ, Answers::Collection(&DIRECTORY_AUDIT), |call| Box::pin(directory_audits(call))),
    Operation::get("/auditLogs/signIns", "Lists who signed in and who tried to, the latest first.", READ, Answers::Collection(&SIGN_IN), |call| Box::pin(sign_ins(call))),
];

async fn directory_audits(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadAudit, &Target::DIRECTORY)?;
    List::new(&DIRECTORY_AUDIT, Source::Audit(changes())).answer(call, &allowed).await
}

async fn sign_ins(call: &Call<'_>) -> Result<Reply, Refusal> {
    let allowed = call.allow(Action::ReadAudit, &Target::DIRECTORY)?;
    List::new(&SIGN_IN, Source::Audit(SIGN_INS.to_vec())).answer(call, &allowed).await
}
