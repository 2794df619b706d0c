"""Prepares the monthly run of the benchmark; nothing here is timed.

    python monthly.py split PANEL.parquet FOLDER         one file for every month
    python monthly.py tables PANEL.parquet STORED FOLDER  what the peers get

The peers get the same stored scores that Holdfast keeps, as one table sorted by household and
month, and the panel's last three months alone, sorted: no file to leave out and nothing to prove.
"""

import sys
from pathlib import Path

import duckdb

import job


def split(connection, panel, folder):
    """Writes FOLDER/panel-YYYYMM.parquet, each sorted by household."""
    folder.mkdir(parents=True, exist_ok=True)
    periods = connection.execute(f"SELECT DISTINCT period FROM '{panel}' ORDER BY 1").fetchall()
    for (period,) in periods:
        target = folder / f"panel-{period}.parquet"
        connection.execute(f"COPY (FROM '{panel}' WHERE period = {period} ORDER BY household_id)"
                           f" TO '{target}' (FORMAT parquet, COMPRESSION snappy)")


def tables(connection, panel, stored, folder):
    """Writes FOLDER/stored.parquet and FOLDER/recent.parquet."""
    last = connection.execute(f"SELECT max(period) FROM '{panel}'").fetchall()[0][0]
    ids = [it.id for it in job.load().modules]
    columns = [f"score_{it} / 1e6 AS score_{it}" for it in ids]
    columns += [f"known_{it}::INTEGER AS known_{it}" for it in ids]
    months = []
    for back in range(5, 0, -1):
        period = job.yyyymm(job.months(last) - back)
        file = stored / f"{period // 100}-{period % 100:02}.parquet"
        months.append(f"SELECT household_id, {period}::INTEGER AS period, {', '.join(columns)}"
                      f" FROM '{file}' WHERE has_row")
    write = "(FORMAT parquet, COMPRESSION snappy)"
    connection.execute(f"COPY (FROM ({' UNION ALL '.join(months)}) ORDER BY household_id, period)"
                       f" TO '{folder / 'stored.parquet'}' {write}")
    first = job.yyyymm(job.months(last) - 2)
    connection.execute(f"COPY (FROM '{panel}' WHERE period >= {first}"
                       f" ORDER BY household_id, period) TO '{folder / 'recent.parquet'}' {write}")


def main():
    """Does what the first argument says."""
    step, *paths = sys.argv[1:]
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    {"split": split, "tables": tables}[step](connection, *map(Path, paths))


if __name__ == "__main__":
    main()
