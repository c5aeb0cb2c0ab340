//! Which resource a scope means in a tenant.

pub use idp_web::resources::find;
