"""A slow oracle of the job in plain Python, a household at a time, to hold the peers against.

    python oracle.py PANEL.parquet OUT.parquet [--period 202012] [--write-stored STORED.parquet]

Follows the definitions literally and shares no formula with the peers. For some thousands of
households at most. `--write-stored` writes module scores and known sets of the five periods
before, as the peers' `--stored` reads them.
"""

import argparse
import math
from decimal import ROUND_HALF_UP, Decimal

import duckdb

import job

UNKNOWN = None


def rounded(points):
    """Millionths of a point, half away from zero."""
    scaled = points * 1e6
    return int(scaled + (0.5 if scaled >= 0 else -0.5))


def ratio(a, b):
    """The pack's division: far end where b <= 0 < a, unknown where neither is positive."""
    if a is UNKNOWN or b is UNKNOWN:
        return UNKNOWN
    if b > 0:
        return a / b
    return math.inf if a > 0 else UNKNOWN


def mean_over(rows, month, column, periods, min_known):
    """Mean of the known values of the last so many calendar periods."""
    window = (rows.get(it, {}).get(column) for it in range(month - periods + 1, month + 1))
    known = [it for it in window if it is not UNKNOWN]
    return sum(known) / len(known) if len(known) >= min_known else UNKNOWN


def values(work, rows, month):
    """Each indicator's value in a month that has a row."""
    row = rows[month]
    mean = mean_over(rows, month, "net_income_12m", 3, 1)
    members = row["members"]
    per_person = UNKNOWN if mean is UNKNOWN or not members else mean / members
    return {
        "debt_ratio": ratio(row["debt_total"], row["net_income_12m"]),
        "income_to_line": ratio(per_person, work.income_line),
        "self_pay_burden": ratio(row["medical_self_pay_12m"], row["net_income_12m"]),
        "employment": ratio(row["employed_members"], row["able_members"]),
        "months_worked": mean_over(rows, month, "months_worked_12m", 3, 2),
        "business_loss": row["business_loss_ratio"],
        "project_income": row["project_income_ratio"],
        "housing": row["housing_grade"],
        "school_absence": row["school_absent_days"],
        "water": row["water_litres"],
    }


def severity(anchors, value):
    """Linear between neighbours, 0 beyond the first, flat beyond the last."""
    if value is UNKNOWN:
        return UNKNOWN
    sign = 1 if anchors[-1][1] > anchors[0][1] else -1
    if sign * value <= sign * anchors[0][1]:
        return 0.0
    for (low, start), (high, end) in zip(anchors, anchors[1:]):
        if sign * value <= sign * end:
            return low + (high - low) * (value - start) / (end - start)
    return anchors[-1][0]


def judge(work, rows, month):
    """Severities, module scores in millionths, and known sets of one month."""
    if month not in rows:
        return None
    value = values(work, rows, month)
    severities = {it.id: severity(it.anchors, value[it.id]) for it in work.indicators}
    scores, known = [], []
    for module in work.modules:
        own = [severities[it.id] for it in module.indicators]
        have = [it for it in own if it is not UNKNOWN]
        scores.append(rounded(sum(have) / len(have)) if have else UNKNOWN)
        known.append(sum(1 << bit for bit, it in enumerate(own) if it is not UNKNOWN))
    return {"value": value, "severity": severities, "scores": scores, "known": known}


