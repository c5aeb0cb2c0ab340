package interop

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// Credentials of the Azure SDK, pointed at this server with nothing but their documented settings.

func here() azcore.ClientOptions {
	return azcore.ClientOptions{Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: dev.Origin}}
}

func askingFor(scope string) policy.TokenRequestOptions {
	return policy.TokenRequestOptions{Scopes: []string{scope}}
}

func TestAzidentityGetsATokenWithASecret(t *testing.T) {
	shows(t, azidentityGo, "client-secret")
	daemon, api := dev.Application("daemon"), dev.Application("api")
	credential, err := azidentity.NewClientSecretCredential(daemon.Tenant, daemon.ClientID, string(daemon.ClientSecret),
		&azidentity.ClientSecretCredentialOptions{ClientOptions: here(), DisableInstanceDiscovery: true})
	check(t, err)
	answer, err := credential.GetToken(context.Background(), askingFor(api.DefaultScope()))
	check(t, err)
	claims, err := dev.VerifiedForAPI(answer.Token, api, daemon.Tenant)
	check(t, err)
	equal(t, "client", ClientOf(claims), daemon.ClientID)
	equal(t, "client authentication", ClientAuthenticationOf(claims), "1")
}

// systemBrowser stands in for the program that opens addresses on a desktop: it hands them to somebody who signs in.
func systemBrowser(t *testing.T, user User) {
	t.Helper()
	folder := t.TempDir()
	opened := filepath.Join(folder, "opened")
	check(t, syscall.Mkfifo(opened, 0o600))
	script := "#!/bin/sh\nprintf %s \"$1\" > " + opened + "\n"
	check(t, os.WriteFile(filepath.Join(folder, "xdg-open"), []byte(script), 0o700))
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	go func() {
		address, err := os.ReadFile(opened)
		if err != nil {
			t.Error(err)
			return
		}
		if err := visit(string(address), NewPerson(dev, user).SignIn); err != nil {
			t.Error(err)
		}
	}()
}

func TestAzidentitySignsAPersonInWithTheSystemsBrowserAndGoesOnWithoutIt(t *testing.T) {
	shows(t, azidentityGo, "code", "silent", "second-resource")
	alice, api, application := dev.User("alice@contoso.test"), dev.Application("api"), dev.Application("native")
	credential, err := azidentity.NewInteractiveBrowserCredential(&azidentity.InteractiveBrowserCredentialOptions{
		ClientOptions: here(), DisableInstanceDiscovery: true, TenantID: alice.Tenant, ClientID: application.ClientID})
	check(t, err)
	within, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	systemBrowser(t, alice)
	first, err := credential.GetToken(within, askingFor(api.Scopes[0]))
	check(t, err)
	claims, err := dev.VerifiedForAPI(first.Token, api, alice.Tenant)
	check(t, err)
	equal(t, "oid", claims["oid"], alice.ID)
	again, err := credential.GetToken(within, askingFor(api.Scopes[0]))
	check(t, err)
	equal(t, "the same token", again.Token == first.Token, true)
	other, err := credential.GetToken(within, askingFor(userRead))
	check(t, err)
	equal(t, "caller", whoIs(t, other.Token), alice.UPN)
}

func TestAzidentityTellsAWrongSecretAsTheServerDid(t *testing.T) {
	daemon, api := dev.Application("daemon"), dev.Application("api")
	credential, err := azidentity.NewClientSecretCredential(daemon.Tenant, daemon.ClientID, "wrong-"+randomly(),
		&azidentity.ClientSecretCredentialOptions{ClientOptions: here(), DisableInstanceDiscovery: true})
	check(t, err)
	_, err = credential.GetToken(context.Background(), askingFor(api.DefaultScope()))
	var failed *azidentity.AuthenticationFailedError
	if !errors.As(err, &failed) {
		t.Fatalf("not refused by the server: %v", err)
	}
	equal(t, "status", failed.RawResponse.StatusCode, http.StatusUnauthorized)
	if !strings.Contains(err.Error(), "AADSTS7000215:") {
		t.Error(err)
	}
}
