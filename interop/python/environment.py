"""What the running server says about itself: `dev.json`, read once.

Everything a test needs to know about the server (ids, ports, passwords, redirect URIs) comes from here.
Secrets are kept out of every `repr`, so that a failing assertion cannot print one.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Tenant:
    id: str
    name: str
    domain: str


@dataclass(frozen=True)
class User:
    tenant: Tenant
    id: str
    upn: str
    roles: tuple
    password: str = field(repr=False)


@dataclass(frozen=True)
class Application:
    name: str
    tenant: Tenant
    client_id: str
    kind: str
    redirect_uris: tuple
    identifier_uri: str | None
    scopes: tuple
    app_roles: tuple
    multi_tenant: bool
    client_secret: str | None = field(repr=False)
    certificate: str | None = field(repr=False)
    private_key: str | None = field(repr=False)

    def default_scope(self):
        return f"{self.identifier_uri}/.default"

    def scope_names(self):
        """The same, as a token names them."""
        return [scope.rsplit("/", 1)[1] for scope in self.full_scopes()]

    def full_scopes(self):
        """The scopes this API exposes, as a client asks for them."""
        return [scope if "://" in scope else f"{self.identifier_uri}/{scope}" for scope in self.scopes]


class Environment:
    def __init__(self, path):
        path = Path(path).resolve()
        document = json.loads(path.read_text(encoding="utf-8"))
        self.origin = document["origin"].rstrip("/")
        # An absolute path stays as it is; a relative one is read from beside dev.json.
        self.ca = str(path.parent / document["ca"])
        self.tenants = [Tenant(t["id"], t["name"], t["domain"]) for t in document["tenants"]]
        self.users = [
            User(
                tenant=self._tenant_named(u["tenant"]),
                id=u["id"],
                upn=u["upn"],
                roles=tuple(u.get("roles", [])),
                password=u["password"],
            )
            for u in document["users"]
        ]
        self.applications = [
            Application(
                name=a["name"],
                tenant=self._tenant_named(a["tenant"]),
                client_id=a["client_id"],
                kind=a["kind"],
                redirect_uris=tuple(a.get("redirect_uris", [])),
                identifier_uri=a.get("identifier_uri"),
                scopes=tuple(a.get("scopes", [])),
                app_roles=tuple(a.get("app_roles", [])),
                multi_tenant=a.get("multi_tenant", False),
                client_secret=a.get("client_secret"),
                certificate=a.get("certificate"),
                private_key=a.get("private_key"),
            )
            for a in document["applications"]
        ]

    @classmethod
    def from_variables(cls):
        path = os.environ.get("VESTIBULE_DEV_JSON")
        if not path:
            raise LookupError("VESTIBULE_DEV_JSON is not set: start `vestibule dev` and point it at its dev.json.")
        return cls(path)

    def _tenant_named(self, name):
        for tenant in self.tenants:
            if name in (tenant.id, tenant.domain, tenant.name):
                return tenant
        raise LookupError(f"dev.json names the tenant {name!r} but does not list it.")

    def tenant(self, domain):
        return self._tenant_named(domain)

    def user(self, upn):
        for user in self.users:
            if user.upn == upn:
                return user
        raise LookupError(f"dev.json lists no user {upn!r}.")

    def application(self, kind, tenant=None):
        for application in self.applications:
            if application.kind == kind and tenant in (None, application.tenant):
                return application
        raise LookupError(f"dev.json lists no application of kind {kind!r} in {tenant.domain if tenant else 'any tenant'}.")

    def named(self, name):
        for application in self.applications:
            if application.name == name:
                return application
        raise LookupError(f"dev.json lists no application named {name!r}.")

    def with_certificate(self, tenant):
        """The application of this tenant that proves itself with a certificate."""
        for application in self.applications:
            if application.private_key and application.tenant == tenant:
                return application
        raise LookupError(f"dev.json lists no application with a certificate in {tenant.domain}.")

    def authority(self, tenant):
        """`tenant` is whatever stands in the path: an id, a domain, `organizations`."""
        return f"{self.origin}/{tenant}"
