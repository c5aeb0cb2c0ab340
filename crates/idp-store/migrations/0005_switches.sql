-- What an organisation lets happen at the token endpoint. A store that was made before goes on as it was.

ALTER TABLE tenants ADD COLUMN password_grant TEXT NOT NULL DEFAULT 'allowed';
ALTER TABLE tenants ADD COLUMN device_code TEXT NOT NULL DEFAULT 'allowed';

-- The family that another began out of, when a member of a family of applications used a sibling's refresh token.

ALTER TABLE families ADD COLUMN root BYTES;

CREATE INDEX families_of_root ON families (tenant_id, root);

-- What is over is found by when it was over.

CREATE INDEX families_by_month ON families (month);
CREATE INDEX spent_until ON spent (until);
CREATE INDEX sessions_by_use ON sessions (persistent, last_used);
