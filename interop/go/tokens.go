package interop

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Discovery fetches the OpenID configuration of a tenant, for version 1.0 or 2.0.
func (e *Environment) Discovery(tenant, version string) (map[string]any, error) {
	folder := ""
	if version == "2.0" {
		folder = "/v2.0"
	}
	document := map[string]any{}
	return document, fetch(e.Authority(tenant)+folder+"/.well-known/openid-configuration", &document)
}

// Verified is the claims of a token, after its signature, issuer, audience and times have been checked the way a resource
// or a client would: by the discovery document and its jwks_uri.
//
// The suite does not know which version of access token the API asks for. It reads `ver`, and then holds the token to
// everything that version promises. askedAt is the tenant in the path whose discovery document is consulted.
func (e *Environment) Verified(token, tenantID, audience, askedAt string) (jwt.MapClaims, error) {
	version, err := versionOf(token)
	if err != nil {
		return nil, err
	}
	document, err := e.Discovery(askedAt, version)
	if err != nil {
		return nil, err
	}
	keys, err := fetchKeys(document["jwks_uri"].(string))
	if err != nil {
		return nil, err
	}
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(token, claims, func(token *jwt.Token) (any, error) {
		key, ok := keys[token.Header["kid"].(string)]
		if !ok {
			return nil, fmt.Errorf("nobody published the key %v", token.Header["kid"])
		}
		return key, nil
	},
		jwt.WithValidMethods([]string{"RS256"}),
		jwt.WithIssuer(strings.ReplaceAll(document["issuer"].(string), "{tenantid}", tenantID)),
		jwt.WithAudience(audience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(5*time.Second),
	)
	return claims, err
}

// VerifiedForAPI is as Verified. Version 2 tokens name the API by client id, version 1 tokens as it was asked for.
func (e *Environment) VerifiedForAPI(token string, api Application, tenantID string) (jwt.MapClaims, error) {
	version, err := versionOf(token)
	if err != nil {
		return nil, err
	}
	audience := api.IdentifierURI
	if version == "2.0" {
		audience = api.ClientID
	}
	return e.Verified(token, tenantID, audience, tenantID)
}

func versionOf(token string) (string, error) {
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		return "", err
	}
	version, _ := claims["ver"].(string)
	return version, nil
}

// ClientOf is the client a token was issued to: azp in version 2, appid in version 1.
func ClientOf(claims jwt.MapClaims) any {
	if claims["ver"] == "2.0" {
		return claims["azp"]
	}
	return claims["appid"]
}

// ClientAuthenticationOf is how that client proved itself: "0" not at all, "1" by secret, "2" by certificate or assertion.
func ClientAuthenticationOf(claims jwt.MapClaims) any {
	if claims["ver"] == "2.0" {
		return claims["azpacr"]
	}
	return claims["appidacr"]
}

func fetchKeys(address string) (map[string]*rsa.PublicKey, error) {
	var document struct {
		Keys []struct{ Kid, N, E string }
	}
	if err := fetch(address, &document); err != nil {
		return nil, err
	}
	keys := map[string]*rsa.PublicKey{}
	for _, key := range document.Keys {
		n, err := base64.RawURLEncoding.DecodeString(key.N)
		if err != nil {
			return nil, err
		}
		e, err := base64.RawURLEncoding.DecodeString(key.E)
		if err != nil {
			return nil, err
		}
		exponent := new(big.Int).SetBytes(e).Int64()
		keys[key.Kid] = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent)}
	}
	return keys, nil
}

func fetch(address string, into any) error {
	client := http.Client{Timeout: timeout}
	answer, err := client.Get(address)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %d", address, answer.StatusCode)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}
