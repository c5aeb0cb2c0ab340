//! What a person sees: the pages of the sign-in conversation, and what makes them safe to show.
//!
//! A page is a plain struct that says what is on it; [`Chrome`] says in which language and under which script nonce it
//! is shown. `render` joins the two. A page does not decide anything: which account, which error and where a form goes
//! are settled before it is made. Everything works without JavaScript; the only two scripts (copy the details of an error,
//! submit a `form_post` answer) spare a click.
//!
//! Text comes from `messages/*.ftl`, markup from `templates/`, looks from `assets/vestibule.css`.

mod account;
mod account_name;
mod account_picker;
mod admin_approval;
mod chrome;
mod consent;
mod csp;
mod device;
mod error;
mod form_post;
mod home;
mod http_address;
mod human_error;
mod invitation;
mod locale;
mod lookup;
mod messages;
mod new_password;
mod nonce;
mod password;
mod permission;
mod permission_sentence;
mod phrase;
mod shown;
mod sign_out;
mod stay_signed_in;
mod stylesheet;

pub use account::{AccountPage, AccountProblem};
pub use account_picker::{AccountChoice, AccountPickerPage, PickerPurpose};
pub use admin_approval::{AdminApprovalPage, AdminConsentedPage};
pub use chrome::Chrome;
pub use consent::{ConsentPage, OnBehalf};
pub use csp::Csp;
pub use device::{DeviceCodePage, DeviceCodeProblem, DeviceConfirmPage, DeviceDonePage, device_message};
pub use error::{ErrorDetails, ErrorPage};
pub use form_post::FormPostPage;
pub use home::HomePage;
pub use http_address::HttpAddress;
pub use human_error::HumanError;
pub use invitation::{InvitationDeclinedPage, InvitationPage};
pub use locale::Locale;
pub use lookup::LookupPage;
pub use new_password::{NewPasswordPage, NewPasswordProblem};
pub use nonce::Nonce;
pub use password::{PasswordPage, PasswordProblem};
pub use permission::{PermissionView, PublisherView};
pub use permission_sentence::{Reach, permission_sentence, permission_sentence_reaching};
pub use sign_out::{ReturnLink, SignOutConfirmPage, SignedOutPage};
pub use stay_signed_in::StaySignedInPage;
pub use stylesheet::{STYLESHEET, stylesheet_path};
