//! The authorization matrix, generated from the tables: every operation, by every role and permission, on every class of
//! target. Each cell is decided; what must hold over all of them is checked here (GA-07 to GA-10, GA-12, CN-09).

use std::collections::HashSet;

use idp_domain::applications::microsoft_graph;
use idp_domain::directory::{UserType, role};
use uuid::Uuid;
use vestibule_wire::ids::UserId;

use super::*;
use crate::operations::{self, Operation};

const ME: UserId = UserId::from_u128(1);

/// A person's right: none but being a member or a guest, or a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Right {
    Member,
    Guest,
    Role(Uuid),
}

fn rights() -> Vec<Right> {
    let roles = role::ALL.iter().map(|role| Right::Role(role.template));
    [Right::Member, Right::Guest].into_iter().chain(roles).collect()
}

/// Every delegated permission of Microsoft Graph that people can be asked for.
fn scopes() -> Vec<String> {
    microsoft_graph().delegated_permissions.into_iter().map(|scope| scope.value).collect()
}

/// Every application permission of Microsoft Graph.
fn permissions() -> Vec<String> {
    microsoft_graph().app_roles.into_iter().filter_map(|role| role.value).collect()
}

fn person(right: Right, scope: &str) -> Standing {
    let (user_type, roles) = match right {
        Right::Member => (UserType::Member, Vec::new()),
        Right::Guest => (UserType::Guest, Vec::new()),
        Right::Role(template) => (UserType::Member, vec![template]),
    };
    Standing::Person { user: ME, user_type, roles, scopes: vec![scope.to_owned()] }
}

fn application(permission: &str) -> Standing {
    Standing::Application { permissions: vec![permission.to_owned()] }
}

/// One decision.
struct Cell {
    operation: &'static Operation,
    action: Action,
    class: Class,
    owned: bool,
    allowed: bool,
}

/// All decisions for one caller.
fn cells(standing: &Standing) -> Vec<Cell> {
    let mut cells = Vec::new();
    for operation in operations::all() {
        for action in operation.needs {
            for class in Class::ALL {
                for owned in [false, true] {
                    let allowed = allow(standing, *action, &Target::sample(*class, owned)).is_ok();
                    cells.push(Cell { operation, action: *action, class: *class, owned, allowed });
                }
            }
        }
    }
    cells
}

/// What a caller may, as a set.
fn may(standing: &Standing) -> HashSet<(Action, Class, bool)> {
    let all = Action::ALL.iter().flat_map(|action| Class::ALL.iter().map(move |class| (*action, *class)));
    let all = all.flat_map(|(action, class)| [(action, class, false), (action, class, true)]);
    all.filter(|(action, class, owned)| allow(standing, *action, &Target::sample(*class, *owned)).is_ok())
        .collect()
}

#[test]
fn ga_07_every_cell_of_the_delegated_matrix_is_the_least_of_both() {
    let (mut decided, mut allowed) = (0, 0);
    for right in rights() {
        // What the person may with the permission that takes nothing away.
        let own = may(&person(right, "Directory.AccessAsUser.All"));
        for scope in scopes() {
            // What the permission gives to somebody who may everything.
            let permitted = may(&person(Right::Role(role::GLOBAL_ADMINISTRATOR), &scope));
            for cell in cells(&person(right, &scope)) {
                let key = (cell.action, cell.class, cell.owned);
                assert_eq!(
                    cell.allowed,
                    own.contains(&key) && permitted.contains(&key),
                    "{right:?} {scope} {:?} {:?} {}",
                    cell.action,
                    cell.class,
                    cell.operation.path
                );
                decided += 1;
                allowed += usize::from(cell.allowed);
            }
        }
    }
    println!("{decided} cells for people");
    assert!(decided >= 2_000, "{decided}");
    assert!(allowed > 0 && allowed < decided / 2, "{allowed} of {decided}");
}

