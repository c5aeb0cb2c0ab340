//! A manifest on its way from one form to the other: what is left of the one, what is made of the other.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::error::{Faults, Reason};
use super::kind::{Direction, Kind};
use super::path;
use super::platforms::PUBLIC_CLIENT;
use super::table::{self, ROWS, Row};

pub(crate) struct Conversion {
    left: Map<String, Value>,
    made: Map<String, Value>,
    faults: Faults,
    direction: Direction,
}

/// Goes through the table and carries the rest. A member that cannot be converted stays where it was, and a fault says
/// why: nothing is lost either way.
pub(crate) fn convert(direction: Direction, source: Map<String, Value>) -> (Map<String, Value>, Faults) {
    let mut conversion = Conversion { left: source, made: Map::new(), faults: Faults::default(), direction };
    conversion.open_containers();
    for row in ROWS {
        match (row, direction) {
            (Row::Member { old, also, new, kind }, Direction::ToGraph) => {
                conversion.read(old, also, new, *kind)
            }
            (Row::Member { old, new, kind, .. }, Direction::ToLegacy) => {
                conversion.read(new, &[], old, *kind)
            }
            (Row::Together { to_graph, .. }, Direction::ToGraph) => to_graph(&mut conversion),
            (Row::Together { to_legacy, .. }, Direction::ToLegacy) => to_legacy(&mut conversion),
        }
    }
    path::merge(&mut conversion.made, conversion.left);
    (conversion.made, conversion.faults)
}

impl Conversion {
    /// A member of the form that is left.
    pub(crate) fn get(&self, from: &str) -> Option<&Value> {
        path::get(&self.left, from)
    }

    pub(crate) fn fault(&mut self, member: impl Into<String>, reason: Reason) {
        self.faults.add(member, reason);
    }

    pub(crate) fn fault_count(&self) -> usize {
        self.faults.count()
    }

    /// A member that must be of this kind if it is there. A null is there and `None` in it.
    pub(crate) fn typed(&mut self, from: &str, kind: Kind) -> Option<Value> {
        let value = path::get(&self.left, from)?.clone();
        let before = self.faults.count();
        let value = kind.convert(self.direction, from, value, &mut self.faults);
        (self.faults.count() == before).then_some(value)
    }

    /// Moves one member, whichever of its names it has.
    pub(crate) fn read(&mut self, name: &'static str, also: &[&'static str], to: &'static str, kind: Kind) {
        let mut taken: Vec<&'static str> = Vec::new();
        let mut converted = Value::Null;
        for from in std::iter::once(name).chain(also.iter().copied()) {
            if self.get(from).is_none() {
                continue;
            }
            let Some(value) = self.typed(from, kind) else { return };
            match taken.last() {
                Some(other) if !converted.is_null() && !value.is_null() && converted != value => {
                    return self.fault(from, Reason::Contradicts((*other).to_owned()));
                }
                _ if value.is_null() => {}
                _ => converted = value,
            }
            taken.push(from);
        }
        if !taken.is_empty() {
            self.replace(&taken, vec![(to, converted)]);
        }
    }

    /// Takes members of the one form away and puts those of the other in their place; all of it, or nothing.
    pub(crate) fn replace(&mut self, taken: &[&'static str], put: Vec<(&'static str, Value)>) {
        let was: Vec<_> =
            taken.iter().filter_map(|from| Some((*from, path::remove(&mut self.left, from)?))).collect();
        let occupied = put.iter().find(|(to, _)| !path::is_free(&self.left, to)).map(|(to, _)| *to);
        if let Some(to) = occupied {
            self.fault(taken.first().copied().unwrap_or(to), Reason::Contradicts(to.to_owned()));
            for (from, value) in was {
                path::insert(&mut self.left, from, value);
            }
            return;
        }
        for (to, value) in put {
            path::insert(&mut self.made, to, value);
        }
    }

    /// The objects that members of either form stand in. `"web": null` and `"web": {}` say no more than no `web`, and
    /// would stand in the way of one.
    fn open_containers(&mut self) {
        // Innermost first: an object may be left empty.
        let known = table::old_paths().chain(table::new_paths());
        let containers: BTreeSet<_> = known.flat_map(path::containers).collect();
        for container in containers.into_iter().rev() {
            match path::get(&self.left, container) {
                None => {}
                Some(value) if is_bare(value) => {
                    path::remove(&mut self.left, container);
                }
                Some(Value::Object(_)) => {}
                // In the old form it is no container.
                Some(_) if container == PUBLIC_CLIENT && self.direction == Direction::ToGraph => {}
                Some(_) => self.faults.add(container, Reason::Expected("an object")),
            }
        }
    }
}

fn is_bare(container: &Value) -> bool {
    container.is_null() || container.as_object().is_some_and(Map::is_empty)
}
