//! What an entity is made of: one table from which `$select`, `$filter`, `$orderby`, `$expand`, the validation of
//! request bodies (GA-05) and the OpenAPI document all come. What the table does not name does not exist.
//!
//! A table is a constant, written with the constructors below:
//!
//! ```
//! use idp_graph::odata::schema::{EntityType, Property, boolean, guid, string, strings};
//!
//! static GROUP: EntityType = EntityType::directory("group", "groups").properties(&[
//!     guid("id").shown().filterable().required(),
//!     string("displayName").shown().filterable().sortable().writable(),
//!     boolean("securityEnabled").shown().filterable().writable_on_create(),
//!     strings("groupTypes").shown().filterable(),
//! ]);
//! assert_eq!(GROUP.property("displayName").map(|property| property.name), Some("displayName"));
//! ```

/// A type of entity, such as `microsoft.graph.user`.
#[derive(Debug)]
pub struct EntityType {
    /// Without the namespace: `user`.
    pub name: &'static str,
    /// The entity set it is found in: `users`.
    pub set: &'static str,
    /// How demanding the service is about queries for it.
    pub queries: Queries,
    /// In the order in which they are shown.
    pub properties: &'static [Property],
    /// What `$expand` may name.
    pub navigations: &'static [Navigation],
}

/// Which queries are answered without being asked for as advanced ones (section 9.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queries {
    /// Directory objects: the advanced operators need `ConsistencyLevel: eventual` and `$count=true`.
    Directory,
    /// Everything else, such as the logs: all operators at once, `contains` among them.
    Open,
}

/// A structural property of an entity or of a complex type.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Its name on the wire.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Whether it is shown when there is no `$select`.
    pub selected_by_default: bool,
    /// Whether `$filter` may name it. Within a complex type the innermost property decides.
    pub filter: Support,
    /// Whether `$orderby` may name it.
    pub sort: Support,
    /// Whether a request body may name it.
    pub writable: Writable,
    /// Whether it may be null.
    pub nullable: bool,
}

/// What the values of a property are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// `Edm.String`
    String,
    /// `Edm.Boolean`
    Boolean,
    /// `Edm.Int32`
    Int32,
    /// A UUID. Graph calls most of them `Edm.String`; they compare as UUIDs all the same.
    Guid,
    /// `Edm.DateTimeOffset`
    DateTime,
    /// `Edm.Binary`, as base64
    Binary,
    /// Several of one kind.
    Collection(&'static Kind),
    /// An object with properties of its own.
    Complex(&'static [Property]),
    /// JSON whose members are not ours to know.
    Any,
}

impl Kind {
    /// The name of the kind in messages.
    pub(crate) const fn edm(&self) -> &'static str {
        match self {
            Self::String => "Edm.String",
            Self::Boolean => "Edm.Boolean",
            Self::Int32 => "Edm.Int32",
            Self::Guid => "Edm.Guid",
            Self::DateTime => "Edm.DateTimeOffset",
            Self::Binary => "Edm.Binary",
            Self::Collection(_) => "Collection",
            Self::Complex(_) => "Edm.ComplexType",
            Self::Any => "Edm.Untyped",
        }
    }
}

impl PartialEq for Property {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.kind == other.kind
    }
}

/// Whether a query may use a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// Never.
    No,
    /// In any query.
    Basic,
    /// In advanced queries only.
    Advanced,
}

/// Whether a request body may name a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writable {
    /// The server says what it is.
    Never,
    /// POST may, PATCH may not.
    OnCreate,
    /// POST and PATCH may.
    Always,
}

/// A relation that `$expand` may follow.
#[derive(Debug, Clone, Copy)]
pub struct Navigation {
    /// Its name on the wire: `members`.
    pub name: &'static str,
    /// What it leads to.
    pub target: &'static EntityType,
    /// Whether it leads to several.
    pub many: bool,
}

impl EntityType {
    /// A directory object.
    pub const fn directory(name: &'static str, set: &'static str) -> Self {
        Self { name, set, queries: Queries::Directory, properties: &[], navigations: &[] }
    }

    /// Anything else, such as an entry of a log.
    pub const fn open(name: &'static str, set: &'static str) -> Self {
        Self { name, set, queries: Queries::Open, properties: &[], navigations: &[] }
    }

    /// With these properties.
    pub const fn properties(mut self, properties: &'static [Property]) -> Self {
        self.properties = properties;
        self
    }

    /// With these relations.
    pub const fn navigations(mut self, navigations: &'static [Navigation]) -> Self {
        self.navigations = navigations;
        self
    }