def trend(work, points):
    """Slope in millionths a month and whether it worsens; points are (month, millionths)."""
    if len(points) < job.TREND["min_known"]:
        return UNKNOWN, False
    n = len(points)
    sx, sy = sum(x for x, _ in points), sum(y for _, y in points)
    sxx, sxy = sum(x * x for x, _ in points), sum(x * y for x, y in points)
    slope = Decimal(n * sxy - sx * sy) / Decimal(n * sxx - sx * sx)
    slope = int(slope.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    ups = sum(after > before for (_, before), (_, after) in zip(points, points[1:]))
    return slope, slope >= rounded(work.slope_min) and ups > job.TREND["steps_up_min"] * (n - 1)


def reasons(work, now, scores, weights, known):
    """Ids of the greatest contributions above zero, ties in the pack's order."""
    found = []
    for module, score, weight in zip(work.modules, scores, weights):
        own = [(it.id, now["severity"][it.id]) for it in module.indicators]
        total = sum(it for _, it in own if it is not UNKNOWN)
        if score is UNKNOWN or total <= 0:
            continue
        part = score / 1e6 * weight / known
        found += [(rounded(part * it / total), id) for id, it in own if it is not UNKNOWN]
    best = sorted((it for it in found if it[0] > 0), key=lambda it: -it[0])
    return ";".join(id for _, id in best[:3]) or None


def band_of(work, now, composite, confidence, worsens):
    """The band: by composite, lifted by a worsening module, forced by key judgements."""
    edges = [rounded(it) for it in work.edges]
    forced = []
    if now["severity"]["housing"] is not UNKNOWN and rounded(now["severity"]["housing"]) >= 60_000_000:
        forced.append(job.BANDS.index("orange"))
    if now["value"]["income_to_line"] is not UNKNOWN and now["value"]["income_to_line"] < 0.6:
        forced.append(job.BANDS.index("red"))
    if confidence < rounded(work.min_confidence):
        return job.BANDS[max(forced)] if forced else "unknown"
    band = sum(composite >= it for it in edges)
    is_near = band < 3 and composite >= edges[band] - rounded(work.lift_within)
    if worsens and is_near:
        band += 1
    return job.BANDS[max([band, *forced])]


def score(work, household, rows, at):
    """The output row of a household."""
    months = {month: judge(work, rows, month) for month in range(at - 5, at + 1)}
    now = months[at]
    blank = [None] * len(work.modules)
    if now is None:
        return [household, None, "unknown", *blank, *blank, None]
    slopes, worsens = [], False
    for number, known in enumerate(now["known"]):
        same = [(month, it["scores"][number]) for month, it in months.items()
                if it is not None and known and it["known"][number] == known]
        slope, is_worse = trend(work, same)
        slopes.append(slope)
        worsens |= is_worse
    weights = [module.weight * known.bit_count() / len(module.indicators)
               for module, known in zip(work.modules, now["known"])]
    known = sum(weights)
    confidence = rounded(known / work.weight)
    parts = [(weight, it) for weight, it in zip(weights, now["scores"]) if it is not UNKNOWN]
    composite = rounded(sum(weight * it / 1e6 for weight, it in parts) / known) if parts else 0
    band = band_of(work, now, composite, confidence, worsens)
    points = lambda it: None if it is UNKNOWN else it / 1e6
    return [household, points(composite) if confidence else None, band,
            *map(points, now["scores"]), *map(points, slopes),
            reasons(work, now, now["scores"], weights, known)]


def read(path):
    """Rows of each household by month since year 0."""
    cursor = duckdb.execute("SELECT * FROM read_parquet(?) ORDER BY household_id, period", [path])
    names = [it[0] for it in cursor.description]
    households = {}
    for record in cursor.fetchall():
        row = dict(zip(names, record))
        households.setdefault(row["household_id"], {})[job.months(row["period"])] = row
    return households


def write(path, columns, records):
    """Writes a table; `columns` are names with SQL types."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE result ({', '.join(f'{n} {t}' for n, t in columns)})")
    marks = ", ".join("?" for _ in columns)
    if records:
        connection.executemany(f"INSERT INTO result VALUES ({marks})", records)
    connection.execute(f"COPY result TO '{path}' (FORMAT parquet)")


def main():
    """Scores a panel."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("panel")
    parser.add_argument("out")
    parser.add_argument("--period", type=int)
    parser.add_argument("--write-stored")
    asked = parser.parse_args()
    work = job.load()
    households = read(asked.panel)
    last = max(month for rows in households.values() for month in rows)
    at = job.months(asked.period) if asked.period else last
    # A household that has nothing in the eight months that matter is not part of the job.
    alive = {id: rows for id, rows in households.items()
             if any(month in rows for month in range(at - 7, at + 1))}
    records = [score(work, id, rows, at) for id, rows in alive.items()]
    ids = [it.id for it in work.modules]
    columns = [("household_id", "VARCHAR"), ("composite", "DOUBLE"), ("band", "VARCHAR")]
    columns += [(f"score_{it}", "DOUBLE") for it in ids] + [(f"trend_{it}", "DOUBLE") for it in ids]
    write(asked.out, columns + [("reasons", "VARCHAR")], records)
    if asked.write_stored:
        stored = []
        for id, rows in alive.items():
            for month in range(at - 5, at):
                it = judge(work, rows, month)
                if it is not None:
                    scores = [None if s is UNKNOWN else s / 1e6 for s in it["scores"]]
                    stored.append([id, job.yyyymm(month), *scores, *it["known"]])
        columns = [("household_id", "VARCHAR"), ("period", "INTEGER")]
        columns += [(f"score_{it}", "DOUBLE") for it in ids]
        columns += [(f"known_{it}", "INTEGER") for it in ids]
        write(asked.write_stored, columns, stored)


if __name__ == "__main__":
    main()