#[test]
fn ga_08_every_cell_of_the_application_matrix_follows_from_its_permission() {
    let mut decided = 0;
    for permission in permissions() {
        for cell in cells(&application(&permission)) {
            let said = TABLE.iter().any(|row| {
                let holder = match row.holder {
                    Holder::Application(value) => value == permission,
                    Holder::OwningApplication(value) => value == permission && cell.owned,
                    _ => false,
                };
                holder && row.may.contains(&cell.action) && row.on.contains(&cell.class)
            });
            assert_eq!(cell.allowed, said, "{permission} {:?} {:?}", cell.action, cell.class);
            decided += 1;
        }
    }
    println!("{decided} cells for applications");
    assert!(decided >= 1_000, "{decided}");
}

#[test]
fn nothing_is_allowed_without_a_permission() {
    for right in rights() {
        assert!(may(&person(right, "")).is_empty(), "{right:?}");
        assert!(may(&person(right, "openid")).is_empty(), "{right:?}");
    }
    assert!(may(&application("")).is_empty());
    assert!(
        may(&Standing::Application { permissions: vec!["Directory.AccessAsUser.All".into()] }).is_empty()
    );
}

#[test]
fn a_permission_to_read_never_writes() {
    for scope in scopes().iter().filter(|scope| scope.contains(".Read") && !scope.contains("Write")) {
        for right in rights() {
            let writes = may(&person(right, scope)).into_iter().find(|(action, ..)| action.writes());
            assert_eq!(writes, None, "{right:?} {scope}");
        }
    }
    for permission in permissions().iter().filter(|value| value.contains(".Read") && !value.contains("Write"))
    {
        let writes = may(&application(permission)).into_iter().find(|(action, ..)| action.writes());
        assert_eq!(writes, None, "{permission}");
    }
}

#[test]
fn a_global_administrator_may_whatever_anybody_may() {
    for scope in scopes() {
        let most = may(&person(Right::Role(role::GLOBAL_ADMINISTRATOR), &scope));
        for right in rights() {
            assert!(may(&person(right, &scope)).is_subset(&most), "{right:?} {scope}");
        }
    }
}

#[test]
fn a_role_takes_nothing_away() {
    for scope in scopes() {
        let member = may(&person(Right::Member, &scope));
        for role in role::ALL {
            assert!(
                member.is_subset(&may(&person(Right::Role(role.template), &scope))),
                "{} {scope}",
                role.name
            );
        }
    }
}

#[test]
fn a_plain_member_writes_to_nobody_else() {
    for scope in scopes() {
        for (action, class, owned) in may(&person(Right::Member, &scope)) {
            let own = matches!(class, Class::Myself) || owned;
            let new = matches!(
                (action, class),
                (Action::CreateGroup, Class::Group) | (Action::CreateApplication, Class::Directory)
            );
            assert!(!action.writes() || own || new, "{scope} {action:?} {class:?}");
        }
    }
}

#[test]
fn ga_12_a_guest_reads_themselves_and_nothing_else() {
    for scope in scopes() {
        for (action, class, owned) in may(&person(Right::Guest, &scope)) {
            assert_eq!(class, Class::Myself, "{scope} {action:?} owned: {owned}");
        }
        let standing = person(Right::Guest, &scope);
        for action in Action::ALL {
            assert!(!might_beyond_themselves(&standing, *action), "{scope} {action:?}");
        }
    }
}

#[test]
fn ga_09_nobody_climbs_the_ladder() {
    let everything = "Directory.AccessAsUser.All";
    let by_role = |template| may(&person(Right::Role(template), everything));
    let touches = [
        Action::ResetPassword,
        Action::UpdateSignIn,
        Action::DeleteUser,
        Action::RevokeSessions,
        Action::RestoreUser,
        Action::PurgeUser,
        Action::UpdateUser,
        Action::UpdateContact,
    ];
    for role in role::ALL.iter().filter(|role| role.template != role::GLOBAL_ADMINISTRATOR) {
        for (action, class, _) in by_role(role.template) {
            let administers = matches!(class, Class::Administrator | Class::PrivilegedAdministrator);
            assert!(!(administers && touches.contains(&action)), "{} {action:?} {class:?}", role.name);
            assert!(!(class == Class::PrivilegedRole && action == Action::AssignRole), "{}", role.name);
        }
    }
    assert!(by_role(role::HELPDESK_ADMINISTRATOR).contains(&(Action::ResetPassword, Class::Person, false)));
    assert!(by_role(role::USER_ADMINISTRATOR).contains(&(Action::ResetPassword, Class::Person, false)));
    // Alone, no application touches people who administer.
    for permission in permissions() {
        for (action, class, _) in may(&application(&permission)) {
            let administers = matches!(class, Class::Administrator | Class::PrivilegedAdministrator);
            assert!(!(administers && action.writes()), "{permission} {action:?}");
        }
    }
}

