//! The parts of Microsoft Graph's `application` and `servicePrincipal` resources, in Graph's member names.
//!
//! Source: Microsoft Graph REST API v1.0, resource types `application`, `appRole`, `permissionScope`,
//! `requiredResourceAccess`, `preAuthorizedApplication`, `optionalClaims`, `informationalUrl`, `verifiedPublisher`.
//! Times are RFC 3339 in UTC. A member without a value is written as `null` where Graph does and may be left out when
//! read.
//!
//! ```
//! use vestibule_wire::graph::{PermissionScope, PermissionType};
//!
//! let scope: PermissionScope = serde_json::from_str(
//!     r#"{"id":"9e470000-0000-4000-8000-5c0900050001","value":"Tasks.Read","type":"Admin","isEnabled":true}"#,
//! )
//! .unwrap();
//! assert_eq!(scope.kind, PermissionType::Admin);
//! ```

mod optional_claims;
mod permissions;
mod presentation;

pub use optional_claims::{OptionalClaim, OptionalClaims};
pub use permissions::{
    AppRole, MemberType, PermissionScope, PermissionType, PreAuthorizedApplication, RequiredResourceAccess,
    ResourceAccess, ResourceAccessType,
};
pub use presentation::{InformationalUrl, VerifiedPublisher};
