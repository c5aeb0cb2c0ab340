package interop

import (
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	msal "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"
	"github.com/golang-jwt/jwt/v5"
)

var dev *Environment

func TestMain(m *testing.M) {
	environment, err := ReadEnvironment()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	dev = environment
	// Trust in the server's own CA, as any Go program is given it; read at the first connection.
	os.Setenv("SSL_CERT_FILE", dev.CA)
	// A proxy that the machine may have is not meant for a server on this machine.
	os.Setenv("NO_PROXY", "localhost,127.0.0.1")
	os.Exit(m.Run())
}

//go:embed go.mod
var requirements string

// What a library is called in the table of libraries and flows, and the module that says which version it is.
const (
	msalGo       = "MSAL Go"
	azidentityGo = "azidentity (Go)"
)

var modules = map[string]string{
	msalGo:       "github.com/AzureAD/microsoft-authentication-library-for-go",
	azidentityGo: "github.com/Azure/azure-sdk-for-go/sdk/azidentity",
}

// shows says which cells of the table a test shows. When the test has run, a line for each is appended to the file that
// VESTIBULE_INTEROP_RESULTS names, if it names one.
func shows(t *testing.T, library string, flows ...string) {
	t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(modules[library]) + ` v(\S+)`).FindStringSubmatch(requirements)
	if found == nil {
		t.Fatalf("go.mod does not require %s", library)
	}
	t.Cleanup(func() {
		results := os.Getenv("VESTIBULE_INTEROP_RESULTS")
		if results == "" || t.Skipped() {
			return
		}
		file, err := os.OpenFile(results, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		outcome := map[bool]string{false: "passes", true: "fails"}[t.Failed()]
		for _, flow := range flows {
			cell := map[string]string{"library": library, "version": found[1], "dialect": "v2.0", "flow": flow, "outcome": outcome}
			if err := json.NewEncoder(file).Encode(cell); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// check ends the test if there is a problem.
func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// equal compares what has been got with what is wanted.
func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v instead of %v", what, got, want)
	}
}

// refused asserts that a call is refused with an OAuth error and an AADSTS number, and returns the description.
func refused(t *testing.T, err error, status int, code string, number int) string {
	t.Helper()
	var call msal.CallErr
	if !errors.As(err, &call) {
		t.Fatalf("not refused by the server: %v", err)
	}
	var body struct {
		Error         string `json:"error"`
		Description   string `json:"error_description"`
		Codes         []int  `json:"error_codes"`
		Timestamp     string `json:"timestamp"`
		TraceID       string `json:"trace_id"`
		CorrelationID string `json:"correlation_id"`
	}
	check(t, json.NewDecoder(call.Resp.Body).Decode(&body))
	equal(t, "status", call.Resp.StatusCode, status)
	equal(t, "error", body.Error, code)
	if len(body.Codes) != 1 || body.Codes[0] != number || !strings.HasPrefix(body.Description, fmt.Sprintf("AADSTS%d:", number)) {
		t.Errorf("%v %s instead of AADSTS%d", body.Codes, body.Description, number)
	}
	if body.Timestamp == "" || body.TraceID == "" || body.CorrelationID == "" {
		t.Errorf("a member is missing: %+v", body)
	}
	return body.Description
}

// randomly makes something up.
func randomly() string {
	bytes := make([]byte, 24)
	if _, err := rand.Read(bytes); err != nil {
		panic(err)
	}
	return hex.EncodeToString(bytes)
}

// grants says whether an access token holds a scope, named in full or not.
func grants(claims jwt.MapClaims, scope string) bool {
	text, _ := claims["scp"].(string)
	for _, one := range strings.Fields(text) {
		if one == scope[strings.LastIndex(scope, "/")+1:] {
			return true
		}
	}
	return false
}
