//! Who may ask, answer and redeem, and until when.

use std::sync::Arc;

use super::*;
use crate::applications::{Client, PublicClient, RedirectUri, Registration, ServicePrincipal, WrongManner};
use crate::clock_and_dice::Dice;
use crate::directory::{Account, Profile, Upn, User, UserType};
use crate::sealed::MasterKey;
use crate::sealed::Purpose;
use crate::sessions::Session;
use vestibule_wire::ids::{ApplicationId, ServicePrincipalId};

const CONTOSO: TenantId = TenantId::from_u128(0xc0);
const FABRIKAM: TenantId = TenantId::from_u128(0xfa);
const ALICE: UserId = UserId::from_u128(0xa11ce);
const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn sealer() -> Sealer {
    Sealer::new(&MasterKey::new([7; 32]))
}

fn native(number: u128) -> Application {
    let redirect = RedirectUri::register(Platform::Native, "http://localhost").unwrap();
    let id = ApplicationId::from_u128(number);
    let client = ClientId::from_u128(number);
    Application { redirect_uris: vec![redirect], ..Application::new(CONTOSO, id, client, "Native".into()) }
}

fn client(application: Application) -> Client {
    let principal =
        ServicePrincipal::new(CONTOSO, ServicePrincipalId::from_u128(1), application.client_id, NOW);
    let registration = Registration { principal, application: Arc::new(application) };
    Client::Public(PublicClient::of(registration).unwrap())
}

fn asked(tenant: Option<TenantId>) -> Asked {
    let wish = Wish { tenant, scope: "openid".into(), from: None };
    DeviceRequest::ask(&native(1), wish, &sealer(), NOW, &Dice).unwrap()
}

fn alice(tenant: TenantId) -> User {
    User {
        tenant,
        id: ALICE,
        upn: Upn::parse("alice@contoso.test").unwrap(),
        display_name: "Alice".into(),
        given_name: None,
        surname: None,
        mail: None,
        enabled: true,
        user_type: UserType::Member,
        external: None,
        directory_roles: Vec::new(),
        password: None,
        must_change_password: false,
        valid_from: NOW,
        created_at: NOW,
        profile: Profile::default(),
        revision: 1,
    }
}

fn account(user: User) -> Account {
    Account::at_home(user).unwrap()
}

fn signed_in(tenant: TenantId) -> SignedIn {
    let session = Session {
        tenant,
        id: SessionId::from_u128(5),
        user: ALICE,
        browser: [1; 32],
        facts: Facts::password_in_browser(NOW, None),
        persistent: false,
        last_used: NOW,
    };
    SignedIn::by_session(&session, account(alice(tenant)), NOW).unwrap()
}

fn after(time: SignedDuration) -> Timestamp {
    NOW.saturating_add(time).unwrap()
}

/// The request as it is once the change has come true.
fn with(request: DeviceRequest, change: Change) -> DeviceRequest {
    match change {
        Change::AnswerDevice { request: key, state } if key == request.key => {
            DeviceRequest { state: *state, ..request }
        }
        other => panic!("{other:?}"),
    }
}

fn present(
    code: &DeviceCode,
    client: u128,
    tenant: Option<TenantId>,
    now: Timestamp,
) -> Result<PresentedDeviceCode, DeviceRefusal> {
    code.clone().present(ClientId::from_u128(client), tenant, now)
}

/// Asked for and approved in contoso.
fn approved(tenant: Option<TenantId>) -> (DeviceCode, DeviceRequest) {
    let Asked { request, device_code, .. } = asked(tenant);
    let change = request.approve(&signed_in(CONTOSO), NOW).unwrap();
    (device_code, with(request, change))
}

#[test]
fn dc_03_a_device_code_holds_256_random_bits_and_opens_as_nothing_else() {
    let first = asked(None).device_code;
    let sealed = first.seal(&sealer(), &Dice);
    assert_eq!(DeviceCode::open(&sealed, &sealer()).unwrap().key(&sealer()), first.key(&sealer()));
    assert_ne!(first.key(&sealer()), asked(None).device_code.key(&sealer()));
    assert!(sealer().open::<DeviceCode>(Purpose::RefreshToken, b"", &sealed).is_err());
    let json = serde_json::to_value(&first).unwrap();
    assert_eq!(json["id"].as_str().unwrap().len(), 43, "256 bits in base64url");
}

