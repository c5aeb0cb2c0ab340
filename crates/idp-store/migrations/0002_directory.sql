-- The directory: groups, links, what is carried of objects, and the index by which they are found. Columns that are new in
-- a table have a default, because the version before goes on writing rows without them.

ALTER TABLE tenants ADD COLUMN user_consent TEXT NOT NULL DEFAULT 'low_risk';
ALTER TABLE tenants ADD COLUMN token_lifetime BIGINT;
ALTER TABLE tenants ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;

CREATE INDEX domains_of_tenant ON domains (tenant_id);

ALTER TABLE users ADD COLUMN user_type TEXT NOT NULL DEFAULT 'Member';
ALTER TABLE users ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';

CREATE TABLE groups (
    tenant_id BYTES NOT NULL,
    id BYTES NOT NULL,
    display_name TEXT NOT NULL,
    mail_nickname TEXT NOT NULL,
    mail_enabled BIGINT NOT NULL,
    security_enabled BIGINT NOT NULL,
    assignable_to_role BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    profile TEXT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- An Application ID URI is one application's in its home tenant.
CREATE TABLE identifier_uris (
    tenant_id BYTES NOT NULL,
    uri TEXT NOT NULL,
    application_id BYTES NOT NULL,
    PRIMARY KEY (tenant_id, uri)
);

CREATE INDEX identifier_uris_of_application ON identifier_uris (tenant_id, application_id);

ALTER TABLE service_principals ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE service_principals ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';

CREATE INDEX service_principals_of_application ON service_principals (client_id);
CREATE INDEX service_principal_names_of_principal ON service_principal_names (tenant_id, principal_id);

-- 4: a service principal, which is what had app roles so far.
ALTER TABLE app_role_assignments ADD COLUMN principal_kind BIGINT NOT NULL DEFAULT 4;
ALTER TABLE app_role_assignments ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;

UPDATE app_role_assignments SET principal_kind = 1 WHERE EXISTS (SELECT 1 FROM users
    WHERE users.tenant_id = app_role_assignments.tenant_id AND users.id = app_role_assignments.principal_id);

CREATE INDEX app_role_assignments_on_resource ON app_role_assignments (tenant_id, resource_id, principal_id, app_role_id);
CREATE INDEX permission_grants_on_resource ON permission_grants (tenant_id, resource_id);
CREATE INDEX permission_grants_for_principal ON permission_grants (tenant_id, principal);
CREATE INDEX families_of_client ON families (tenant_id, client_id, user_id);

CREATE TABLE links (
    tenant_id BYTES NOT NULL,
    relation BIGINT NOT NULL,
    from_id BYTES NOT NULL,
    to_id BYTES NOT NULL,
    from_kind BIGINT NOT NULL,
    to_kind BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, relation, from_id, to_id)
);

CREATE INDEX links_to ON links (tenant_id, relation, to_id, from_id);

-- What objects are found by. Values are the bytes of their text in UTF-8, not text: those have one order everywhere.
CREATE TABLE object_keys (
    tenant_id BYTES NOT NULL,
    kind BIGINT NOT NULL,
    property BIGINT NOT NULL,
    value BYTES NOT NULL,
    object_id BYTES NOT NULL,
    PRIMARY KEY (tenant_id, kind, property, value, object_id)
);

CREATE INDEX object_keys_of_object ON object_keys (tenant_id, object_id, kind, property);

-- Objects that are there and have no keys yet. The program makes them when it opens the store.
CREATE TABLE unindexed (
    tenant_id BYTES NOT NULL,
    kind BIGINT NOT NULL,
    id BYTES NOT NULL,
    PRIMARY KEY (tenant_id, kind, id)
);

INSERT INTO unindexed (tenant_id, kind, id) SELECT tenant_id, 1, id FROM users;
INSERT INTO unindexed (tenant_id, kind, id) SELECT tenant_id, 3, id FROM applications;
INSERT INTO unindexed (tenant_id, kind, id) SELECT tenant_id, 4, id FROM service_principals;

CREATE TABLE deleted_objects (
    tenant_id BYTES NOT NULL,
    kind BIGINT NOT NULL,
    id BYTES NOT NULL,
    revision BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX deleted_objects_of_kind ON deleted_objects (tenant_id, kind, id);

ALTER TABLE audit ADD COLUMN target TEXT;

CREATE INDEX audit_in_order ON audit (tenant_id, happened_at, id);
CREATE INDEX audit_of_activity ON audit (tenant_id, activity, happened_at, id);
DROP INDEX audit_of_tenant;
