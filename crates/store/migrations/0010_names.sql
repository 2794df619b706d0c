-- Names of areas in each language: one that nobody told is absent. Before, it was a copy of the other
-- one, so of two equal names one is taken away: the English one where most of its characters take
-- three bytes, as Chinese ones do, else the Chinese one. Nothing is shown otherwise by that: who reads
-- a language without a name is shown the other one.

CREATE TABLE named_areas (
    code TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT,
    name_en TEXT,
    name_zh TEXT,
    level BIGINT NOT NULL,
    parent TEXT,
    PRIMARY KEY (code, valid_from)
) {clustered};
INSERT INTO named_areas (code, valid_from, valid_to, name_en, name_zh, level, parent)
    SELECT code, valid_from, valid_to,
        CASE WHEN name_en = name_zh AND octet_length(name_en) > 2 * length(name_en)
            THEN NULL ELSE name_en END,
        CASE WHEN name_en = name_zh AND octet_length(name_zh) <= 2 * length(name_zh)
            THEN NULL ELSE name_zh END,
        level, parent
    FROM areas;
DROP TABLE areas;
ALTER TABLE named_areas RENAME TO areas;
CREATE INDEX areas_by_parent ON areas (parent, code);
