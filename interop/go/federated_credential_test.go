package interop

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/golang-jwt/jwt/v5"
)

// An application proves itself with a token that was made for a daemon, because its registration says that it may.

// tokenOf is a token that an application has for itself.
func tokenOf(t *testing.T, application Application, scope string) string {
	t.Helper()
	client := confidentialClient(t, application.Tenant, application.ClientID, application.ClientSecret)
	answer, err := client.AcquireTokenByCredential(context.Background(), []string{scope})
	check(t, err)
	return answer.AccessToken
}

// federated registers an application that trusts the daemon's tokens for the API, and returns its client id.
func federated(t *testing.T, daemon, api Application) string {
	t.Helper()
	contoso := dev.Tenant("contoso.test")
	token := tokenOf(t, dev.Registrar(contoso), "https://graph.microsoft.com/.default")
	call := func(method, path string, body any) (made struct{ ID, AppID string }) {
		t.Helper()
		text, err := json.Marshal(body)
		check(t, err)
		request, err := http.NewRequest(method, dev.Origin+"/graph/v1.0/"+path, bytes.NewReader(text))
		check(t, err)
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/json")
		answer, err := (&http.Client{Timeout: timeout}).Do(request)
		check(t, err)
		defer answer.Body.Close()
		text, err = io.ReadAll(answer.Body)
		check(t, err)
		if answer.StatusCode/100 != 2 {
			t.Fatalf("%s %s: %s", method, path, text)
		}
		if len(text) > 0 {
			check(t, json.Unmarshal(text, &made))
		}
		return made
	}
	application := call(http.MethodPost, "applications", map[string]any{"displayName": "Federated"})
	t.Cleanup(func() { call(http.MethodDelete, "applications/"+application.ID, nil) })
	call(http.MethodPost, "servicePrincipals", map[string]any{"appId": application.AppID})
	claims := jwt.MapClaims{}
	_, _, err := jwt.NewParser().ParseUnverified(tokenOf(t, daemon, api.DefaultScope()), claims)
	check(t, err)
	call(http.MethodPost, "applications/"+application.ID+"/federatedIdentityCredentials", map[string]any{
		"name": "daemon", "issuer": claims["iss"], "subject": claims["sub"], "audiences": []any{claims["aud"]}})
	return application.AppID
}

func presenting(t *testing.T, clientID, tenant, assertion string) confidential.Client {
	t.Helper()
	present := func(context.Context, confidential.AssertionRequestOptions) (string, error) { return assertion, nil }
	client, err := confidential.New(dev.Authority(tenant), clientID,
		confidential.NewCredFromAssertionCallback(present), confidential.WithInstanceDiscovery(false))
	check(t, err)
	return client
}

func TestAnApplicationGetsATokenForTheTokenItTrusts(t *testing.T) {
	shows(t, msalGo, "federated-credential")
	daemon, api := dev.Application("daemon"), dev.Application("api")
	clientID := federated(t, daemon, api)
	client := presenting(t, clientID, daemon.Tenant, tokenOf(t, daemon, api.DefaultScope()))
	answer, err := client.AcquireTokenByCredential(context.Background(), []string{api.DefaultScope()})
	check(t, err)
	claims, err := dev.VerifiedForAPI(answer.AccessToken, api, daemon.Tenant)
	check(t, err)
	equal(t, "client", ClientOf(claims), clientID)
	equal(t, "client authentication", ClientAuthenticationOf(claims), "2")
}

func TestATokenThatTheRegistrationDoesNotNameProvesNothing(t *testing.T) {
	daemon, api := dev.Application("daemon"), dev.Application("api")
	forGraph := tokenOf(t, daemon, "https://graph.microsoft.com/.default")
	client := presenting(t, federated(t, daemon, api), daemon.Tenant, forGraph)
	_, err := client.AcquireTokenByCredential(context.Background(), []string{api.DefaultScope()})
	refused(t, err, 401, "invalid_client", 700211)
}

func TestAzidentityPresentsATokenThatTheApplicationTrusts(t *testing.T) {
	shows(t, azidentityGo, "federated-credential")
	daemon, api := dev.Application("daemon"), dev.Application("api")
	clientID := federated(t, daemon, api)
	present := func(context.Context) (string, error) { return tokenOf(t, daemon, api.DefaultScope()), nil }
	credential, err := azidentity.NewClientAssertionCredential(daemon.Tenant, clientID, present,
		&azidentity.ClientAssertionCredentialOptions{ClientOptions: here(), DisableInstanceDiscovery: true})
	check(t, err)
	answer, err := credential.GetToken(context.Background(), askingFor(api.DefaultScope()))
	check(t, err)
	claims, err := dev.VerifiedForAPI(answer.Token, api, daemon.Tenant)
	check(t, err)
	equal(t, "client", ClientOf(claims), clientID)
}