#[test]
fn dc_05_an_approved_request_is_redeemed_and_whoever_waits_is_told_to() {
    let Asked { request, device_code, .. } = asked(Some(CONTOSO));
    let presented = || present(&device_code, 1, Some(CONTOSO), NOW).unwrap();
    assert_eq!(presented().approved(Some(request.clone())).unwrap_err(), DeviceRefusal::Pending);

    let approved = with(request.clone(), request.approve(&signed_in(CONTOSO), NOW).unwrap());
    let right = presented().approved(Some(approved)).unwrap().redeemed_by(&client(native(1)), false).unwrap();
    assert_eq!((right.tenant(), right.user(), right.scope()), (CONTOSO, ALICE, "openid"));
    let proof = right.sign_in(account(alice(CONTOSO))).unwrap();
    assert!(proof.facts().carried_over, "it was done on another device than the one that gets the tokens");

    let redeemed = DeviceRequest { state: DeviceState::Redeemed, ..request.clone() };
    assert_eq!(presented().approved(Some(redeemed)).unwrap_err(), DeviceRefusal::Redeemed);
    let declined = with(request.clone(), request.decline(NOW).unwrap());
    assert_eq!(presented().approved(Some(declined)).unwrap_err(), DeviceRefusal::Declined);
    assert_eq!(presented().approved(None).unwrap_err(), DeviceRefusal::NotYours);
}

#[test]
fn dc_05_after_a_quarter_of_an_hour_nothing_can_be_answered_or_redeemed() {
    let Asked { request, device_code, .. } = asked(None);
    let last = after(LIFETIME - SignedDuration::from_secs(1));
    assert!(request.is_open(last) && present(&device_code, 1, None, last).is_ok());
    let over = after(LIFETIME);
    assert!(!request.is_open(over));
    assert_eq!(request.approve(&signed_in(CONTOSO), over).unwrap_err(), Unanswerable::Expired);
    assert_eq!(request.decline(over).unwrap_err(), Unanswerable::Expired);
    assert_eq!(present(&device_code, 1, None, over).unwrap_err(), DeviceRefusal::Expired);
    assert!(request.until() >= Hour::of(last));
}

#[test]
fn a_request_is_answered_once() {
    let request = asked(None).request;
    let approved = with(request.clone(), request.approve(&signed_in(CONTOSO), NOW).unwrap());
    assert_eq!(approved.decline(NOW).unwrap_err(), Unanswerable::Answered);
    assert_eq!(approved.approve(&signed_in(CONTOSO), NOW).unwrap_err(), Unanswerable::Answered);
}

#[test]
fn dc_06_a_device_code_in_another_clients_hands_or_at_another_tenant_is_unknown() {
    let code = asked(Some(CONTOSO)).device_code;
    for refused in [present(&code, 2, Some(CONTOSO), NOW), present(&code, 1, Some(FABRIKAM), NOW)] {
        assert_eq!(refused.unwrap_err(), DeviceRefusal::NotYours);
    }
    // Asked at an alias, it belongs to the tenant of whoever approved it.
    let (code, request) = approved(None);
    let elsewhere = present(&code, 1, Some(FABRIKAM), NOW).unwrap();
    assert_eq!(elsewhere.approved(Some(request.clone())).unwrap_err(), DeviceRefusal::NotYours);
    let anywhere = present(&code, 1, None, NOW).unwrap().approved(Some(request)).unwrap();
    let other = anywhere.redeemed_by(&client(native(2)), false);
    assert_eq!(other.unwrap_err(), NotADevice::OtherClient);
}

#[test]
fn a_request_for_one_tenant_is_not_approved_in_another() {
    let request = asked(Some(CONTOSO)).request;
    assert_eq!(request.approve(&signed_in(FABRIKAM), NOW).unwrap_err(), Unanswerable::OtherTenant);
}

#[test]
fn dc_07_an_application_that_keeps_a_secret_cannot_ask_nor_redeem() {
    let web = || Application { redirect_uris: Vec::new(), ..native(1) };
    let wish = Wish { tenant: None, scope: String::new(), from: None };
    assert_eq!(DeviceRequest::ask(&web(), wish, &sealer(), NOW, &Dice).unwrap_err(), NotPublic);
    let redeem = |application| {
        let (code, request) = approved(None);
        let approved = present(&code, 1, None, NOW).unwrap().approved(Some(request)).unwrap();
        approved.redeemed_by(&client(application), false)
    };
    assert_eq!(redeem(web()).unwrap_err(), NotADevice::NotPublic);
    assert!(redeem(Application { is_fallback_public_client: true, ..web() }).is_ok());
}

#[test]
fn a_page_is_no_device() {
    let (code, request) = approved(None);
    let approved = present(&code, 1, None, NOW).unwrap().approved(Some(request)).unwrap();
    let refusal = approved.redeemed_by(&client(native(1)), true).unwrap_err();
    assert_eq!(refusal, NotADevice::Manner(WrongManner::CrossOriginForbidden));
}

#[test]
fn dc_11_a_person_disabled_or_revoked_meanwhile_is_not_signed_in() {
    let (code, request) = approved(None);
    let right = present(&code, 1, None, NOW).unwrap().approved(Some(request)).unwrap();
    let right = right.redeemed_by(&client(native(1)), false).unwrap();
    assert!(right.sign_in(account(User { enabled: false, ..alice(CONTOSO) })).is_err());
    let later = after(SignedDuration::from_secs(1));
    assert!(right.sign_in(account(User { valid_from: later, ..alice(CONTOSO) })).is_err());
    assert!(right.sign_in(account(alice(FABRIKAM))).is_err());
}
