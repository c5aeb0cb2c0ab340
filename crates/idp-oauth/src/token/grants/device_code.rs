//! Device code (RFC 8628 §3.4): a device comes for what a person approved on another.
//!
//! Until somebody has answered, a request is one read: nothing is written however often a device asks, and none is told to
//! slow down, at which most libraries give up. Afterwards one commit redeems the code, starts the family of its refresh
//! tokens, which knows that the sign-in was carried over, and records it.

use idp_domain::applications::Platform;
use idp_domain::audit::{Activity, AuditEvent};
use idp_domain::changes::{Change, Changes};
use idp_domain::device::{ApprovedDevice, DeviceCode, DeviceRefusal};
use idp_domain::tenant::Directory;
use idp_domain::tokens::RefreshGrant;
use idp_web::state::App;
use vestibule_wire::form::Form;
use vestibule_wire::ids::{ClientId, TenantId};
use vestibule_wire::oauth::param;

use super::super::{Exchange, Refusal, Right, TokenError};
use crate::delegation::Asked;

/// What the request says.
pub(in super::super) struct DeviceCodeGrant {
    device_code: String,
    client: ClientId,
}

impl DeviceCodeGrant {
    /// MSAL calls the code `device_code`, ADAL `code`, and MSAL Python sends it as both.
    pub(in super::super) fn parse(form: &Form, client: ClientId) -> Result<Self, TokenError> {
        let code = match (form.get(param::DEVICE_CODE), form.get(param::CODE)) {
            (Some(one), Some(other)) if one != other => return Err(DeviceRefusal::NotYours.into()),
            (Some(code), _) | (None, Some(code)) => code,
            (None, None) => return Err(TokenError::Missing(param::DEVICE_CODE)),
        };
        Ok(Self { device_code: code.to_owned(), client })
    }

    /// The tenant of whoever approved it. Asked where the path leaves it open, and before the client is in any tenant.
    pub(in super::super) async fn tenant(
        &self,
        app: &App,
        directory: &Directory,
    ) -> Result<TenantId, TokenError> {
        Ok(self.approved(app, directory.tenant().map(|tenant| tenant.id)).await?.tenant())
    }

    /// The code is ours, this client's and in time, and somebody approved what it asks for.
    async fn approved(&self, app: &App, tenant: Option<TenantId>) -> Result<ApprovedDevice, TokenError> {
        let code = DeviceCode::open(&self.device_code, &app.sealer);
        let code = code.map_err(|_| DeviceRefusal::NotYours)?;
        let presented = code.present(self.client, tenant, app.now())?;
        let request = app.store.device_request(presented.key(&app.sealer)).await?;
        Ok(presented.approved(request)?)
    }

    pub(in super::super) async fn decide(&self, exchange: &Exchange<'_>) -> Result<Right, Refusal> {
        let Exchange { app, tenant, client, cross_origin, .. } = exchange;
        // 1. It is approved, and this client may come for it.
        let approved = self.approved(app, Some(tenant.id)).await?;
        let device = approved
            .redeemed_by(client, *cross_origin)
            .map_err(|refusal| TokenError::device(refusal, exchange))?;
        // 2. The person may still sign in (DC-11).
        let user = exchange.person(device.user()).await?;
        let signed_in = device.sign_in(user)?;
        // 3. What the device asked for was consented to, and still is.
        let family = super::started(exchange, Platform::Native, device.family(), &signed_in, device.scope());
        let granted = exchange.delegate(signed_in, Asked::first_of(device.scope())?).await?;
        // 4. All this happens once.
        let redeemed = AuditEvent { user: Some(family.user), ..exchange.event(Activity::DeviceRedeemed) };
        let refresh = RefreshGrant::of(&family);
        let changes = Changes::one(device.redemption())
            .and(Change::StartFamily(Box::new(family)))
            .and(Change::RecordAudit(redeemed));
        // A device that asks twice at once is impatient, not a thief: the family lives.
        Ok(Right {
            granted: granted.renewable(refresh),
            changes,
            if_spent: Some(DeviceRefusal::Redeemed.into()),
        })
    }
}
