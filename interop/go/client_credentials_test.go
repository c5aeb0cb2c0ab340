package interop

import (
	"context"
	"strings"
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
)

// A daemon signs in as itself: MSAL Go's AcquireTokenByCredential.

// confidentialClient is MSAL Go, pointed at this server with nothing but its documented settings.
func confidentialClient(t *testing.T, tenant, clientID string, secret Secret) confidential.Client {
	t.Helper()
	credential, err := confidential.NewCredFromSecret(string(secret))
	check(t, err)
	client, err := confidential.New(dev.Authority(tenant), clientID, credential, confidential.WithInstanceDiscovery(false))
	check(t, err)
	return client
}

func daemonAndAPI(t *testing.T) (confidential.Client, Application, Application) {
	t.Helper()
	daemon := dev.Application("daemon")
	return confidentialClient(t, daemon.Tenant, daemon.ClientID, daemon.ClientSecret), daemon, dev.Application("api")
}

func TestADaemonGetsATokenWhicheverWayItsAuthorityNamesTheTenant(t *testing.T) {
	contoso, daemon, api := dev.Tenant("contoso.test"), dev.Application("daemon"), dev.Application("api")
	for _, name := range []string{contoso.ID, strings.ToUpper(contoso.ID), contoso.Domain, strings.ToUpper(contoso.Domain)} {
		t.Run(name, func(t *testing.T) {
			shows(t, msalGo, "client-secret")
			client := confidentialClient(t, name, daemon.ClientID, daemon.ClientSecret)
			answer, err := client.AcquireTokenByCredential(context.Background(), []string{api.DefaultScope()})
			check(t, err)
			claims, err := dev.VerifiedForAPI(answer.AccessToken, api, contoso.ID)
			check(t, err)
			equal(t, "tid", claims["tid"], contoso.ID)
		})
	}
}

func TestTheTokenSaysWhoTheDaemonIsAndWhichRolesItHolds(t *testing.T) {
	shows(t, msalGo, "client-secret")
	client, daemon, api := daemonAndAPI(t)
	answer, err := client.AcquireTokenByCredential(context.Background(), []string{api.DefaultScope()})
	check(t, err)
	claims, err := dev.VerifiedForAPI(answer.AccessToken, api, daemon.Tenant)
	check(t, err)
	if roles, _ := claims["roles"].([]any); len(roles) != 1 || roles[0] != api.AppRoles[0] {
		t.Errorf("roles: %v", claims["roles"])
	}
	equal(t, "client", ClientOf(claims), daemon.ClientID)
	equal(t, "client authentication", ClientAuthenticationOf(claims), "1")
	equal(t, "sub", claims["sub"], claims["oid"])
	for _, member := range []string{"scp", "preferred_username", "upn", "nonce"} {
		if _, there := claims[member]; there {
			t.Errorf("%s belongs to a person", member)
		}
	}
	equal(t, "account", answer.Account.HomeAccountID, "")
	equal(t, "ID token", answer.IDToken.RawToken, "")
}

func TestTheSecondCallIsAnsweredFromTheCache(t *testing.T) {
	client, _, api := daemonAndAPI(t)
	scopes := []string{api.DefaultScope()}
	first, err := client.AcquireTokenByCredential(context.Background(), scopes)
	check(t, err)
	second, err := client.AcquireTokenByCredential(context.Background(), scopes)
	check(t, err)
	equal(t, "source", first.Metadata.TokenSource, confidential.TokenSource(confidential.TokenSourceIdentityProvider))
	equal(t, "source", second.Metadata.TokenSource, confidential.TokenSource(confidential.TokenSourceCache))
	equal(t, "the same token", second.AccessToken == first.AccessToken, true)
}

func TestAWrongSecretIsAnInvalidClientAndIsNotRepeatedBack(t *testing.T) {
	_, daemon, api := daemonAndAPI(t)
	wrong := "wrong-" + randomly()
	client := confidentialClient(t, daemon.Tenant, daemon.ClientID, Secret(wrong))
	_, err := client.AcquireTokenByCredential(context.Background(), []string{api.DefaultScope()})
	description := refused(t, err, 401, "invalid_client", 7000215)
	equal(t, "repeated back", strings.Contains(description, wrong), false)
}

func TestAnAPIThatIsNotInTheTenantIsAnInvalidResource(t *testing.T) {
	client, _, _ := daemonAndAPI(t)
	_, err := client.AcquireTokenByCredential(context.Background(), []string{"api://" + randomly() + "/.default"})
	refused(t, err, 400, "invalid_resource", 500011)
}

func TestADaemonOfOneOrganisationIsUnknownInAnother(t *testing.T) {
	_, daemon, api := daemonAndAPI(t)
	client := confidentialClient(t, dev.Tenant("fabrikam.test").ID, daemon.ClientID, daemon.ClientSecret)
	_, err := client.AcquireTokenByCredential(context.Background(), []string{api.DefaultScope()})
	refused(t, err, 400, "unauthorized_client", 700016)
}
