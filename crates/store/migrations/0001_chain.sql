-- The chain: facts, what is derived from them, and what was told of it.
-- One text for both databases; {clustered} is where the file keeps rows in the order of their key.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Who may write. One row; `until` in microseconds since 1970-01-01 UTC.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
);

-- Append-only. `subject` is H and the household, M and the member, or S and the site that a fact
-- was recorded under; days count from 1970-01-01, instants are microseconds.
CREATE TABLE facts (
    subject TEXT NOT NULL,
    number BIGINT NOT NULL,
    fact_id TEXT NOT NULL,
    member_id TEXT,
    fact TEXT NOT NULL,
    value TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT,
    recorded_at BIGINT NOT NULL,
    source TEXT,
    supersedes TEXT,
    PRIMARY KEY (subject, number)
) {clustered};
CREATE UNIQUE INDEX facts_by_id ON facts (fact_id);

-- Where facts of a member lie, and how many of them say where the member belongs.
CREATE TABLE member_subjects (
    member_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    says_of BIGINT NOT NULL,
    PRIMARY KEY (member_id, subject)
) {clustered};
CREATE TABLE joined (
    household_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    PRIMARY KEY (household_id, member_id)
) {clustered};
-- Households of a site, so that a fact about the site reaches them.
CREATE TABLE settled (
    site_id TEXT NOT NULL,
    household_id TEXT NOT NULL,
    PRIMARY KEY (site_id, household_id)
) {clustered};

-- Households whose scores are older than their facts, and from which period on.
CREATE TABLE stale (
    household_id TEXT PRIMARY KEY,
    from_period BIGINT NOT NULL
);

-- Derived: one row per household and period, made again from facts at any time.
CREATE TABLE scores (
    household_id TEXT NOT NULL,
    period BIGINT NOT NULL,
    pack TEXT NOT NULL,
    area_code TEXT,
    composite BIGINT NOT NULL,
    confidence BIGINT NOT NULL,
    band BIGINT NOT NULL,
    detail BYTEA NOT NULL,
    PRIMARY KEY (household_id, period)
) {clustered};
CREATE INDEX scores_by_area ON scores (period, area_code, band);

CREATE TABLE warnings (
    warning_id TEXT PRIMARY KEY,
    household_id TEXT NOT NULL,
    period BIGINT NOT NULL,
    area_code TEXT,
    urgency BIGINT NOT NULL,
    band BIGINT NOT NULL,
    previous_band BIGINT NOT NULL,
    composite BIGINT NOT NULL,
    confidence BIGINT NOT NULL,
    kind TEXT NOT NULL,
    first_period BIGINT NOT NULL,
    rules TEXT NOT NULL,
    reasons TEXT NOT NULL,
    state TEXT NOT NULL,
    rank BIGINT,
    within_budget BIGINT,
    raised_at BIGINT NOT NULL,
    acknowledged_at BIGINT,
    acknowledged_by TEXT
);
CREATE INDEX warnings_by_household ON warnings (household_id);
CREATE INDEX warnings_by_area ON warnings (state, area_code);

-- What happened, numbered without gaps in the order of commits.
CREATE TABLE events (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    area_code TEXT,
    household_id TEXT,
    body TEXT NOT NULL
);

-- Who did what, each row sealed with the one before.
CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    command TEXT NOT NULL,
    subject TEXT,
    digest BYTEA NOT NULL,
    seal BYTEA NOT NULL
);

-- Policy packs as installed, and from which day which of them holds.
CREATE TABLE packs (
    hash TEXT PRIMARY KEY,
    pack_id TEXT NOT NULL,
    version TEXT NOT NULL,
    files BYTEA NOT NULL,
    installed_at BIGINT NOT NULL,
    installed_by TEXT NOT NULL
);
CREATE TABLE activations (
    number BIGINT PRIMARY KEY,
    hash TEXT NOT NULL REFERENCES packs (hash),
    from_day BIGINT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    approved_by TEXT,
    approved_at BIGINT
);
