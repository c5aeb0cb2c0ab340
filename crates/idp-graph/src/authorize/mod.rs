//! Authorization as data: [`TABLE`] says who may do what to what, and [`allow`] is the only thing that reads it for a
//! request. What the table does not say is refused.
//!
//! The answer to "may they?" is a proof, [`Allowed`], which an answer and a commit demand: a handler that forgets to ask
//! does not compile.

mod action;
mod class;
#[cfg(test)]
mod matrix;
mod standing;
mod table;

pub use action::Action;
pub use class::{Class, Target, roles_on};
pub use standing::Standing;
pub use table::{Holder, Row, TABLE};

/// Proof that somebody may do this. Made by [`allow`] alone.
#[derive(Debug)]
#[must_use = "it is needed to answer and to commit"]
pub struct Allowed {
    action: Action,
}

/// They may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denied;

impl Allowed {
    /// What may be done.
    pub const fn action(&self) -> Action {
        self.action
    }
}

/// Whether somebody may do this to that.
pub fn allow(standing: &Standing, action: Action, target: &Target) -> Result<Allowed, Denied> {
    let may = |kind: fn(Holder) -> bool| {
        TABLE.iter().any(|row| {
            kind(row.holder)
                && row.may.contains(&action)
                && row.on.iter().any(|class| target.is(*class))
                && standing.has(row.holder, target.is_owned())
        })
    };
    if kinds_needed(standing).iter().all(|kind| may(*kind)) { Ok(Allowed { action }) } else { Err(Denied) }
}

/// Whether there is anything they may do this to, so that whoever may not is told so before anything is looked up.
pub fn might(standing: &Standing, action: Action) -> bool {
    might_on(standing, action, |_| true)
}

/// Whether there is anything but their own account that they may do this to. If not, nobody else's account is looked for:
/// whether it exists is not theirs to know (GA-12).
pub fn might_beyond_themselves(standing: &Standing, action: Action) -> bool {
    might_on(standing, action, |class| class != Class::Myself)
}

fn might_on(standing: &Standing, action: Action, of_interest: impl Fn(Class) -> bool) -> bool {
    let may = |kind: fn(Holder) -> bool| {
        TABLE.iter().any(|row| {
            kind(row.holder)
                && row.may.contains(&action)
                && row.on.iter().any(|class| of_interest(*class))
                && standing.has(row.holder, true)
        })
    };
    kinds_needed(standing).iter().all(|kind| may(*kind))
}

/// The least of both (GA-07): a person's own right and a permission of the application; an application alone has only
/// the latter.
fn kinds_needed(standing: &Standing) -> &'static [fn(Holder) -> bool] {
    match standing {
        Standing::Person { .. } => &[Holder::is_person, Holder::is_delegated],
        Standing::Application { .. } => &[Holder::is_application],
    }
}

impl Holder {
    /// A right of a person.
    pub const fn is_person(self) -> bool {
        matches!(self, Self::Role(_) | Self::Member | Self::Guest | Self::Owner)
    }

    /// A delegated permission.
    pub const fn is_delegated(self) -> bool {
        matches!(self, Self::Scope(_))
    }

    /// A permission of an application alone.
    pub const fn is_application(self) -> bool {
        matches!(self, Self::Application(_) | Self::OwningApplication(_))
    }
}

/// The permissions that let an application do this on behalf of a person, in the order of the table.
pub fn delegated_permissions(action: Action) -> Vec<&'static str> {
    permissions(action, |holder| match holder {
        Holder::Scope(value) => Some(value),
        _ => None,
    })
}

/// The permissions that let an application do this alone, in the order of the table.
pub fn application_permissions(action: Action) -> Vec<&'static str> {
    permissions(action, |holder| match holder {
        Holder::Application(value) | Holder::OwningApplication(value) => Some(value),
        _ => None,
    })
}

fn permissions(action: Action, value: impl Fn(Holder) -> Option<&'static str>) -> Vec<&'static str> {
    let mut found = Vec::new();
    for row in TABLE.iter().filter(|row| row.may.contains(&action)) {
        if let Some(value) = value(row.holder).filter(|value| !found.contains(value)) {
            found.push(value);
        }
    }
    found
}
