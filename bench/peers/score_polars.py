"""The job in Polars: `python score_polars.py PANEL.parquet OUT.parquet --runs 5`."""

import os
import sys

# Must stand before Polars is loaded, which starts its threads.
if "--threads" in sys.argv:
    os.environ["POLARS_MAX_THREADS"] = sys.argv[sys.argv.index("--threads") + 1]
else:
    os.environ.setdefault("POLARS_MAX_THREADS", "2")

import polars as pl

import harness
import job

# Months that a trend looks back over.
LANES = range(1, 6)
# Stands for a ratio at its far end; every scale ends long before.
FAR = 1e300
TINY = 1e-300
# A row's tag: ten bits of the known set, then the month 0 to 5, then whether it is a first row.
SET_SIZE = 1024
FIRST = 8 * SET_SIZE
RAW = [
    "net_income_12m", "members", "medical_self_pay_12m", "debt_total", "employed_members",
    "able_members", "months_worked_12m", "project_income_ratio", "business_loss_ratio",
    "housing_grade", "water_litres", "school_absent_days",
]


def total(terms):
    """Their sum, from left to right."""
    terms = list(terms)
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    return result


def severity(indicator, value):
    """Severity, 0 where unknown."""
    cases = pl.when(value <= indicator.none if indicator.is_rising else value >= indicator.none)
    cases = cases.then(pl.lit(0.0))
    for end, intercept, slope in indicator.lines():
        within = value <= end if indicator.is_rising else value >= end
        cases = cases.when(within).then(value * slope + intercept)
    flat, bound = indicator.last
    past = value > bound if indicator.is_rising else value < bound
    return cases.when(past).then(pl.lit(flat)).otherwise(pl.lit(0.0))


def ratio(a, b):
    """The pack's division."""
    a, b = pl.col(a).cast(pl.Float64), pl.col(b)
    return pl.when(b > 0).then(a / b).when((b <= 0) & (a > 0)).then(pl.lit(FAR))


