"""How every peer is started and timed: one JSON line to standard output, nothing else.

`runs_s` are wall seconds of whole runs, after `--warmup` runs that do not count. From files a run
is: read the panel, score, write the result. With `--from-memory` the panel is loaded first, and a
run is the query with its result left in memory. `cpu_median_s` is the processor time of all
threads; where it is well below threads times wall, others were using the machine.
"""

import argparse
import json
import resource
import statistics
import time


def arguments(engine):
    """The command line that all peers share."""
    parser = argparse.ArgumentParser(description=f"Scores a panel with {engine}.")
    parser.add_argument("panel", help="Parquet, sorted by household_id and period")
    parser.add_argument("out", help="Parquet to write")
    parser.add_argument("--period", type=int, help="yyyymm; the panel's last by default")
    parser.add_argument("--from-memory", action="store_true", help="load first, time the query")
    parser.add_argument("--stored", help="Parquet of module scores of closed periods")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--warmup", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def measure(asked, engine, version, form, run, finish):
    """Times `run`; `finish` then writes what is not yet written and gives the number of rows."""
    for _ in range(asked.warmup):
        run()
    runs, processor = [], []
    for _ in range(asked.runs):
        start, spent = time.perf_counter(), time.process_time()
        run()
        runs.append(round(time.perf_counter() - start, 4))
        processor.append(time.process_time() - spent)
    # Read before the result is looked at, so that only the job itself is counted.
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rows = finish()
    print(json.dumps({
        "engine": engine, "version": version, "form": form, "threads": asked.threads,
        "runs_s": runs, "median_s": statistics.median(runs),
        "cpu_median_s": round(statistics.median(processor), 4), "peak_mb": peak_mb, "rows": rows,
    }))
