package interop

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
)

// A web application signs a person in and keeps a secret of its own; a multi-tenant one does so for any organisation.

var graph = []string{"User.Read"}

// begun is a sign-in that has begun: the library makes the address, and state, nonce and PKCE are the application's to add.
type begun struct {
	client          confidential.Client
	address         string
	redirectURI     string
	scopes          []string
	verifier, state string
}

func begin(t *testing.T, client confidential.Client, application Application, scopes []string, extra url.Values) begun {
	t.Helper()
	redirectURI := application.RedirectURIs[0]
	address, err := client.AuthCodeURL(context.Background(), application.ClientID, redirectURI, scopes)
	check(t, err)
	verifier, state := randomly(), randomly()
	challenge := sha256.Sum256([]byte(verifier))
	extra.Set("code_challenge", base64.RawURLEncoding.EncodeToString(challenge[:]))
	extra.Set("code_challenge_method", "S256")
	extra.Set("state", state)
	return begun{client, address + "&" + extra.Encode(), redirectURI, scopes, verifier, state}
}

func (b begun) signedIn(t *testing.T, user User) *Returned {
	t.Helper()
	returned, err := NewPerson(dev, user).SignIn(b.address, b.redirectURI)
	check(t, err)
	equal(t, "state", returned.Parameters.Get("state"), b.state)
	return returned
}

func (b begun) redeem(returned *Returned, verifier string) (confidential.AuthResult, error) {
	code := returned.Parameters.Get("code")
	return b.client.AcquireTokenByAuthCode(context.Background(), code, b.redirectURI, b.scopes, confidential.WithChallenge(verifier))
}

func web(t *testing.T) (confidential.Client, Application) {
	t.Helper()
	web := dev.Application("web")
	return confidentialClient(t, web.Tenant, web.ClientID, web.ClientSecret), web
}

func TestAWebApplicationSignsAPersonIn(t *testing.T) {
	for _, mode := range []string{"query", "form_post"} {
		t.Run(mode, func(t *testing.T) {
			shows(t, msalGo, "code")
			alice, api := dev.User("alice@contoso.test"), dev.Application("api")
			client, application := web(t)
			scopes := api.Scopes[:1]
			begun := begin(t, client, application, scopes, url.Values{"response_mode": {mode}, "nonce": {"7"}})
			returned := begun.signedIn(t, alice)
			equal(t, "response mode", returned.Mode, mode)
			answer, err := begun.redeem(returned, begun.verifier)
			check(t, err)

			identity, err := dev.Verified(answer.IDToken.RawToken, alice.Tenant, application.ClientID, alice.Tenant)
			check(t, err)
			equal(t, "nonce", identity["nonce"], "7")
			equal(t, "oid", identity["oid"], alice.ID)
			equal(t, "tid", identity["tid"], alice.Tenant)
			equal(t, "preferred_username", identity["preferred_username"], alice.UPN)

			access, err := dev.VerifiedForAPI(answer.AccessToken, api, alice.Tenant)
			check(t, err)
			equal(t, "client", ClientOf(access), application.ClientID)
			equal(t, "client authentication", ClientAuthenticationOf(access), "1")
			equal(t, "oid", access["oid"], alice.ID)
			equal(t, "scope granted", grants(access, scopes[0]), true)
		})
	}
}

func TestItsTokensComeFromTheCacheByRefreshTokenAndForASecondResource(t *testing.T) {
	shows(t, msalGo, "code", "silent", "second-resource")
	bob, api := dev.User("bob@contoso.test"), dev.Application("api")
	client, application := web(t)
	begun := begin(t, client, application, graph, url.Values{})
	answer, err := begun.redeem(begun.signedIn(t, bob), begun.verifier)
	check(t, err)
	equal(t, "declined", len(answer.DeclinedScopes), 0)
	account, err := client.Account(context.Background(), bob.ID+"."+bob.Tenant)
	check(t, err)
	equal(t, "account", account.PreferredUsername, bob.UPN)

	silently := func(scopes []string) confidential.AuthResult {
		t.Helper()
		answer, err := client.AcquireTokenSilent(context.Background(), scopes, confidential.WithSilentAccount(account))
		check(t, err)
		return answer
	}
	fromCache := func(answer confidential.AuthResult) bool {
		return answer.Metadata.TokenSource == confidential.TokenSourceCache
	}
	equal(t, "from the cache", fromCache(silently(graph)), true)
	// The library refreshes for another resource alone: there is no way to make it pass over its cache.
	forAPI := silently(api.Scopes[:1])
	equal(t, "second resource from the cache", fromCache(forAPI), false)
	claims, err := dev.VerifiedForAPI(forAPI.AccessToken, api, bob.Tenant)
	check(t, err)
	equal(t, "oid", claims["oid"], bob.ID)
	equal(t, "scope of the first resource granted", grants(claims, "User.Read"), false)
	// The granted scope must be spelled as it was asked for.
	equal(t, "from the cache again", fromCache(silently(api.Scopes[:1])), true)
}

func TestACodeCanBeRedeemedOnce(t *testing.T) {
	client, application := web(t)
	begun := begin(t, client, application, graph, url.Values{})
	returned := begun.signedIn(t, dev.User("bob@contoso.test"))
	_, err := begun.redeem(returned, begun.verifier)
	check(t, err)
	_, err = begun.redeem(returned, begun.verifier)
	refused(t, err, 400, "invalid_grant", 54005)
}

func TestACodeIsWorthlessWithoutTheVerifierItWasAskedForWith(t *testing.T) {
	client, application := web(t)
	begun := begin(t, client, application, graph, url.Values{})
	_, err := begun.redeem(begun.signedIn(t, dev.User("bob@contoso.test")), randomly())
	refused(t, err, 400, "invalid_grant", 501481)
}

func TestAWebApplicationWithAWrongSecretIsRefused(t *testing.T) {
	application := dev.Application("web")
	client := confidentialClient(t, application.Tenant, application.ClientID, Secret("wrong-"+randomly()))
	begun := begin(t, client, application, graph, url.Values{})
	_, err := begun.redeem(begun.signedIn(t, dev.User("bob@contoso.test")), begun.verifier)
	refused(t, err, 401, "invalid_client", 7000215)
}

func TestAMultiTenantApplicationSignsPeopleInFromTheirOwnOrganisation(t *testing.T) {
	saas := dev.Application("saas")
	for alias, upn := range map[string]string{"organizations": "carol@fabrikam.test", "common": "alice@contoso.test"} {
		t.Run(alias, func(t *testing.T) {
			shows(t, msalGo, "code", "silent")
			person := dev.User(upn)
			client := confidentialClient(t, alias, saas.ClientID, saas.ClientSecret)
			begun := begin(t, client, saas, graph, url.Values{})
			answer, err := begun.redeem(begun.signedIn(t, person), begun.verifier)
			check(t, err)
			claims, err := dev.Verified(answer.IDToken.RawToken, person.Tenant, saas.ClientID, alias)
			check(t, err)
			equal(t, "iss", claims["iss"], dev.Origin+"/"+person.Tenant+"/v2.0")
			equal(t, "oid", claims["oid"], person.ID)
			equal(t, "account", answer.Account.HomeAccountID, person.ID+"."+person.Tenant)

			again, err := client.AcquireTokenSilent(context.Background(), graph,
				confidential.WithSilentAccount(answer.Account), confidential.WithTenantID(person.Tenant))
			check(t, err)
			equal(t, "expires", again.ExpiresOn.IsZero(), false)
		})
	}
}
