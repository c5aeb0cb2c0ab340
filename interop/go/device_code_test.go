package interop

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// Somebody signs in on another device than the one that asks, while the library polls.

const (
	nowhere        = "http://nowhere.invalid/" // no answer goes there: all of it happens on pages
	continueButton = "idSIButton9"
	cancelButton   = "idBtn_Back"
)

// answer is a person who goes where the device says, types the code, signs in, and says whether it was they.
func answer(user User, address, code, button string) error {
	browser := NewBrowser(dev)
	page, _, err := browser.Open(address, nowhere)
	if err != nil {
		return err
	}
	if page, _, err = browser.Press(page, continueButton, map[string]string{"otc": code}, nowhere); err != nil {
		return err
	}
	page, _, err = Person{browser, user}.GoOn(page, nowhere, user.Password)
	if err != nil {
		return err
	}
	if !strings.Contains(page.Heading, "on another device") {
		return errors.New(page.String())
	}
	_, _, err = browser.Press(page, button, nil, nowhere)
	return err
}

func byDevice(t *testing.T, client public.Client, user User, scopes []string, button string) (public.AuthResult, error) {
	t.Helper()
	within, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	device, err := client.AcquireTokenByDeviceCode(within, scopes)
	check(t, err)
	code := device.Result
	equal(t, "code in the message", strings.Contains(code.Message, code.UserCode), true)
	answered := make(chan error)
	go func() { answered <- answer(user, code.VerificationURL, code.UserCode, button) }()
	result, err := device.AuthenticationResult(within)
	check(t, <-answered)
	return result, err
}

func TestAPersonSignsADeviceIn(t *testing.T) {
	shows(t, msalGo, "device-code", "silent", "second-resource")
	alice, api := dev.User("alice@contoso.test"), dev.Application("api")
	client, application := installed(t)
	result, err := byDevice(t, client, alice, api.Scopes[:1], continueButton)
	check(t, err)
	claims, err := dev.VerifiedForAPI(result.AccessToken, api, alice.Tenant)
	check(t, err)
	equal(t, "oid", claims["oid"], alice.ID)
	equal(t, "client", ClientOf(claims), application.ClientID)
	other, err := client.AcquireTokenSilent(context.Background(), []string{userRead}, public.WithSilentAccount(result.Account))
	check(t, err)
	equal(t, "caller", whoIs(t, other.AccessToken), alice.UPN)
}

func TestADeviceHearsOfAPersonWhoDeclines(t *testing.T) {
	client, _ := installed(t)
	_, err := byDevice(t, client, dev.User("bob@contoso.test"), graph, cancelButton)
	var call msal.CallErr
	if !errors.As(err, &call) || !strings.Contains(err.Error(), "authorization_declined") {
		t.Errorf("%v", err)
	}
}

func TestAzidentityShowsTheCodeAndWaits(t *testing.T) {
	shows(t, azidentityGo, "device-code")
	alice, api, application := dev.User("alice@contoso.test"), dev.Application("api"), dev.Application("native")
	answered := make(chan error, 1)
	credential, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: here(), DisableInstanceDiscovery: true, TenantID: alice.Tenant, ClientID: application.ClientID,
		UserPrompt: func(_ context.Context, shown azidentity.DeviceCodeMessage) error {
			go func() { answered <- answer(alice, shown.VerificationURL, shown.UserCode, continueButton) }()
			return nil
		},
	})
	check(t, err)
	within, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	result, err := credential.GetToken(within, askingFor(api.Scopes[0]))
	check(t, <-answered)
	check(t, err)
	claims, err := dev.VerifiedForAPI(result.Token, api, alice.Tenant)
	check(t, err)
	equal(t, "oid", claims["oid"], alice.ID)
}
