//! The rules of registrations, grants and assignments in Graph's codes: one match, and sentences of the service.

use idp_domain::applications::rules::{Problem, Rule};
use vestibule_wire::graph_error::{GraphError, GraphErrorBody, GraphErrorCode as Code, GraphErrorDetail};

use crate::error::Refusal;

impl Refusal {
    /// A refusal with a code of its own.
    pub fn ruled(code: Code, message: impl Into<String>) -> Self {
        let GraphErrorBody { error } = GraphErrorBody::new(code, message);
        Self::Ruled(Box::new(error))
    }

    /// A refusal with a code of its own, and the member to blame.
    pub fn ruled_member(code: Code, member: &str, message: impl Into<String>) -> Self {
        let GraphErrorBody { error } = GraphErrorBody::new(code, message);
        Self::Ruled(Box::new(GraphError { target: Some(member.to_owned()), ..error }))
    }
}

/// What is wrong with a registration; each member at fault is named.
impl From<Vec<Problem>> for Refusal {
    fn from(problems: Vec<Problem>) -> Self {
        let detail = |problem: &Problem| GraphErrorDetail {
            code: code(problem.rule),
            message: sentence(problem),
            target: Some(path(problem)),
        };
        let details: Vec<_> = problems.iter().map(detail).collect();
        let (first, message, target) = match details.first() {
            Some(first) => (first.code, first.message.clone(), first.target.clone()),
            None => (Code::BadRequest, "The application cannot be registered so.".into(), None),
        };
        let GraphErrorBody { error } = GraphErrorBody::new(first, message);
        Self::Ruled(Box::new(GraphError { target, details, ..error }))
    }
}

/// The path as this API writes it.
fn path(problem: &Problem) -> String {
    problem.member.replace('.', "/")
}

fn sentence(problem: &Problem) -> String {
    let mut said = problem.reason.clone();
    match problem.rule {
        // Entra's own sentences stand alone.
        Rule::NotOnVerifiedDomain | Rule::EnabledEntitlement | Rule::TokenVersion => {}
        _ if problem.member.is_empty() => {}
        _ => {
            said = format!(
                "Invalid value specified for property '{}' of resource 'Application': {said}",
                path(problem)
            )
        }
    }
    if !said.ends_with(['.', '\'']) {
        said.push('.');
    }
    said
}

const fn code(rule: Rule) -> Code {
    match rule {
        Rule::NotOnVerifiedDomain => Code::HostNameNotOnVerifiedDomain,
        Rule::EnabledEntitlement => Code::CannotDeleteOrUpdateEnabledEntitlement,
        Rule::TokenVersion => Code::InvalidAccessTokenVersion,
        Rule::Duplicate => Code::DuplicateValue,
        Rule::Reserved => Code::InvalidAppId,
        Rule::Unknown | Rule::Range | Rule::Form | Rule::PersonalAccounts => Code::InvalidValue,
        Rule::Length | Rule::Count | Rule::Immutable => Code::BadRequest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_problem_gives_the_code_and_each_is_named() {
        let problem =
            |member: &str, rule, reason: &str| Problem { member: member.into(), rule, reason: reason.into() };
        let refusal = Refusal::from(vec![
            problem("identifierUris[0]", Rule::NotOnVerifiedDomain, "Values of … domain: 'https://x'"),
            problem("api.oauth2PermissionScopes[1].value", Rule::Duplicate, "it is there twice"),
        ]);
        let error = refusal.body("Application").error;
        assert_eq!(error.code, Code::HostNameNotOnVerifiedDomain);
        assert_eq!(error.message, "Values of … domain: 'https://x'");
        assert_eq!(error.details[1].code, Code::DuplicateValue);
        assert_eq!(error.details[1].target.as_deref(), Some("api/oauth2PermissionScopes[1]/value"));
        assert!(error.details[1].message.ends_with("it is there twice."));
    }
}
