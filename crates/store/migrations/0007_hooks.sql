-- Where events are sent to, and what became of them; the day a session or token was last
-- used; users whom others vouch for.

-- `done` is the number of the last event that was delivered or given up: what is to be sent next
-- follows from it and from the events themselves. No try before `next_at`.
CREATE TABLE webhooks (
    hook_id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    label TEXT NOT NULL,
    kinds TEXT NOT NULL,
    areas TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    done BIGINT NOT NULL,
    next_at BIGINT NOT NULL
);

-- What became of events: delivered, dead (given up), or waiting (for another try).
CREATE TABLE deliveries (
    hook_id TEXT NOT NULL REFERENCES webhooks (hook_id),
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    at BIGINT NOT NULL,
    answer BIGINT,
    fault TEXT,
    PRIMARY KEY (hook_id, number)
) {clustered};
CREATE INDEX deliveries_by_state ON deliveries (hook_id, state, number);

-- Who made a user by vouching for it; nothing: somebody here.
ALTER TABLE users ADD COLUMN authority TEXT;
-- Days since 1970-01-01.
ALTER TABLE sessions ADD COLUMN used_day BIGINT;
CREATE INDEX audit_by_actor ON audit (actor, number);
CREATE INDEX audit_by_command ON audit (command, number);
