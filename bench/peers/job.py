"""The job that every engine of the benchmark does, read from the pack `bench_score`.

Numbers (anchors, weights, edges, windows) come from the pack's own files, so that no peer can
drift from the engine. Formulas are written out by hand in each peer, and `load` refuses a pack
whose formulas or settings are no longer the ones that they were written for.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

PACK = Path(__file__).parents[2] / "packs" / "bench_score"
SEVERITIES = {"none": 0.0, "yellow": 40.0, "orange": 60.0, "red": 80.0, "full": 100.0}
BANDS = ["green", "blue", "yellow", "orange", "red"]

# What the peers know how to compute, by indicator.
VALUES = {
    "debt_ratio": "ratio(debt_total, net_income_12m)",
    "income_to_line": "ratio(mean_over(net_income_12m, 3, 1) / members, income_line)",
    "self_pay_burden": "ratio(medical_self_pay_12m, net_income_12m)",
    "employment": "ratio(employed_members, able_members)",
    "months_worked": "mean_over(months_worked_12m, 3, 2)",
    "business_loss": "business_loss_ratio",
    "project_income": "project_income_ratio",
    "housing": "housing_grade",
    "school_absence": "school_absent_days",
    "water": "water_litres",
}
KEYS = {"housing": ("orange", "severity >= 60"), "income_to_line": ("red", "value < 0.6")}
SETTINGS = {"clean_periods": 1, "reasons": 3}
TREND = {"method": "least_squares", "window": 6, "min_known": 4, "steps_up_min": 0.5}


@dataclass(frozen=True)
class Indicator:
    """One indicator: its id and (severity, bound) in order of severity."""

    id: str
    anchors: list

    @property
    def none(self):
        """The bound at which severity begins."""
        return self.anchors[0][1]

    @property
    def last(self):
        """Severity and bound of the last anchor, beyond which severity is flat."""
        return self.anchors[-1]

    @property
    def is_rising(self):
        """Whether greater values are worse."""
        return self.last[1] > self.none

    def lines(self):
        """Straight pieces from `none` on: (end, intercept, slope), neighbours on one line joined."""
        lines = []
        for (low, start), (high, end) in zip(self.anchors, self.anchors[1:]):
            slope = (high - low) / (end - start)
            if lines and abs(lines[-1][2] - slope) < 1e-9:
                lines.pop()
                low, start, slope = joined[0], joined[1], (high - joined[0]) / (end - joined[1])
            else:
                joined = (low, start)
            lines.append((end, low - slope * start, slope))
        return lines


@dataclass(frozen=True)
class Module:
    """One module: its id, its weight and its indicators, bit n of a known set being the n-th."""

    id: str
    weight: float
    indicators: list


@dataclass(frozen=True)
class Job:
    """The whole job."""

    modules: list
    edges: list  # lowest composite of blue, yellow, orange, red
    min_confidence: float
    slope_min: float
    lift_within: float
    income_line: float

    @property
    def indicators(self):
        """All indicators, in the order in which equal contributions rank."""
        return [it for module in self.modules for it in module.indicators]

    @property
    def weight(self):
        """The weight of all modules."""
        return sum(module.weight for module in self.modules)


def load(folder=PACK):
    """Reads the pack; refuses one that asks for something the peers do not do."""
    read = lambda path: tomllib.loads(path.read_text(encoding="utf-8"))
    scoring = read(folder / "scoring.toml")
    parts = read(folder / "dimensions.toml")
    found = {it.stem: read(it) for it in sorted((folder / "indicators").glob("*.toml"))}
    line = read(folder / "parameters" / "income_line.toml")["value"]
    _same("aggregates", set(scoring["aggregate"].values()), {"mean"})
    _same("settings", {it: scoring[it] for it in SETTINGS}, SETTINGS)
    _same("trend", {it: scoring["trend"][it] for it in TREND}, TREND)
    _same("formulas", {id: it["value"] for id, it in found.items()}, VALUES)
    keys = {id: (key["band"], key["when"]) for id, it in found.items() for key in it.get("key", [])}
    _same("key judgements", keys, KEYS)
    _same("weights of indicators", [id for id, it in found.items() if it.get("weight", 1) != 1], [])
    _same("income lines", len(line), 1)
    _same("dimensions of each module", [it["module"] for it in parts["dimension"]],
          [it["id"] for it in parts["module"]])
    modules = []
    for part in parts["dimension"]:
        own = [(id, it) for id, it in found.items() if it["dimension"] == part["id"]]
        indicators = [Indicator(id, _anchors(it["anchors"])) for id, it in own]
        modules.append(Module(part["module"], float(part["weight"]), indicators))
    edges = [float(scoring["bands"][it]) for it in BANDS[1:]]
    trend = scoring["trend"]
    return Job(modules, edges, float(scoring["min_confidence"]), float(trend["slope_min"]),
               float(trend["lift_within"]), float(line[0]["value"]))


def _anchors(anchors):
    return [(SEVERITIES[it], float(anchors[it])) for it in SEVERITIES if it in anchors]


def _same(what, found, expected):
    if found != expected:
        raise SystemExit(f"the pack's {what} are {found}; the peers were written for {expected}")


def months(period):
    """Months since year 0 of a period written yyyymm."""
    return period // 100 * 12 + period % 100 - 1


def yyyymm(months):
    """The period of so many months since year 0."""
    return months // 12 * 100 + months % 12 + 1
