//! People with their accounts: at home in one tenant, and guests in others.

use idp_domain::directory::{Account, External, Home, HomeAccount, User};
use idp_domain::store::Unavailable;
use vestibule_wire::ids::{TenantId, UserId};

use crate::state::App;

/// What a person is in a tenant.
#[derive(Debug)]
pub enum Place {
    /// It has an account of theirs: they are at home there, or accepted to be a guest.
    Of(Box<Account>),
    /// They were invited, and have not accepted yet.
    Invited(Box<User>),
    /// It does not know them.
    Nowhere,
}

/// The user with this id, with the account they are at home with. None if there is no such user, or nobody who could sign in
/// as them: an invitation that was not accepted, a guest whose own account is gone.
pub async fn find(app: &App, tenant: TenantId, id: UserId) -> Result<Option<Account>, Unavailable> {
    match app.store.user(tenant, id).await? {
        Some(user) => of(app, user).await,
        None => Ok(None),
    }
}

/// A user that was read already.
pub async fn of(app: &App, user: User) -> Result<Option<Account>, Unavailable> {
    let Some(external) = &user.external else { return Ok(Account::at_home(user)) };
    let Some(HomeAccount { tenant, user: id }) = external.home() else { return Ok(None) };
    let (Some(there), Some(tenant)) = (app.store.user(tenant, id).await?, app.store.tenant(tenant).await?)
    else {
        return Ok(None);
    };
    Ok(Account::guest(user, Home { user: there, tenant }))
}

/// What a person with this account at home is in a tenant.
pub async fn place(app: &App, at_home: &User, tenant: TenantId) -> Result<Place, Unavailable> {
    if tenant == at_home.tenant {
        let account = Account::at_home(at_home.clone());
        return Ok(account.map_or(Place::Nowhere, |account| Place::Of(Box::new(account))));
    }
    let accepted = External::Home(HomeAccount::of(at_home));
    if let Some(guest) = app.store.user_from_elsewhere(tenant, &accepted).await? {
        let account = of(app, guest).await?;
        return Ok(account.map_or(Place::Nowhere, |account| Place::Of(Box::new(account))));
    }
    let invited = External::Invited(at_home.upn.clone());
    let invited = app.store.user_from_elsewhere(tenant, &invited).await?;
    Ok(invited.map_or(Place::Nowhere, |user| Place::Invited(Box::new(user))))
}
