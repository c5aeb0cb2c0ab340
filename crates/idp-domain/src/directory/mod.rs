//! The directory: users, groups and who belongs to what, directory roles, and how its objects are found.

mod account;
mod deleted;
mod group;
mod index;
mod invitation;
mod links;
mod object;
mod profile;
pub mod role;
mod upn;
mod user;

pub use account::{Account, EXTERNAL_AZURE_AD, External, Home, HomeAccount};
pub use deleted::{DELETED_KEPT, DeletedObject};
pub use group::{Group, TransitiveGroup};
pub use index::{Indexed, MAX_KEY, Position, Seek, fold, lower};
pub use invitation::InvitationLink;
pub use links::{Link, Relation};
pub use object::{DirectoryObject, ObjectKind};
pub use profile::Profile;
pub use upn::{MalformedUpn, Upn};
pub use user::{CREATION_TYPE, EXTERNAL_STATE_CHANGED, User, UserType};
