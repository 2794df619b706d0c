-- What pages read: households counted per period and area in step with scores, and what people
-- decided about warnings.

-- Whether a household would be warned of in the period by itself.
ALTER TABLE scores ADD COLUMN warned BIGINT NOT NULL DEFAULT 0;

-- Kept in the transaction that writes scores. `area_code` is empty for households without one;
-- sums are of millionths; `known` counts households of which anything is known.
CREATE TABLE situation (
    period BIGINT NOT NULL,
    area_code TEXT NOT NULL,
    pack TEXT NOT NULL,
    band BIGINT NOT NULL,
    households BIGINT NOT NULL,
    warned BIGINT NOT NULL,
    known BIGINT NOT NULL,
    composite BIGINT NOT NULL,
    confidence BIGINT NOT NULL,
    PRIMARY KEY (period, area_code, pack, band)
) {clustered};
-- Scores of a module, by its position in the pack, over the households of which it is known.
CREATE TABLE situation_modules (
    period BIGINT NOT NULL,
    area_code TEXT NOT NULL,
    pack TEXT NOT NULL,
    position BIGINT NOT NULL,
    households BIGINT NOT NULL,
    score BIGINT NOT NULL,
    PRIMARY KEY (period, area_code, pack, position)
) {clustered};
CREATE TABLE pack_modules (
    pack TEXT NOT NULL,
    position BIGINT NOT NULL,
    module TEXT NOT NULL,
    PRIMARY KEY (pack, position)
) {clustered};

-- Scores of before are made again, so that they are counted.
INSERT INTO stale (household_id, from_period)
    SELECT household_id, min(period) FROM scores WHERE true GROUP BY household_id
    ON CONFLICT (household_id) DO UPDATE SET from_period = excluded.from_period;
DELETE FROM scores;

-- Who is to see to a warning, and until which instant it is held back.
ALTER TABLE warnings ADD COLUMN assignee TEXT;
ALTER TABLE warnings ADD COLUMN suppressed_until BIGINT;
ALTER TABLE warnings ADD COLUMN suppressed_by TEXT;
ALTER TABLE warnings ADD COLUMN suppressed_reason TEXT;
