// What an application's author would write around MSAL Browser. The tests press its buttons and call its functions.

window.app = (async () => {
    const settings = await (await fetch("/settings.json")).json();
    const straightHome = new URLSearchParams(location.search).has("straight-home");
    const pca = new msal.PublicClientApplication({
        auth: {
            clientId: settings.clientId,
            authority: settings.authority,
            knownAuthorities: settings.knownAuthorities,
            redirectUri: straightHome ? settings.home : settings.bridge,
            postLogoutRedirectUri: settings.bridged ? settings.bridge : settings.home,
        },
    });
    await pca.initialize();
    const redirected = await pca.handleRedirectPromise().then(shown, refused);

    const account = () => pca.getAllAccounts()[0] ?? null;
    const show = () => {
        document.getElementById("account").textContent = account()?.username ?? "nobody";
    };
    const press = (id, action) => {
        document.getElementById(id).addEventListener("click", () => {
            window.pressed = action().then(shown, refused).finally(show);
        });
    };
    const redirectUri = settings.bridged ? undefined : settings.home;
    press("login-redirect", () => pca.loginRedirect({ scopes: settings.scopes, loginHint: app.loginHint, redirectUri }));
    press("login-popup", () => pca.loginPopup({ scopes: settings.scopes }));
    press("logout-redirect", () => pca.logoutRedirect({ account: account() }));
    press("logout-popup", () => pca.logoutPopup({ account: account() }));
    show();

    const app = {
        redirected,
        loginHint: undefined,
        account,
        accounts: () => pca.getAllAccounts().length,
        silent: (more = {}) =>
            pca.acquireTokenSilent({ scopes: settings.scopes, account: account(), ...more }).then(shown, refused),
        ssoSilent: (loginHint) => pca.ssoSilent({ scopes: settings.scopes, loginHint }).then(shown, refused).finally(show),
    };
    return app;
})();

// What a test may look at: plain values only.
function shown(answer) {
    return (
        answer && {
            accessToken: answer.accessToken,
            idToken: answer.idToken,
            idTokenClaims: answer.idTokenClaims,
            fromCache: answer.fromCache,
            scopes: answer.scopes,
            homeAccountId: answer.account?.homeAccountId,
            username: answer.account?.username,
            tenantId: answer.tenantId,
        }
    );
}

function refused(problem) {
    return { refused: { name: problem.name, code: problem.errorCode, message: problem.errorMessage ?? String(problem) } };
}
