-- Policies: what a version was made from and for, who refused a proposal and why, what it changed;
-- which households were scored when, so that who keeps something of them knows what to read again;
-- what an officer found behind a warning.

ALTER TABLE packs ADD COLUMN base TEXT;
ALTER TABLE packs ADD COLUMN changes TEXT;
ALTER TABLE packs ADD COLUMN note TEXT;

ALTER TABLE activations ADD COLUMN note TEXT;
ALTER TABLE activations ADD COLUMN refused_by TEXT;
ALTER TABLE activations ADD COLUMN refused_at BIGINT;
-- Households that were scored again for it within a period, and those whose band changed by that.
ALTER TABLE activations ADD COLUMN rescored BIGINT;
ALTER TABLE activations ADD COLUMN impacted BIGINT;

-- In the order of commits; old rows are taken away, all but the last at the end of a period.
CREATE TABLE scored (
    number BIGINT PRIMARY KEY,
    household_id TEXT NOT NULL
);

-- confirmed, not_confirmed or unknown.
ALTER TABLE warnings ADD COLUMN finding TEXT;
ALTER TABLE warnings ADD COLUMN finding_by TEXT;
ALTER TABLE warnings ADD COLUMN finding_at BIGINT;
