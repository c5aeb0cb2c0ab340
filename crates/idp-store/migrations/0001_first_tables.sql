-- Types: BYTES stands for the engine's byte string. Identifiers are their 16 bytes, hashes 32, times seconds since 1970,
-- truth 0 or 1. No foreign keys, sequences or triggers: what belongs together is committed together.

CREATE TABLE tenants (
    id BYTES NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    default_domain TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    compat TEXT NOT NULL,
    revision BIGINT NOT NULL
);

CREATE TABLE domains (
    domain TEXT NOT NULL PRIMARY KEY,
    tenant_id BYTES NOT NULL
);

CREATE TABLE users (
    tenant_id BYTES NOT NULL,
    id BYTES NOT NULL,
    upn TEXT NOT NULL,
    display_name TEXT NOT NULL,
    given_name TEXT,
    surname TEXT,
    mail TEXT,
    enabled BIGINT NOT NULL,
    directory_roles TEXT NOT NULL,
    password TEXT,
    must_change_password BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, upn)
);

CREATE TABLE lockouts (
    tenant_id BYTES NOT NULL,
    user_id BYTES NOT NULL,
    familiar BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    level BIGINT NOT NULL,
    locked_until BIGINT,
    last_failure BIGINT,
    last_wrong BYTES NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, familiar)
);

-- The client id is the same in every tenant, so it is unique by itself.
CREATE TABLE applications (
    tenant_id BYTES NOT NULL,
    id BYTES NOT NULL,
    client_id BYTES NOT NULL UNIQUE,
    document TEXT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE service_principals (
    tenant_id BYTES NOT NULL,
    id BYTES NOT NULL,
    client_id BYTES NOT NULL,
    enabled BIGINT NOT NULL,
    assignment_required BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, client_id)
);

CREATE TABLE service_principal_names (
    tenant_id BYTES NOT NULL,
    name TEXT NOT NULL,
    principal_id BYTES NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

CREATE TABLE app_role_assignments (
    tenant_id BYTES NOT NULL,
    principal_id BYTES NOT NULL,
    resource_id BYTES NOT NULL,
    app_role_id BYTES NOT NULL,
    PRIMARY KEY (tenant_id, principal_id, resource_id, app_role_id)
);

-- principal: the user's id, or no bytes at all for everybody, because a key has no place for NULL.
CREATE TABLE permission_grants (
    tenant_id BYTES NOT NULL,
    client_id BYTES NOT NULL,
    principal BYTES NOT NULL,
    resource_id BYTES NOT NULL,
    scopes TEXT NOT NULL,
    PRIMARY KEY (tenant_id, client_id, principal, resource_id)
);

CREATE TABLE sessions (
    tenant_id BYTES NOT NULL,
    id BYTES NOT NULL,
    user_id BYTES NOT NULL,
    browser BYTES NOT NULL,
    facts TEXT NOT NULL,
    persistent BIGINT NOT NULL,
    last_used BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX sessions_of_browser ON sessions (browser, last_used);

CREATE TABLE families (
    tenant_id BYTES NOT NULL,
    id BYTES NOT NULL,
    month BIGINT NOT NULL,
    user_id BYTES NOT NULL,
    client_id BYTES NOT NULL,
    session_id BYTES NOT NULL,
    facts TEXT NOT NULL,
    platform TEXT NOT NULL,
    scope TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE spent (
    kind BIGINT NOT NULL,
    hash BYTES NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (kind, hash)
);

CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    stage TEXT NOT NULL,
    sealed BYTES NOT NULL,
    certificate BYTES NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE audit (
    tenant_id BYTES NOT NULL,
    id BYTES NOT NULL,
    happened_at BIGINT NOT NULL,
    activity TEXT NOT NULL,
    user_id BYTES,
    client_id BYTES,
    address TEXT,
    correlation_id BYTES,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX audit_of_tenant ON audit (tenant_id, happened_at);
