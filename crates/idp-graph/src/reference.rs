//! `docs/reference/graph.md`: every operation, and who may do what it does, from the tables that decide it.

use std::fmt::Write as _;

use idp_domain::directory::role;

use crate::authorize::{Action, Class, Holder, TABLE, application_permissions, delegated_permissions};
use crate::operations;

/// The page, in Markdown.
pub fn page() -> String {
    let mut page = String::from(
        "# Microsoft Graph\n\n\
         What is answered under `/graph/v1.0`, and in the same way under `/graph/beta`. The table is the one that requests are \
         routed and authorized by (`crates/idp-graph/src/operations.rs`). *To* says what the caller must be allowed to do; who \
         is, is in the second table. A request in one of several ways is allowed if one of them is.\n\n\
         ## Operations\n\n\
         | Method | Path | What it does | To |\n\
         |---|---|---|---|\n",
    );
    for operation in operations::all() {
        let needs: Vec<_> = operation.needs.iter().map(|action| action.words()).collect();
        let _ = writeln!(
            page,
            "| {} | `{}` | {} | {} |",
            operation.method.as_str(),
            operation.path,
            operation.summary,
            needs.join("; ")
        );
    }
    page.push_str(
        "\n## Permissions\n\n\
         What an application must have been granted. On behalf of a person it may do what the person may, at most.\n\n\
         | To | Delegated | Application |\n\
         |---|---|---|\n",
    );
    for action in Action::ALL {
        let _ = writeln!(
            page,
            "| {} | {} | {} |",
            action.words(),
            delegated_permissions(*action).join(", "),
            application_permissions(*action).join(", ")
        );
    }
    page.push_str(
        "\n## People\n\n\
         What people may do, and to what. What is not said is refused.\n\n\
         | Who | May | To |\n\
         |---|---|---|\n",
    );
    for row in TABLE.iter().filter(|row| row.holder.is_person()) {
        let who = match row.holder {
            Holder::Role(template) => role::name(template).unwrap_or_default(),
            Holder::Member => "A member of the directory",
            Holder::Guest => "A guest",
            Holder::Owner => "The owner of the target",
            _ => continue,
        };
        let _ = writeln!(page, "| {who} | {} | {} |", actions(row.may), classes(row.on));
    }
    page
}

fn actions(actions: &[Action]) -> String {
    if actions.len() == Action::ALL.len() {
        return "everything".into();
    }
    actions.iter().map(|action| action.words()).collect::<Vec<_>>().join(", ")
}

fn classes(classes: &[Class]) -> String {
    if classes.len() == Class::ALL.len() {
        return "everything".into();
    }
    classes.iter().map(|class| class.words()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_and_every_action_has_its_row() {
        let page = page();
        let rows = |heading: &str| {
            let part = page.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
            part.lines().filter(|line| line.starts_with("| ")).count() - 1
        };
        assert_eq!(rows("## Operations"), operations::all().count());
        assert_eq!(rows("## Permissions"), Action::ALL.len());
    }
}