#[test]
fn ga_10_role_assignable_groups_are_for_those_who_manage_roles() {
    for role in role::ALL {
        let manages =
            [role::GLOBAL_ADMINISTRATOR, role::PRIVILEGED_ROLE_ADMINISTRATOR].contains(&role.template);
        for (action, class, owned) in may(&person(Right::Role(role.template), "Directory.AccessAsUser.All")) {
            let touches = class == Class::RoleAssignableGroup && action.writes();
            assert!(!touches || manages, "{} {action:?} owned: {owned}", role.name);
        }
    }
    for scope in scopes() {
        let owner = may(&person(Right::Member, &scope));
        let touched =
            owner.iter().find(|(action, class, _)| *class == Class::RoleAssignableGroup && action.writes());
        assert_eq!(touched, None, "{scope}");
    }
}

#[test]
fn cn_09_an_application_with_privileges_is_for_those_who_could_give_them() {
    let keeps = [
        Action::ManageCredentials,
        Action::ManageApplicationOwners,
        Action::UpdateApplication,
        Action::DeleteApplication,
    ];
    for right in rights().into_iter().filter(|right| *right != Right::Role(role::GLOBAL_ADMINISTRATOR)) {
        for (action, class, owned) in may(&person(right, "Directory.AccessAsUser.All")) {
            let touches = class == Class::PrivilegedApplication && keeps.contains(&action);
            assert!(!touches, "{right:?} {action:?} owned: {owned}");
        }
    }
    for permission in permissions() {
        for (action, class, owned) in may(&application(&permission)) {
            let touches = class == Class::PrivilegedApplication && keeps.contains(&action);
            assert!(!touches, "{permission} {action:?} owned: {owned}");
        }
    }
}

#[test]
fn cn_09_an_application_is_privileged_by_what_it_may_write_alone() {
    let graph = microsoft_graph();
    let class = |value: &str| {
        let role = graph.app_roles.iter().find(|role| role.value.as_deref() == Some(value)).unwrap();
        Target::application(&[role.id], false).is(Class::PrivilegedApplication)
    };
    for value in ["RoleManagement.ReadWrite.Directory", "Application.ReadWrite.All", "User.ReadWrite.All"] {
        assert!(class(value), "{value}");
    }
    for value in ["User.Read.All", "Directory.Read.All", "Application.ReadWrite.OwnedBy", "Mail.Send"] {
        assert!(!class(value), "{value}");
    }
}

/// A misspelt permission would refuse, silently, for good.
#[test]
fn every_permission_of_the_table_is_one_that_can_be_granted() {
    let (scopes, permissions) = (scopes(), permissions());
    for row in TABLE {
        match row.holder {
            Holder::Scope(value) => assert!(scopes.iter().any(|known| known == value), "{value}"),
            Holder::Application(value) | Holder::OwningApplication(value) => {
                assert!(permissions.iter().any(|known| known == value), "{value}");
            }
            Holder::Role(template) => assert!(role::find(template).is_some(), "{template}"),
            Holder::Member | Holder::Guest | Holder::Owner => {}
        }
    }
}

/// What nobody can do would be dead; what anybody's permission allows must be thought of.
#[test]
fn every_operation_can_be_done_by_somebody_and_not_by_everybody() {
    for operation in operations::all() {
        for action in operation.needs {
            assert!(!delegated_permissions(*action).is_empty(), "{action:?} {}", operation.path);
            assert!(might(
                &person(Right::Role(role::GLOBAL_ADMINISTRATOR), "Directory.AccessAsUser.All"),
                *action
            ));
            assert!(!might(&person(Right::Member, "openid"), *action));
        }
    }
}