class Query:
    """Builds the lazy frames of the job at one period."""

    def __init__(self, work, period):
        self.work = work
        self.period = period
        self.at = job.months(period)
        self.modules = [it.id for it in work.modules]

    def month(self):
        """Months since five before the assessed one; less than a year lies between."""
        period = pl.col("period")
        turn = (period < self.period // 100 * 100).cast(pl.Int32) * 88
        return (period - (self.period - 5) + turn).alias("j")

    def rows(self, panel, months):
        """The panel's rows that matter, with the sums over three months that two attributes need.
        Rows stand sorted, so that a household's earlier months are the rows above."""
        first = job.yyyymm(self.at - months - 1)
        rows = panel.filter(pl.col("period").is_between(first, self.period))
        rows = rows.select("household_id", self.month(), *RAW)
        household, j = pl.col("household_id"), pl.col("j")
        rows = rows.with_columns(same=(household == household.shift(1)).fill_null(False))
        same = pl.col("same")
        in_time = lambda back: (j.shift(back) >= j - 2).fill_null(False)
        rows = rows.with_columns(
            u1=(same & in_time(1)).cast(pl.Float64),
            u2=(same & same.shift(1, fill_value=False) & in_time(2)).cast(pl.Float64),
            is_first=~same | (j.shift(1) < 0),
            is_last=~same.shift(-1, fill_value=False))
        over = lambda it: (it + pl.col("u1") * it.shift(1, fill_value=0.0)
                           + pl.col("u2") * it.shift(2, fill_value=0.0))
        value = lambda it: pl.col(it).cast(pl.Float64).fill_null(0.0)
        known = lambda it: pl.col(it).is_not_null().cast(pl.Float64)
        sums = {"income": "net_income_12m", "worked": "months_worked_12m"}
        rows = rows.with_columns(
            **{f"{name}_sum": over(value(it)) for name, it in sums.items()},
            **{f"{name}_known": over(known(it)) for name, it in sums.items()})
        return rows.filter(j >= 0 if months > 1 else pl.col("is_last"))

    def judged(self, rows):
        """Severities, known set and rounded module scores in millionths."""
        column = lambda name: pl.col(name).cast(pl.Float64)
        mean = pl.col("income_sum") / pl.col("income_known")
        has_mean = (pl.col("income_known") >= 1) & (pl.col("members") != 0)
        values = {
            "debt_ratio": ratio("debt_total", "net_income_12m"),
            "income_to_line": pl.when(has_mean).then(
                mean / pl.col("members") / self.work.income_line),
            "self_pay_burden": ratio("medical_self_pay_12m", "net_income_12m"),
            "employment": ratio("employed_members", "able_members"),
            "months_worked": pl.when(pl.col("worked_known") >= 2).then(
                pl.col("worked_sum") / pl.col("worked_known")),
            "business_loss": column("business_loss_ratio"),
            "project_income": column("project_income_ratio"),
            "housing": column("housing_grade"),
            "school_absence": column("school_absent_days"),
            "water": column("water_litres"),
        }
        keep = ["household_id", "j", "is_first", "is_last"]
        own = self.work.indicators
        rows = rows.select(*keep, **{f"v_{id}": it for id, it in values.items()})
        rows = rows.select(
            *keep, "v_income_to_line",
            **{f"s_{it.id}": severity(it, pl.col(f"v_{it.id}")) for it in own},
            **{f"k_{it.id}": pl.col(f"v_{it.id}").is_not_null().cast(pl.Int32) for it in own})
        scores = {}
        for module in self.work.modules:
            severities = total(pl.col(f"s_{it.id}") for it in module.indicators)
            known = total(pl.col(f"k_{it.id}") for it in module.indicators)
            # 0 where nothing is known; any other count swallows the tiny one.
            scores[f"y_{module.id}"] = (severities / (known + TINY) * 1e6 + 0.5).floor()
        known_set = total(pl.col(f"k_{it.id}") * (1 << bit) for bit, it in enumerate(own))
        tag = known_set + pl.col("j") * SET_SIZE + pl.col("is_first").cast(pl.Int32) * FIRST
        return rows.select("household_id", "is_last", "v_income_to_line", pl.col("^s_.*$"),
                           tag=tag, **scores)

    def lanes(self, panel):
        """One row a household, its latest: beside it its earlier months, lane i being i rows up.
        Taking a million rows a lane costs less than shifting all six million."""
        rows = self.judged(self.rows(panel, 6)).collect(engine="streaming")
        at = rows["is_last"].arg_true()
        today = rows.select(pl.exclude("is_last")).gather(at)
        past = self.taken(rows, at, 1)
        has_past = (pl.col("tag") < FIRST).alias("has_past")
        return pl.concat([today, past], how="horizontal").lazy().with_columns(has_past)

    def stored_lanes(self, panel, stored):
        """As `lanes`, with the earlier months from a table of stored module scores."""
        known, bits = [], 0
        for module in self.work.modules:
            known.append(pl.col(f"known_{module.id}") * (1 << bits))
            bits += len(module.indicators)
        score = lambda it: (pl.col(f"score_{it}") * 1e6).round().fill_null(0.0)
        first, last = job.yyyymm(self.at - 5), job.yyyymm(self.at - 1)
        household = pl.col("household_id")
        is_first = (household != household.shift(1)).fill_null(True).cast(pl.Int32)
        rows = stored.filter(pl.col("period").is_between(first, last)).select(
            household, tag=total(known) + self.month() * SET_SIZE + is_first * FIRST,
            is_last=(household != household.shift(-1)).fill_null(True),
            **{f"y_{it}": score(it) for it in self.modules}).collect(engine="streaming")
        at = rows["is_last"].arg_true()
        past = self.taken(rows, at, 0).with_columns(rows["household_id"].gather(at))
        today = self.judged(self.rows(panel, 1)).drop("is_last")
        lanes = today.join(past.lazy(), on="household_id", how="left", maintain_order="left")
        lagged = [f"{it}_{lane}" for lane in LANES for it in self.lagged()]
        return lanes.with_columns(pl.col("tag_1").is_not_null().alias("has_past"),
                                  *(pl.col(it).fill_null(0) for it in lagged))

    def lagged(self):
        """Columns that a trend looks back at."""
        return ["tag"] + [f"y_{it}" for it in self.modules]

    def taken(self, rows, at, up):
        """The lanes of rows `at`, the first lane being so many rows up. Above the top row there is
        none; what is taken there instead lies beyond a household's first row and is not used."""
        at = at.cast(pl.Int64)
        places = {lane: (at - (lane - 1 + up)).clip(lower_bound=0) for lane in LANES}
        return pl.DataFrame([rows[it].gather(place).alias(f"{it}_{lane}")
                             for lane, place in places.items() for it in self.lagged()])

    def trended(self, lanes):
        """Weight of what is known, slope and whether most steps go up, of every module. x and y
        are counted from today's point, which then adds nothing to any sum."""
        tag = lambda lane: pl.col(f"tag_{lane}")
        is_own = [pl.col("has_past")]
        for lane in LANES[:-1]:
            is_own.append(is_own[-1] & (tag(lane) < FIRST))
        apart = {f"d_{lane}": (((tag(lane) // SET_SIZE) & 7) - 5).cast(pl.Float64)
                 for lane in LANES}
        differs = {f"other_{lane}": pl.when(own).then(tag(lane).xor(pl.col("tag")))
                   .otherwise(SET_SIZE - 1) for lane, own in zip(LANES, is_own)}
        lanes = lanes.with_columns(j=(pl.col("tag") // SET_SIZE) & 7, **apart, **differs)
        bits = 0
        for module in self.work.modules:
            size = len(module.indicators)
            mask = ((1 << size) - 1) << bits
            bits += size
            lanes = self.trend(lanes, module, mask)
        return lanes

    def trend(self, lanes, module, mask):
        """One module's trend, layer upon layer, so that nothing is made twice."""
        y = pl.col(f"y_{module.id}")
        d = {lane: pl.col(f"d_{lane}") for lane in LANES}
        z = {lane: pl.col(f"z{lane}") for lane in LANES}
        e = {lane: pl.col(f"e{lane}") for lane in LANES}
        lanes = lanes.with_columns(**{
            f"z{lane}": ((pl.col(f"other_{lane}") & mask) == 0).cast(pl.Float64) for lane in LANES})
        lanes = lanes.with_columns(**{
            f"e{lane}": z[lane] * (pl.col(f"y_{module.id}_{lane}") - y) for lane in LANES})
        # Going back from today, `last` is the rise of the last month that matched; a step went up
        # where the month before it lies lower.
        ups, last = [(e[1] < 0).cast(pl.Float64)], e[1]
        for lane in LANES[1:]:
            lanes = lanes.with_columns(last.alias(f"last{lane}"))
            last = pl.col(f"last{lane}")
            ups.append(z[lane] * (last > e[lane]).cast(pl.Float64))
            last = last + z[lane] * (e[lane] - last)
        known = (pl.col("tag") & mask).bitwise_count_ones().cast(pl.Float64)
        lanes = lanes.with_columns(
            n=1 + total(z.values()), sx=total(z[lane] * d[lane] for lane in LANES),
            sxx=total(z[lane] * d[lane] * d[lane] for lane in LANES), sy=total(e.values()),
            sxy=total(e[lane] * d[lane] for lane in LANES), ups=total(ups), count=known)
        n, sx, sxx, sy, sxy = (pl.col(it) for it in ("n", "sx", "sxx", "sy", "sxy"))
        lanes = lanes.with_columns(slope=(n * sxy - sx * sy) / (n * sxx - sx * sx))
        slope = pl.col("slope").round(0, mode="half_away_from_zero")
        has_slope = (n >= job.TREND["min_known"]) & (pl.col("count") > 0)
        return lanes.with_columns(**{
            f"w_{module.id}": pl.col("count") * (module.weight / len(module.indicators)),
            f"t_{module.id}": pl.when(has_slope).then(slope),
            f"is_up_{module.id}": pl.col("ups") > (n - 1) * job.TREND["steps_up_min"],
        })

    def ranked(self, rows):
        """Composite, whether a module worsens, and every indicator's contribution."""
        weight = {it: pl.col(f"w_{it}") for it in self.modules}
        rows = rows.with_columns(known=total(weight.values()))
        points = total(weight[it] * pl.col(f"y_{it}") for it in self.modules)
        steep = [(pl.col(f"t_{it}") >= self.work.slope_min * 1e6) & pl.col(f"is_up_{it}")
                 for it in self.modules]
        parts = {}
        for module in self.work.modules:
            own = total(pl.col(f"s_{it.id}") for it in module.indicators)
            part = weight[module.id] * pl.col(f"y_{module.id}")
            parts[f"f_{module.id}"] = part / ((pl.col("known") + TINY) * (own + TINY))
        rows = rows.with_columns(
            composite=(points / (pl.col("known") + TINY) + 0.5).floor(),
            worsens=pl.any_horizontal(*(it.fill_null(False) for it in steep)), **parts)
        # A contribution in millionths with the indicator's place below it: distinct whole numbers
        # that sort as reasons do.
        ranks, place = {}, len(self.work.indicators)
        for module in self.work.modules:
            for it in module.indicators:
                part = (pl.col(f"f_{module.id}") * pl.col(f"s_{it.id}") + 0.5).floor()
                ranks[f"c_{place}"] = (part * 16 + place).cast(pl.Int32)
                place -= 1
        return rows.with_columns(**ranks)

    def coded(self, rows):
        """The three greatest contributions as one number, four bits each."""
        places = range(1, len(self.work.indicators) + 1)
        tops = []
        for _ in range(3):
            left = [pl.col(f"c_{it}") for it in places]
            if tops:
                left = [it * (it < pl.col(tops[-1])).cast(pl.Int32) for it in left]
            tops.append(f"top_{len(tops) + 1}")
            rows = rows.with_columns(pl.max_horizontal(left).alias(tops[-1]))
        # Nothing contributes below 16: then only the place is left.
        digit = lambda it: (pl.col(it) & 15) * (pl.col(it) >= 16).cast(pl.Int32)
        return rows.with_columns(code=total(digit(it) * 16 ** (2 - at)
                                            for at, it in enumerate(tops)))

    def scored(self, lanes):
        """From lanes to the result."""
        rows = self.coded(self.ranked(self.trended(lanes)))
        edges = [round(it * 1e6) for it in self.work.edges]
        within = round(self.work.lift_within * 1e6)
        composite, is_now = pl.col("composite"), pl.col("j") == 5
        near = pl.any_horizontal(*(composite.is_between(it - within, it - 1) for it in edges[:3]))
        own = total((composite >= edge).cast(pl.Int32) for edge in edges)
        own = own + (pl.col("worsens") & near).cast(pl.Int32)
        least = (self.work.min_confidence * 1e6 - 0.5) * self.work.weight / 1e6
        own = pl.when(is_now & (pl.col("known") >= least)).then(own).otherwise(-1)
        forced = (pl.when(pl.col("v_income_to_line") < 0.6).then(4)
                  .when(pl.col("s_housing") >= 59.9999995).then(3).otherwise(-1))
        forced = pl.when(is_now).then(forced).otherwise(-1)
        # Numbers become texts by taking them from a list, all six at once.
        bands = pl.Series(["unknown", *job.BANDS])
        band = pl.lit(bands).gather(pl.max_horizontal(own, forced) + 1)
        now = lambda condition, value: pl.when(is_now & condition).then(value)
        return rows.select(
            "household_id",
            now(pl.col("known") > 0, composite / 1e6).alias("composite"),
            band.alias("band"),
            *(now(pl.col(f"w_{it}") > 0, pl.col(f"y_{it}") / 1e6).alias(f"score_{it}")
              for it in self.modules),
            *(now(True, pl.col(f"t_{it}") / 1e6).alias(f"trend_{it}") for it in self.modules),
            pl.lit(self.reasons()).gather(
                pl.when(is_now).then(pl.col("code")).otherwise(0)).alias("reasons"))

    def reasons(self):
        """Every text that three places can make, at the place of its code."""
        ids = [None] + [it.id for it in reversed(self.work.indicators)]
        texts = [None] * 4096
        for first in range(1, len(ids)):
            for second in range(len(ids)):
                for third in range(len(ids)):
                    named = [ids[it] for it in (first, second, third) if ids[it]]
                    texts[first * 256 + second * 16 + third] = ";".join(named)
        return pl.Series(texts)


def main():
    """Runs the job as asked."""
    asked = harness.arguments("Polars")
    work = job.load()
    read = lambda path: pl.scan_parquet(path)
    panel = read(asked.panel)
    stored = read(asked.stored) if asked.stored else None
    period = asked.period or panel.select(pl.col("period").max()).collect().item()
    if asked.stored:
        # One dictionary type on both sides of the join.
        kind = panel.collect_schema()["household_id"]
        stored = stored.with_columns(pl.col("household_id").cast(kind))
    if asked.from_memory:
        panel = panel.collect().lazy()
        stored = stored.collect().lazy() if asked.stored else None
    query = Query(work, period)
    result = []

    def run():
        lanes = query.stored_lanes(panel, stored) if asked.stored else query.lanes(panel)
        result[:] = [query.scored(lanes).collect(engine="streaming")]
        if not asked.from_memory:
            result[0].write_parquet(asked.out, compression="snappy")

    def finish():
        if asked.from_memory:
            result[0].write_parquet(asked.out, compression="snappy")
        return result[0].height

    harness.measure(asked, "polars", pl.__version__, "shifted rows, two collects", run, finish)


if __name__ == "__main__":
    main()
