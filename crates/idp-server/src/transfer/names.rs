//! How one object of the file refers to another: by id, by user name, or by a name that only one of them has.

use std::collections::HashMap;

use idp_domain::directory::ObjectKind;
use uuid::Uuid;

use super::entry::guid_of;

/// The objects of a file, by everything they can be called.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_id: HashMap<Uuid, ObjectKind>,
    by_upn: HashMap<String, Uuid>,
    /// Service principals by the client id of their application.
    by_app_id: HashMap<Uuid, Uuid>,
    /// Groups and service principals, whatever the case; none if several have the name.
    by_name: HashMap<String, Option<(Uuid, ObjectKind)>>,
}

/// What was called that way.
pub(super) type Found = (Uuid, ObjectKind);

impl Names {
    /// An object that is called by its id. No other object has the id.
    pub(super) fn add(&mut self, id: Uuid, kind: ObjectKind) -> Result<(), String> {
        match self.by_id.insert(id, kind) {
            None => Ok(()),
            Some(_) => Err(format!("{id} is the id of another object as well")),
        }
    }

    /// A user, who is called by the user name too.
    pub(super) fn add_user(&mut self, upn: &str, id: Uuid) -> Result<(), String> {
        match self.by_upn.insert(upn.to_owned(), id) {
            None => Ok(()),
            Some(_) => Err(format!("{upn} is another user's name as well")),
        }
    }

    /// A group or a service principal, called by what people call it.
    pub(super) fn add_name(&mut self, name: &str, id: Uuid, kind: ObjectKind) {
        let entry = self.by_name.entry(name.to_lowercase());
        entry.and_modify(|named| *named = None).or_insert(Some((id, kind)));
    }

    /// A service principal, called by its application's client id.
    pub(super) fn add_app_id(&mut self, app_id: Uuid, id: Uuid) -> Result<(), String> {
        match self.by_app_id.insert(app_id, id) {
            None => Ok(()),
            Some(_) => Err(format!("{app_id} is the application of another entry as well")),
        }
    }

    /// What is called so.
    pub(super) fn find(&self, text: &str) -> Result<Found, String> {
        let user = |id: &Uuid| (*id, ObjectKind::User);
        if let Some(id) = guid_of(text) {
            let principal = self.by_app_id.get(&id).map(|id| (*id, ObjectKind::ServicePrincipal));
            let found = principal.or_else(|| self.by_id.get(&id).map(|kind| (id, *kind)));
            return found.ok_or_else(|| format!("nothing in the file has the id {id}"));
        }
        if text.contains('@')
            && let Some(id) = self.by_upn.get(&text.trim().to_ascii_lowercase())
        {
            return Ok(user(id));
        }
        match self.by_name.get(&text.to_lowercase()) {
            Some(Some(found)) => Ok(*found),
            Some(None) => Err(format!("more than one is called '{text}'; say its id")),
            None => Err(format!("nothing in the file is called '{text}'")),
        }
    }
}

/// What objects are called in a file: what [`Names`] finds them by.
#[derive(Debug, Default)]
pub(super) struct Called {
    names: HashMap<Uuid, String>,
    taken: HashMap<String, Uuid>,
}

impl Called {
    /// A user is called by the user name.
    pub(super) fn add_user(&mut self, id: Uuid, upn: &str) {
        self.names.insert(id, upn.to_owned());
    }

    /// Groups and service principals are called by their names, and by their ids if others have those too.
    pub(super) fn add_named(&mut self, id: Uuid, name: &str) {
        let plain = guid_of(name).is_none() && !name.contains('@') && !name.trim().is_empty();
        match self.taken.insert(name.to_lowercase(), id) {
            Some(other) => {
                self.names.insert(other, other.to_string());
                self.names.insert(id, id.to_string());
            }
            None => {
                self.names.insert(id, if plain { name.to_owned() } else { id.to_string() });
            }
        }
    }

    /// What it is called; none if it is not in the file.
    pub(super) fn name(&self, id: Uuid) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }
}
