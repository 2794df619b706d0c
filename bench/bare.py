"""What the machine itself gives: syncs of a file, and rows into SQLite with nothing else to do.
Prints one JSON object. Standard library only.

    bare.py FOLDER"""

import json
import os
import sqlite3
import sys
import time
import uuid

SECONDS = 2


def syncs(folder):
    with open(os.path.join(folder, "sync"), "wb", buffering=0) as file:
        count, end = 0, time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            count += 1
    return round(count / SECONDS)


def inserts(folder):
    database = sqlite3.connect(os.path.join(folder, "bare.db"), isolation_level=None)
    database.execute("PRAGMA journal_mode = wal")
    database.execute("PRAGMA synchronous = full")
    database.execute("CREATE TABLE facts (id TEXT PRIMARY KEY, a TEXT, b TEXT, c INTEGER, d INTEGER)")
    count, end = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        rows = [(f"{time.time_ns():020d}-{uuid.uuid4().hex[:12]}", "household", "disaster.loss", it, it)
                for it in range(1000)]
        database.execute("BEGIN")
        database.executemany("INSERT INTO facts VALUES (?, ?, ?, ?, ?)", rows)
        database.execute("COMMIT")
        count += len(rows)
    return round(count / SECONDS)


folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
print(json.dumps({"fsyncs_per_s": syncs(folder), "sqlite_rows_per_s_batch_1000_full_sync": inserts(folder)}))
for name in os.listdir(folder):
    os.remove(os.path.join(folder, name))