    /// The property of that name. Entra: the case of names in queries does not matter.
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        find(self.properties, name)
    }

    /// The relation of that name.
    pub fn navigation(&self, name: &str) -> Option<&'static Navigation> {
        self.navigations.iter().find(|navigation| navigation.name.eq_ignore_ascii_case(name))
    }

    /// As messages write it: `User`.
    pub fn resource(&self) -> String {
        let mut letters = self.name.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
    }
}

pub(crate) fn find(properties: &'static [Property], name: &str) -> Option<&'static Property> {
    properties.iter().find(|property| property.name.eq_ignore_ascii_case(name))
}

impl Navigation {
    /// To one object: `manager`.
    pub const fn one(name: &'static str, target: &'static EntityType) -> Self {
        Self { name, target, many: false }
    }

    /// To several: `members`.
    pub const fn many(name: &'static str, target: &'static EntityType) -> Self {
        Self { name, target, many: true }
    }
}

impl Property {
    /// A property that is hidden by default, cannot be queried by and cannot be written.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            selected_by_default: false,
            filter: Support::No,
            sort: Support::No,
            writable: Writable::Never,
            nullable: !matches!(kind, Kind::Collection(_)),
        }
    }

    /// Shown without `$select`.
    pub const fn shown(mut self) -> Self {
        self.selected_by_default = true;
        self
    }

    /// Any query may filter by it.
    pub const fn filterable(mut self) -> Self {
        self.filter = Support::Basic;
        self
    }

    /// Advanced queries may filter by it.
    pub const fn filterable_when_advanced(mut self) -> Self {
        self.filter = Support::Advanced;
        self
    }

    /// Any query may sort by it.
    pub const fn sortable(mut self) -> Self {
        self.sort = Support::Basic;
        self
    }

    /// Advanced queries may sort by it.
    pub const fn sortable_when_advanced(mut self) -> Self {
        self.sort = Support::Advanced;
        self
    }

    /// POST and PATCH may name it.
    pub const fn writable(mut self) -> Self {
        self.writable = Writable::Always;
        self
    }

    /// POST may name it, PATCH may not.
    pub const fn writable_on_create(mut self) -> Self {
        self.writable = Writable::OnCreate;
        self
    }

    /// Never null.
    pub const fn required(mut self) -> Self {
        self.nullable = false;
        self
    }
}

/// Text.
pub const fn string(name: &'static str) -> Property {
    Property::new(name, Kind::String)
}

/// `true` or `false`.
pub const fn boolean(name: &'static str) -> Property {
    Property::new(name, Kind::Boolean)
}

/// A whole number.
pub const fn int32(name: &'static str) -> Property {
    Property::new(name, Kind::Int32)
}

/// A UUID.
pub const fn guid(name: &'static str) -> Property {
    Property::new(name, Kind::Guid)
}

/// A point in time.
pub const fn date_time(name: &'static str) -> Property {
    Property::new(name, Kind::DateTime)
}

/// Bytes, as base64.
pub const fn binary(name: &'static str) -> Property {
    Property::new(name, Kind::Binary)
}

/// Several texts.
pub const fn strings(name: &'static str) -> Property {
    Property::new(name, Kind::Collection(&Kind::String))
}

/// Several UUIDs.
pub const fn guids(name: &'static str) -> Property {
    Property::new(name, Kind::Collection(&Kind::Guid))
}

/// Several of one kind: `collection("identities", &Kind::Complex(&[…]))`.
pub const fn collection(name: &'static str, element: &'static Kind) -> Property {
    Property::new(name, Kind::Collection(element))
}

/// An object with properties of its own.
pub const fn complex(name: &'static str, properties: &'static [Property]) -> Property {
    Property::new(name, Kind::Complex(properties))
}

/// JSON whose members are not ours to know.
pub const fn any(name: &'static str) -> Property {
    Property::new(name, Kind::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    static PERSON: EntityType = EntityType::directory("person", "people")
        .properties(&[
            string("name").shown().sortable().required(),
            complex("address", &[string("city").filterable()]),
        ])
        .navigations(&[Navigation::one("manager", &PERSON)]);

    #[test]
    fn a_type_may_lead_to_itself() {
        assert_eq!(PERSON.navigation("manager").map(|manager| manager.target.name), Some("person"));
        assert_eq!(PERSON.resource(), "Person");
    }

    /// GA-05: a property is closed until the table opens it.
    #[test]
    fn ga_05_a_new_property_can_be_neither_written_nor_queried() {
        let property = string("isAdmin");
        assert_eq!(
            (property.writable, property.filter, property.sort, property.selected_by_default),
            (Writable::Never, Support::No, Support::No, false)
        );
        assert!(PERSON.property("isAdmin").is_none());
    }
}
