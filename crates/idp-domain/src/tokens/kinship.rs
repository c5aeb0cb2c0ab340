//! Families of applications: members use each other's refresh tokens, so that who signed in to one is signed in to all.
//!
//! Such a token opens nothing that the member who presents it could not have asked for itself: its own consent and
//! assignment are looked at as ever, and what it gets is its own. A family of refresh tokens begins for it, with the
//! facts of the sign-in; the one it came of is not used up, since its owner goes on with it. When a token of either turns
//! out to be in the wrong hands, all that came of the sign-in ends. In strict mode a token serves each member once.

use jiff::Timestamp;
use vestibule_wire::ids::TenantId;

use super::lifetime::{REFRESH_IDLE, after};
use super::{Family, FamilyId, RefreshRefusal, RefreshToken};
use crate::applications::{Client, Platform, Registration};
use crate::changes::{Change, Changes, SpentKind, SpentMark};
use crate::randomness::Randomness;
use crate::sealed::Month;
use crate::tenant::CompatProfile;

/// Proof that a client belongs to the family of applications of another, whose refresh token it presents.
#[derive(Debug)]
pub struct Kinship<'a> {
    client: &'a Client,
    owner: &'a Registration,
}

impl<'a> Kinship<'a> {
    /// Both are named as members of one family, at home in one tenant, and public; both may act.
    pub fn between(client: &'a Client, owner: &'a Registration) -> Result<Self, RefreshRefusal> {
        if !owner.principal.enabled || owner.application.client_family.is_none() {
            return Err(RefreshRefusal::NotYours);
        }
        let (own, theirs) = (&client.registration().application, &owner.application);
        let akin = own.client_family == theirs.client_family && own.tenant == theirs.tenant;
        let public =
            matches!(client, Client::Public(_)) && !own.has_credentials() && !theirs.has_credentials();
        if akin && public { Ok(Self { client, owner }) } else { Err(RefreshRefusal::OtherFamily) }
    }

    /// Compares a token of the other's with its family and with how it is presented.
    pub fn present(
        &self,
        token: &RefreshToken,
        tenant: Option<TenantId>,
        cross_origin: bool,
        family: &Family,
        now: Timestamp,
    ) -> Result<(), RefreshRefusal> {
        // A single-page application's token is its page's alone.
        if token.client() != self.owner.client_id() || family.platform != Platform::Native {
            return Err(RefreshRefusal::NotYours);
        }
        // Where the other is used is its own matter: what follows is of the same tenant.
        if tenant.is_some_and(|tenant| tenant != token.tenant()) {
            return Err(RefreshRefusal::OtherTenant);
        }
        token.present_by_any(self.client, cross_origin, family, now)
    }

    /// The client's own family, and what beginning it changes. Neither member's registration may change meanwhile.
    pub fn begin(
        &self,
        token: &RefreshToken,
        compat: CompatProfile,
        family: &Family,
        now: Timestamp,
        random: &dyn Randomness,
    ) -> Result<(Family, Changes), RefreshRefusal> {
        let client = self.client.registration().client_id();
        let begun = Family {
            id: FamilyId::random(random),
            month: Month::of(now),
            client,
            started_at: now,
            generation: 0,
            root: Some(family.lineage()),
            ..family.clone()
        };
        // What ends them all is held first: whoever ends it finds this one, too, or is found.
        let mut changes =
            Changes::one(Change::FamilyLive { tenant: family.tenant, family: family.lineage() });
        if family.root.is_some() {
            changes.add(Change::FamilyLive { tenant: family.tenant, family: family.id });
        }
        // It lasts as long as this one does, which may be for longer than its own tokens.
        let (tenant, family_id, to) = (family.tenant, family.lineage(), Month::of(now));
        changes.add(Change::MoveFamily { tenant, family: family_id, to });
        super::issue::guard_registration(&mut changes, self.owner);
        if compat == CompatProfile::Strict {
            if token.generation() != family.generation {
                return Err(RefreshRefusal::Reused);
            }
            let generation = token.generation().to_be_bytes();
            let used = [&family.id.as_bytes()[..], &generation, client.as_bytes()].concat();
            let mark = SpentMark::new(SpentKind::SharedRefreshToken, &used, after(now, REFRESH_IDLE));
            changes.add(Change::Spend(mark));
        }
        changes.add(Change::StartFamily(Box::new(begun.clone())));
        Ok((begun, changes))
    }
}
