-- Long work: what was asked for, how far it is, and what became of it; and how columns of files are
-- called, so that nobody has to say it twice.

-- `spool` is the folder that holds the file of a job: only a server with that folder can go on with
-- it. `holder` is the server that works on it.
CREATE TABLE jobs (
    job_id TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    phase TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT,
    actor TEXT NOT NULL,
    areas TEXT NOT NULL,
    request TEXT NOT NULL,
    spool TEXT NOT NULL,
    holder TEXT NOT NULL,
    is_cancelled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    result TEXT,
    error TEXT
);
CREATE UNIQUE INDEX jobs_by_number ON jobs (number);
CREATE INDEX jobs_by_state ON jobs (state, number);

-- Which column of a file holds what, by a name that people give it; `columns` is JSON.
CREATE TABLE mappings (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    columns TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);
