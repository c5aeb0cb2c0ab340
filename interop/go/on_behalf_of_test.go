package interop

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// An API that was called for a person calls Microsoft Graph for them.

const userRead = "https://graph.microsoft.com/User.Read"

// called is a token that Bob's program called the API with.
func called(t *testing.T, bob User, api Application) string {
	t.Helper()
	client, _ := installed(t)
	interactively(t, client, bob)
	accounts, err := client.Accounts(context.Background())
	check(t, err)
	answer, err := client.AcquireTokenSilent(context.Background(), api.Scopes[:1], public.WithSilentAccount(accounts[0]))
	check(t, err)
	return answer.AccessToken
}

// whoIs asks Microsoft Graph whose token this is.
func whoIs(t *testing.T, token string) string {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, dev.Origin+"/graph/v1.0/me", nil)
	check(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := (&http.Client{Timeout: timeout}).Do(request)
	check(t, err)
	defer answer.Body.Close()
	var me struct{ UserPrincipalName string }
	check(t, json.NewDecoder(answer.Body).Decode(&me))
	return me.UserPrincipalName
}

func TestAnAPIAsksGraphWhoCalledIt(t *testing.T) {
	shows(t, msalGo, "on-behalf-of")
	bob, api := dev.User("bob@contoso.test"), dev.Application("api")
	client := confidentialClient(t, api.Tenant, api.ClientID, api.ClientSecret)
	assertion := called(t, bob, api)
	answer, err := client.AcquireTokenOnBehalfOf(context.Background(), assertion, []string{userRead})
	check(t, err)
	equal(t, "caller", whoIs(t, answer.AccessToken), bob.UPN)
	// For the same caller the library asks once.
	again, err := client.AcquireTokenOnBehalfOf(context.Background(), assertion, []string{userRead})
	check(t, err)
	equal(t, "source", again.Metadata.TokenSource, confidential.TokenSource(confidential.TokenSourceCache))
}

func TestAPermissionThatNobodyConsentedToCallsForThePerson(t *testing.T) {
	bob, api := dev.User("bob@contoso.test"), dev.Application("api")
	client := confidentialClient(t, api.Tenant, api.ClientID, api.ClientSecret)
	scopes := []string{"https://graph.microsoft.com/Directory.ReadWrite.All"}
	_, err := client.AcquireTokenOnBehalfOf(context.Background(), called(t, bob, api), scopes)
	refused(t, err, 400, "invalid_grant", 65001)
}

func TestAzidentityActsOnBehalfOfAPerson(t *testing.T) {
	shows(t, azidentityGo, "on-behalf-of")
	bob, api := dev.User("bob@contoso.test"), dev.Application("api")
	credential, err := azidentity.NewOnBehalfOfCredentialWithSecret(api.Tenant, api.ClientID, called(t, bob, api),
		string(api.ClientSecret), &azidentity.OnBehalfOfCredentialOptions{ClientOptions: here(), DisableInstanceDiscovery: true})
	check(t, err)
	answer, err := credential.GetToken(context.Background(), askingFor(userRead))
	check(t, err)
	equal(t, "caller", whoIs(t, answer.Token), bob.UPN)
}
