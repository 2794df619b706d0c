-- Areas by code with their names through time, and their boundaries where an office has any.
-- Days count from 1970-01-01; a code that holds from the beginning has the least number there is.

CREATE TABLE areas (
    code TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT,
    name_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    level BIGINT NOT NULL,
    parent TEXT,
    PRIMARY KEY (code, valid_from)
) {clustered};
CREATE INDEX areas_by_parent ON areas (parent, code);

-- The geometry is that of GeoJSON, as JSON.
CREATE TABLE boundaries (
    code TEXT PRIMARY KEY,
    geometry TEXT NOT NULL
);
