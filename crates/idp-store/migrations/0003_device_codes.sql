-- What devices asked for, by keyed hashes of the two codes that lead there. No tenant in the key: a request that was made
-- for whoever will sign in belongs to none before somebody has. until: the hour after which nobody needs the row.

CREATE TABLE device_codes (
    id BYTES NOT NULL PRIMARY KEY,
    user_code BYTES NOT NULL UNIQUE,
    until BIGINT NOT NULL,
    client_id BYTES NOT NULL,
    tenant_id BYTES,
    scope TEXT NOT NULL,
    asked_from TEXT,
    asked_at BIGINT NOT NULL,
    state BIGINT NOT NULL,
    approval TEXT
);

CREATE INDEX device_codes_until ON device_codes (until);
