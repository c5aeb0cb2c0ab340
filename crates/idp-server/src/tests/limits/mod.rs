//! Limits, on a server where things may be done a few times only: that every route has one, and what is counted where.

mod every_route;
mod failures;
mod loops;
mod principals;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;

use axum::body::Body;
use http::Request;
use http::header::RETRY_AFTER;
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::tenant::CompatProfile;
use idp_web::limits::{Allowance, Allowances};
use idp_web::request::Peer;

use super::{Answer, World};
use crate::development::cast::{CONTOSO, Program};

/// A server on which nothing is limited but this.
async fn limited(set: impl FnOnce(&mut Allowances)) -> World {
    let mut allowances = Allowances::none();
    set(&mut allowances);
    World::allowing(&allowances, CompatProfile::Entra).await
}

const fn times(times: u32) -> Allowance {
    NonZeroU32::new(times)
}

/// One address of many.
fn address(n: u32) -> IpAddr {
    Ipv4Addr::from(0x0a00_0000 + n).into()
}

impl World {
    /// Sends a request from an address.
    async fn send_from(&self, address: IpAddr, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(Peer(SocketAddr::new(address, 50_000)));
        self.send(request).await
    }

    async fn token_from(&self, address: IpAddr, program: &Program, grant: &[(&str, &str)]) -> Answer {
        self.send_from(address, super::token_request(program, grant)).await
    }

    async fn on_record(&self, activity: Activity) -> Vec<AuditEvent> {
        self.app.store.audit_events(CONTOSO, &[activity], None, 99).await.unwrap()
    }
}

impl Answer {
    /// The seconds to wait, which must be said.
    fn wait(&self) -> u64 {
        assert_eq!(self.status, 429, "{self:?}");
        let header = self.headers.get(RETRY_AFTER).unwrap_or_else(|| panic!("no Retry-After: {self:?}"));
        let seconds = header.to_str().unwrap().parse().unwrap();
        assert!(seconds > 0);
        seconds
    }
}
