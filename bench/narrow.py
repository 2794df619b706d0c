"""A table of a few of another's columns: `narrow.py FROM.csv TO.csv COLUMN…`. Standard library only."""

import csv
import sys

source, target, *wanted = sys.argv[1:]
with open(source, encoding="utf-8", newline="") as rows, open(target, "w", encoding="utf-8", newline="") as out:
    writer = csv.writer(out)
    writer.writerow(wanted)
    for row in csv.DictReader(rows):
        writer.writerow([row[it] for it in wanted])
