//! Who it is: ids that do not change, and those that nobody may take.

use vestibule_wire::ids::ClientId;

use super::{Findings, Rule};
use crate::applications::Application;
use crate::applications::first_party::FIRST_PARTY_TENANT;

/// Client ids that programs know by heart (section 5.7). Microsoft's own resources have ids of the form
/// `0000000x-0000-0000-c000-000000000000`, and are all reserved.
const WELL_KNOWN: &[ClientId] = &[
    // Azure Service Management.
    ClientId::from_u128(0x797f4846_ba00_4fd7_ba43_dac1f8f63013),
    // Azure CLI.
    ClientId::from_u128(0x04b07795_8ddb_461a_bbee_02f9e1bf7b46),
    // Azure PowerShell.
    ClientId::from_u128(0x1950a258_227b_4e31_a9cf_717495945fc2),
    // Microsoft Graph PowerShell and CLI.
    ClientId::from_u128(0x14d82eec_204b_4c2f_b7e8_296a70dab67e),
    // Graph Explorer.
    ClientId::from_u128(0xde8bc8b5_d9f9_48b1_a8ad_b748da725064),
    // Visual Studio.
    ClientId::from_u128(0x872cd9fa_d31f_45e0_9eab_6e460a02d1f1),
    // Visual Studio Code.
    ClientId::from_u128(0xaebc6443_996d_45c2_90f0_388ff96faa56),
];

/// Whether a client id is a well-known one of Microsoft's, which nobody may register (CN-08).
pub fn is_reserved(id: ClientId) -> bool {
    const FAMILY: u128 = 0x00000000_0000_0000_c000_000000000000;
    const VARIES: u128 = 0x0000ffff_0000_0000_0000_000000000000;
    let number = id.guid().as_u128();
    WELL_KNOWN.contains(&id) || number & !VARIES == FAMILY || id.guid().is_nil()
}

pub(super) fn check(new: &Application, old: Option<&Application>, found: &mut Findings) {
    if new.tenant != FIRST_PARTY_TENANT && is_reserved(new.client_id) {
        found.add("appId", Rule::Reserved, "it belongs to a well-known application");
    }
    let Some(old) = old else { return };
    for (member, changed) in [("appId", new.client_id != old.client_id), ("id", new.id != old.id)] {
        if changed || new.tenant != old.tenant {
            found.add(member, Rule::Immutable, "it cannot be changed");
        }
    }
}
