-- Lists of households, the worst first, are read in the order of this index and no row is fetched that
-- is not shown; counts of areas find what they need in it too.

DROP INDEX scores_by_area;
CREATE INDEX scores_by_rank ON scores (period, band DESC, composite DESC, household_id, area_code);
