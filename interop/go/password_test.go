package interop

import (
	"context"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// A program has the person's password: MSAL Go asks for the user's realm, and then for the token.

func TestAProgramSignsAPersonInWithTheirPasswordAndGoesOnWithoutIt(t *testing.T) {
	shows(t, msalGo, "password", "silent", "second-resource")
	bob, api := dev.User("bob@contoso.test"), dev.Application("api")
	client, _ := installed(t)
	answer, err := client.AcquireTokenByUsernamePassword(context.Background(), api.Scopes[:1], bob.UPN, string(bob.Password))
	check(t, err)
	claims, err := dev.VerifiedForAPI(answer.AccessToken, api, bob.Tenant)
	check(t, err)
	equal(t, "oid", claims["oid"], bob.ID)
	equal(t, "account", answer.Account.HomeAccountID, bob.ID+"."+bob.Tenant)
	again, err := client.AcquireTokenSilent(context.Background(), []string{userRead}, public.WithSilentAccount(answer.Account))
	check(t, err)
	equal(t, "caller", whoIs(t, again.AccessToken), bob.UPN)
}

func TestAWrongPasswordIsAnInvalidGrant(t *testing.T) {
	bob, api := dev.User("bob@contoso.test"), dev.Application("api")
	client, _ := installed(t)
	_, err := client.AcquireTokenByUsernamePassword(context.Background(), api.Scopes[:1], bob.UPN, "not-"+randomly())
	refused(t, err, 400, "invalid_grant", 50126)
}

func TestAzidentitySignsAPersonInWithTheirPassword(t *testing.T) {
	shows(t, azidentityGo, "password")
	bob, api, application := dev.User("bob@contoso.test"), dev.Application("api"), dev.Application("native")
	credential, err := azidentity.NewUsernamePasswordCredential(bob.Tenant, application.ClientID, bob.UPN, string(bob.Password),
		&azidentity.UsernamePasswordCredentialOptions{ClientOptions: here(), DisableInstanceDiscovery: true})
	check(t, err)
	answer, err := credential.GetToken(context.Background(), askingFor(api.Scopes[0]))
	check(t, err)
	claims, err := dev.VerifiedForAPI(answer.Token, api, bob.Tenant)
	check(t, err)
	equal(t, "oid", claims["oid"], bob.ID)
}
