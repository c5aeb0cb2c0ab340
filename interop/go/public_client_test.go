package interop

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
)

// A native application signs a person in: MSAL Go opens a browser and listens on a loopback port of its own choice.

func installed(t *testing.T) (public.Client, Application) {
	t.Helper()
	application := dev.Application("native")
	client, err := public.New(application.ClientID,
		public.WithAuthority(dev.Authority(application.Tenant)), public.WithInstanceDiscovery(false))
	check(t, err)
	return client, application
}

// interactively is AcquireTokenInteractive, with a person at the browser it opens.
func interactively(t *testing.T, client public.Client, user User) public.AuthResult {
	t.Helper()
	return visited(t, client, NewPerson(dev, user).SignIn)
}

func visited(t *testing.T, client public.Client, person func(address, redirectURI string) (*Returned, error)) public.AuthResult {
	t.Helper()
	within, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	answer, err := client.AcquireTokenInteractive(within, graph, public.WithOpenURL(func(address string) error {
		return visit(address, person)
	}))
	check(t, err)
	return answer
}

// visit goes where a browser is sent, and takes the answer to the program that listens for it.
func visit(address string, person func(address, redirectURI string) (*Returned, error)) error {
	parts, err := url.Parse(address)
	if err != nil {
		return err
	}
	returned, err := person(address, parts.Query().Get("redirect_uri"))
	if err != nil {
		return err
	}
	return NewBrowser(dev).Deliver(returned)
}

func TestANativeApplicationSignsAPersonInOnWhicheverLoopbackPortIsFree(t *testing.T) {
	shows(t, msalGo, "code")
	alice := dev.User("alice@contoso.test")
	client, application := installed(t)
	answer := interactively(t, client, alice)
	claims, err := dev.Verified(answer.IDToken.RawToken, alice.Tenant, application.ClientID, alice.Tenant)
	check(t, err)
	equal(t, "oid", claims["oid"], alice.ID)
	equal(t, "preferred_username", claims["preferred_username"], alice.UPN)
	equal(t, "account", answer.Account.HomeAccountID, alice.ID+"."+alice.Tenant)
}

func TestANativeApplicationReachesASecondResourceWithoutAPage(t *testing.T) {
	shows(t, msalGo, "code", "silent", "second-resource")
	alice, api := dev.User("alice@contoso.test"), dev.Application("api")
	client, application := installed(t)
	answer := interactively(t, client, alice)

	cached, err := client.AcquireTokenSilent(context.Background(), graph, public.WithSilentAccount(answer.Account))
	check(t, err)
	equal(t, "source", cached.Metadata.TokenSource, public.TokenSource(public.TokenSourceCache))
	forAPI, err := client.AcquireTokenSilent(context.Background(), api.Scopes[:1], public.WithSilentAccount(answer.Account))
	check(t, err)
	claims, err := dev.VerifiedForAPI(forAPI.AccessToken, api, alice.Tenant)
	check(t, err)
	equal(t, "client", ClientOf(claims), application.ClientID)
	equal(t, "client authentication", ClientAuthenticationOf(claims), "0")
}

func TestUserInfoNamesTheSameSubjectAsTheIDToken(t *testing.T) {
	shows(t, msalGo, "userinfo")
	alice := dev.User("alice@contoso.test")
	client, _ := installed(t)
	signedIn := interactively(t, client, alice)
	document, err := dev.Discovery(alice.Tenant, "2.0")
	check(t, err)
	request, err := http.NewRequest(http.MethodGet, document["userinfo_endpoint"].(string), nil)
	check(t, err)
	request.Header.Set("Authorization", "Bearer "+signedIn.AccessToken)
	answer, err := (&http.Client{Timeout: timeout}).Do(request)
	check(t, err)
	defer answer.Body.Close()
	var userinfo struct{ Sub string }
	check(t, json.NewDecoder(answer.Body).Decode(&userinfo))
	// OpenID Connect Core §5.3.2: the client must compare these two, and drop the answer if they differ.
	equal(t, "sub", userinfo.Sub, signedIn.IDToken.Subject)
}

func TestAWrongPasswordIsRefusedOnThePageAndTheRightOneThenWorks(t *testing.T) {
	bob := dev.User("bob@contoso.test")
	client, _ := installed(t)
	person := NewPerson(dev, bob)
	answer := visited(t, client, func(address, redirectURI string) (*Returned, error) {
		page, _, err := person.TryToSignIn(address, redirectURI, Secret("not-"+randomly()))
		if err != nil {
			return nil, err
		}
		if page == nil || page.Alert == "" {
			t.Fatalf("the page must say that something was wrong: %v", page)
		}
		page, returned, err := person.GoOn(page, redirectURI, bob.Password)
		if page != nil {
			t.Fatalf("the right password did not work after a wrong one: %s", page)
		}
		return returned, err
	})
	equal(t, "account", answer.Account.PreferredUsername, bob.UPN)
}
