-- Whose account one is that belongs to somebody from elsewhere: 'invited:{name}' or 'home:{tenant}/{user}'. Each is in a tenant
-- once; NULL, which no index takes for equal, of everybody who is at home.

ALTER TABLE users ADD COLUMN external TEXT;

CREATE UNIQUE INDEX users_from_elsewhere ON users (tenant_id, external);
