// What an application's author wrote around ADAL.js. The same page is the redirect URI: of the window, of popups and of
// hidden frames.

window.app = (async () => {
    const settings = await (await fetch("/settings.json")).json();
    const popUp = new URLSearchParams(location.search).has("popup");
    const context = new AuthenticationContext({
        instance: settings.instance,
        tenant: settings.tenant,
        clientId: settings.clientId,
        redirectUri: settings.home,
        postLogoutRedirectUri: settings.signedOut,
        popUp,
        // In a window of its own the sign-in ends on the page where it began, not on this one.
        callback: () => popUp && show(),
    });
    function show() {
        document.getElementById("account").textContent = context.getCachedUser()?.userName ?? "nobody";
    }
    if (context.isCallback(location.hash)) {
        context.handleWindowCallback();
        return;
    }
    document.getElementById("login").addEventListener("click", () => context.login());
    document.getElementById("logout").addEventListener("click", () => context.logOut());
    show();
    return {
        user: () => context.getCachedUser(),
        cached: (resource) => context.getCachedToken(resource),
        acquire: (resource) =>
            new Promise((resolve) => {
                context.acquireToken(resource, (description, token, error) => resolve({ description, token, error }));
            }),
        forget: (resource) => context.clearCacheForResource(resource),
    };
})();
