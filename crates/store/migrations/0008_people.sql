-- The registry: households and their members, and who they are.
-- Names stand plain; what identifies or exposes a person stands in `sealed`, unreadable without the
-- master key, which is never in the database.

CREATE TABLE households (
    household_id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    area_code TEXT,
    area_from BIGINT NOT NULL,
    head TEXT,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX households_by_code ON households (code);
CREATE INDEX households_in_area ON households (area_code, household_id);

-- One row per person; `person_id` is the member of facts. Erased ones keep their number and id alone.
CREATE TABLE people (
    number BIGINT PRIMARY KEY,
    person_id TEXT NOT NULL,
    household_id TEXT NOT NULL,
    name TEXT,
    pinyin TEXT,
    initials TEXT,
    sex TEXT,
    birth_date BIGINT,
    birth_place TEXT,
    relation TEXT,
    status TEXT NOT NULL,
    status_from BIGINT,
    merged_into TEXT,
    source TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) {clustered};
CREATE UNIQUE INDEX people_by_id ON people (person_id);
CREATE INDEX people_by_household ON people (household_id, number);
CREATE INDEX people_by_birth ON people (birth_date, number);

-- Every end of a name as it is written, said and abbreviated: what begins with a text is what has it
-- inside. The area comes along, so that a search stays inside it.
CREATE TABLE name_parts (
    part TEXT NOT NULL,
    area_code TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (part, area_code, number)
) {clustered};

-- One field of one person: content under a key of its own, that key under the master key, and a
-- keyed hash to find it by where it is meant to be found.
CREATE TABLE sealed (
    number BIGINT NOT NULL,
    field TEXT NOT NULL,
    scheme TEXT NOT NULL,
    lookup TEXT,
    data_key BYTEA NOT NULL,
    content BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (number, field)
) {clustered};
CREATE INDEX sealed_by_lookup ON sealed (lookup);

-- Kinds of identity numbers that anybody has: a number is looked for in each.
CREATE TABLE identity_schemes (
    name TEXT PRIMARY KEY
);

-- Append-only: who joined and left which household, what became of households and of people.
-- `day` is when it was so, `at` when it was learned.
CREATE TABLE registry_changes (
    household_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    person_id TEXT,
    kind TEXT NOT NULL,
    day BIGINT NOT NULL,
    from_what TEXT,
    to_what TEXT,
    source TEXT,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (household_id, number)
) {clustered};
CREATE INDEX registry_changes_of_person ON registry_changes (person_id, number);

-- Pairs that may be one person; `one` sorts before `other`. What was decided is remembered.
CREATE TABLE duplicates (
    number BIGINT PRIMARY KEY,
    one TEXT NOT NULL,
    other TEXT NOT NULL,
    reason TEXT NOT NULL,
    likeness BIGINT NOT NULL,
    state TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT
);
CREATE UNIQUE INDEX duplicates_of_pair ON duplicates (one, other);
CREATE INDEX duplicates_of_other ON duplicates (other);
CREATE INDEX duplicates_by_state ON duplicates (state, number);

-- Two entries of one person made one; undone, they are two again.
CREATE TABLE merges (
    number BIGINT PRIMARY KEY,
    kept TEXT NOT NULL,
    merged TEXT NOT NULL,
    status_before TEXT NOT NULL,
    duplicate BIGINT,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    undone_at BIGINT,
    undone_by TEXT
);
CREATE INDEX merges_of_merged ON merges (merged);
CREATE INDEX merges_of_kept ON merges (kept);

-- Whose facts count as whose while a merge holds: no fact is changed for it.
CREATE TABLE member_aliases (
    member_id TEXT PRIMARY KEY,
    kept TEXT NOT NULL
);
CREATE INDEX member_aliases_of_kept ON member_aliases (kept);

-- Who saw what unmasked, and why.
CREATE TABLE unmaskings (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    person_id TEXT NOT NULL,
    fields TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX unmaskings_of_person ON unmaskings (person_id, number);

-- Keys that outlive a change of the master key, under the master key.
CREATE TABLE purpose_keys (
    purpose TEXT PRIMARY KEY,
    wrapped BYTEA NOT NULL
);
