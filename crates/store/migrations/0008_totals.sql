-- The same counts by area and everything in it, for each level of the tree: a history of an area
-- reads its own rows and no others. The empty code is everywhere.

CREATE TABLE situation_totals (
    area_code TEXT NOT NULL,
    period BIGINT NOT NULL,
    pack TEXT NOT NULL,
    band BIGINT NOT NULL,
    households BIGINT NOT NULL,
    warned BIGINT NOT NULL,
    known BIGINT NOT NULL,
    composite BIGINT NOT NULL,
    confidence BIGINT NOT NULL,
    PRIMARY KEY (area_code, period, pack, band)
) {clustered};
CREATE TABLE situation_module_totals (
    area_code TEXT NOT NULL,
    period BIGINT NOT NULL,
    pack TEXT NOT NULL,
    position BIGINT NOT NULL,
    households BIGINT NOT NULL,
    score BIGINT NOT NULL,
    PRIMARY KEY (area_code, period, pack, position)
) {clustered};

-- Scores of before are made again, so that they are counted.
INSERT INTO stale (household_id, from_period)
    SELECT household_id, min(period) FROM scores WHERE true GROUP BY household_id
    ON CONFLICT (household_id) DO UPDATE SET from_period = excluded.from_period;
DELETE FROM scores;
DELETE FROM situation;
DELETE FROM situation_modules;
