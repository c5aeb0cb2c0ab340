//! Ids for what a file gives none: they follow from the tenant and the name, so that a file means the same objects
//! wherever and whenever it is read.

use aws_lc_rs::digest::{Context, SHA256};
use uuid::{Builder, Uuid};
use vestibule_wire::ids::TenantId;

/// The id of a tenant by its first domain.
pub(super) fn of_tenant(domain: &str) -> TenantId {
    TenantId::new(derive(&[b"tenant", domain.as_bytes()]))
}

/// The id of an object of this kind with this name; `name` may have several parts.
pub(super) fn of(tenant: TenantId, kind: &str, name: &[&str]) -> Uuid {
    let mut parts: Vec<&[u8]> = vec![tenant.as_bytes(), kind.as_bytes()];
    parts.extend(name.iter().map(|part| part.as_bytes()));
    derive(&parts)
}

/// RFC 9562 §5.8: a version for what is made in a way of its own.
fn derive(parts: &[&[u8]]) -> Uuid {
    let mut context = Context::new(&SHA256);
    context.update(b"vestibule tenant file");
    for part in parts {
        // Lengths in front, so that ("ab", "c") and ("a", "bc") differ.
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut bytes = [0; 16];
    for (byte, hashed) in bytes.iter_mut().zip(context.finish().as_ref()) {
        *byte = *hashed;
    }
    Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Applications have these ids in their configuration.
    #[test]
    fn ids_that_follow_from_names_never_change() {
        let tenant = of_tenant("acme.test");
        assert_eq!(tenant.to_string(), "81a7fd90-e80d-8ef1-9441-dc72e3d57668");
        assert_eq!(
            of(tenant, "user", &["ann@acme.test"]).to_string(),
            "c7785bc9-ffc4-8b40-a172-26d7f927d077"
        );
        assert_ne!(of(tenant, "a", &["bc"]), of(tenant, "ab", &["c"]));
    }
}
