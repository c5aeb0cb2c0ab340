//! Everything that is wrong with a file, each with the path of the member it is wrong with.

use std::fmt::{self, Display};

use idp_domain::applications::rules::Problem;
use idp_graph::error::{Fault, MemberFault, Refusal};

/// No more of them are told.
const MOST: usize = 100;

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    told: Vec<String>,
    found: usize,
}

/// Files that cannot be imported. Nothing of them was written.
#[derive(Debug)]
pub(crate) struct Refused {
    told: Vec<String>,
    found: usize,
}

impl Faults {
    /// Something is wrong with the member at this path.
    pub(super) fn add(&mut self, at: impl Display, why: impl Display) {
        self.found += 1;
        if self.told.len() < MOST {
            self.told.push(format!("{at}: {why}"));
        }
    }

    /// What is wrong with members of the object at this path, in Graph's words.
    pub(super) fn of_members(&mut self, at: &str, faults: Vec<MemberFault>) {
        for MemberFault { member, what } in faults {
            match member.as_str() {
                "" => self.add(at, why(&what)),
                member => self.add(format_args!("{at}.{}", member.replace('/', ".")), why(&what)),
            }
        }
    }

    /// The same, of a body that was refused.
    pub(super) fn of_refusal(&mut self, at: &str, refusal: Refusal) {
        match refusal {
            Refusal::Members(faults) => self.of_members(at, faults),
            other => self.add(at, format_args!("it cannot be read ({other:?})")),
        }
    }

    /// What is wrong with an application, in the words of its rules.
    pub(super) fn of_rules(&mut self, at: &str, problems: Vec<Problem>) {
        for Problem { member, reason, .. } in problems {
            self.add(format_args!("{at}.{member}"), reason);
        }
    }

    /// Takes what was found in a part, which has a path of its own.
    pub(super) fn within(&mut self, part: &str, other: Self) {
        self.found += other.found;
        let room = MOST - self.told.len();
        self.told.extend(other.told.into_iter().take(room).map(|fault| format!("{part}{fault}")));
    }

    /// Whether anything was found.
    pub(super) const fn any(&self) -> bool {
        self.found > 0
    }

    /// Refuses if anything was found.
    pub(super) fn refuse_if_any(self) -> Result<(), Refused> {
        if self.any() { Err(Refused { told: self.told, found: self.found }) } else { Ok(()) }
    }
}

#[cfg(test)]
impl Refused {
    /// What is told.
    pub(super) fn told(&self) -> &[String] {
        &self.told
    }
}

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let things = if self.found == 1 { "one thing is" } else { "these things are" };
        write!(f, "nothing was imported, because {things} wrong with the file:")?;
        for fault in &self.told {
            write!(f, "\n  {fault}")?;
        }
        match self.found - self.told.len() {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// What is wrong, in a clause like those of the other checks.
fn why(fault: &Fault) -> String {
    match fault {
        Fault::Unknown => "there is no such member".into(),
        Fault::ReadOnly | Fault::OnlyOnCreate => "it cannot be set".into(),
        Fault::Required => "it is missing".into(),
        Fault::Null => "it cannot be null".into(),
        Fault::Type(expected) => format!("it is not of the type {expected}"),
        Fault::Value(why) => why.trim_end_matches('.').to_owned(),
    }
}
