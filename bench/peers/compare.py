"""Holds two score tables against each other: `python compare.py OURS.parquet THEIRS.parquet`.

Composites, module scores and trends must agree to 1e-6 of a point and bands exactly, except in
rows whose composite lies within 1e-6 of an edge, which are counted. Prints one JSON line; ends
with 1 where they do not agree.
"""

import json
import sys

import polars as pl

import job

TOLERANCE = 1.000001e-6


def main():
    """Compares the two tables."""
    work = job.load()
    ours, theirs = (pl.read_parquet(path) for path in sys.argv[1:3])
    numbers = ["composite"]
    numbers += [f"{kind}_{it.id}" for kind in ("score", "trend") for it in work.modules]
    text = lambda it: pl.col(it).cast(pl.String)
    keep = lambda table: table.select(
        text("household_id"), text("band"), text("reasons"),
        *(pl.col(it).cast(pl.Float64) for it in numbers))
    both = keep(ours).join(keep(theirs), on="household_id", how="full", suffix="_theirs")
    missing = both.filter(
        pl.col("household_id").is_null() | pl.col("household_id_theirs").is_null()).height
    differs = {}
    for it in numbers:
        mine, other = pl.col(it), pl.col(f"{it}_theirs")
        apart = (mine - other).abs() > TOLERANCE
        one_unknown = mine.is_null() != other.is_null()
        differs[it] = both.filter(apart.fill_null(False) | one_unknown).height
    near = pl.any_horizontal(*((pl.col("composite") - edge).abs() <= TOLERANCE
                               for edge in work.edges))
    bands = both.filter(pl.col("band") != pl.col("band_theirs"))
    near_edge = bands.filter(near.fill_null(False)).height
    reasons = both.filter(pl.col("reasons").ne_missing(pl.col("reasons_theirs"))).height
    result = {
        "rows": both.height, "missing": missing, "numbers_apart": sum(differs.values()),
        "bands_apart": bands.height - near_edge, "bands_apart_near_an_edge": near_edge,
        "reasons_apart": reasons,
    }
    print(json.dumps(result))
    return 1 if missing or result["numbers_apart"] or result["bands_apart"] else 0


if __name__ == "__main__":
    sys.exit(main())
