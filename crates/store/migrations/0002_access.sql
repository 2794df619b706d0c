-- Who may sign in, and with what.

CREATE TABLE users (
    name TEXT PRIMARY KEY,
    password TEXT NOT NULL,
    role TEXT NOT NULL,
    areas TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    must_change BIGINT NOT NULL,
    is_disabled BIGINT NOT NULL
);

-- Sessions of people and tokens of machines, by digest: whoever reads the table cannot use it.
CREATE TABLE sessions (
    digest TEXT PRIMARY KEY,
    user_name TEXT NOT NULL REFERENCES users (name),
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_name);

-- Answers to requests that named a key, so that a request sent twice acts once.
CREATE TABLE requests (
    request_key TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    at BIGINT NOT NULL,
    answer TEXT NOT NULL
);
