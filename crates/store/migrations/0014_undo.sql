-- Which facts a job recorded, as ranges of their numbers (first and last), so that they can be taken
-- back; and by which job that was done.

CREATE TABLE recorded (
    job_id TEXT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (job_id, first)
) {clustered};
ALTER TABLE jobs ADD COLUMN undone_by TEXT;
