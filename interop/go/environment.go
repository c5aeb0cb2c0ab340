// Package interop has what the tests with MSAL Go and azidentity share: the server's description of itself, a browser,
// a person, and the verification of tokens.
package interop

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Environment is what the running server says about itself: dev.json, read once.
//
// Everything a test needs to know about the server (ids, ports, passwords, redirect URIs) comes from here.
type Environment struct {
	Origin       string        `json:"origin"`
	CA           string        `json:"ca"`
	Tenants      []Tenant      `json:"tenants"`
	Users        []User        `json:"users"`
	Applications []Application `json:"applications"`
}

// Tenant is an organisation.
type Tenant struct {
	ID     string `json:"id"`
	Domain string `json:"domain"`
}

// User is a person of an organisation.
type User struct {
	Tenant   string `json:"tenant"`
	ID       string `json:"id"`
	UPN      string `json:"upn"`
	Password Secret `json:"password"`
}

// Application is something that signs people in, or itself, or that tokens are for.
type Application struct {
	Tenant        string   `json:"tenant"`
	ClientID      string   `json:"client_id"`
	Kind          string   `json:"kind"`
	ClientSecret  Secret   `json:"client_secret"`
	Certificate   string   `json:"certificate"`
	PrivateKey    Secret   `json:"private_key"`
	IdentifierURI string   `json:"identifier_uri"`
	RedirectURIs  []string `json:"redirect_uris"`
	Scopes        []string `json:"scopes"`
	AppRoles      []string `json:"app_roles"`
	GraphAppRoles []string `json:"graph_app_roles"`
}

// Secret does not show when it is printed, so that a failing test cannot print one.
type Secret string

func (Secret) String() string   { return "…" }
func (Secret) GoString() string { return "…" }

// ReadEnvironment reads the file that VESTIBULE_DEV_JSON names.
func ReadEnvironment() (*Environment, error) {
	file := os.Getenv("VESTIBULE_DEV_JSON")
	if file == "" {
		return nil, fmt.Errorf("VESTIBULE_DEV_JSON is not set: start `vestibule dev` and point it at its dev.json")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	environment := new(Environment)
	if err := json.Unmarshal(text, environment); err != nil {
		return nil, err
	}
	environment.Origin = strings.TrimSuffix(environment.Origin, "/")
	// An absolute path stays as it is; a relative one is read from beside dev.json.
	if !filepath.IsAbs(environment.CA) {
		environment.CA = filepath.Join(filepath.Dir(file), environment.CA)
	}
	return environment, nil
}

// Tenant finds an organisation by its domain.
func (e *Environment) Tenant(domain string) Tenant {
	for _, tenant := range e.Tenants {
		if tenant.Domain == domain {
			return tenant
		}
	}
	panic("dev.json lists no tenant " + domain)
}

// User finds a person by name.
func (e *Environment) User(upn string) User {
	for _, user := range e.Users {
		if user.UPN == upn {
			return user
		}
	}
	panic("dev.json lists no user " + upn)
}

// Application finds the first application of a kind; those of Contoso come first.
func (e *Environment) Application(kind string) Application {
	for _, application := range e.Applications {
		if application.Kind == kind {
			return application
		}
	}
	panic("dev.json lists no application of kind " + kind)
}

// WithCertificate finds the application that proves itself with a certificate.
func (e *Environment) WithCertificate() Application {
	for _, application := range e.Applications {
		if application.PrivateKey != "" {
			return application
		}
	}
	panic("dev.json lists no application with a certificate")
}

// Registrar finds the program that looks after the applications of an organisation.
func (e *Environment) Registrar(tenant Tenant) Application {
	for _, application := range e.Applications {
		for _, role := range application.GraphAppRoles {
			if application.Tenant == tenant.ID && role == "Application.ReadWrite.All" {
				return application
			}
		}
	}
	panic("dev.json lists no application that may register others in " + tenant.Domain)
}

// Authority is the address of a tenant, which is whatever stands in the path: an id, a domain, organizations.
func (e *Environment) Authority(tenant string) string {
	return e.Origin + "/" + tenant
}

// DefaultScope asks for whatever the client has of an API.
func (a Application) DefaultScope() string {
	return a.IdentifierURI + "/.default"
}
