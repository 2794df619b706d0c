"""The job in DuckDB: `python score_duckdb.py PANEL.parquet OUT.parquet --runs 5`.

The form that is kept is made of streaming windows. `lag(…) OVER ()`, without partition or order,
takes rows as they come; as the panel is sorted, the rows before a household's row are its earlier
months, and neither a sort nor a hash of the millions of panel rows is needed.
A streaming window runs on one thread, so the panel is cut at a household in the middle and both
halves run side by side under one UNION ALL. That asks for `preserve_insertion_order = false`: with
it on, the halves wait for each other. Within a half one thread reads the file in its order.

TIMES
"""

import duckdb

import harness
import job

# Lags that a trend looks back over, and months that a mean does.
LANES = range(1, 6)
# Stands for a ratio at its far end; every scale ends long before.
FAR = "1e300::DOUBLE"
RAW = [
    "members", "medical_self_pay_12m", "debt_total", "employed_members", "able_members",
    "project_income_ratio", "business_loss_ratio", "housing_grade", "water_litres",
    "school_absent_days",
]


def number(value):
    """A literal that is a DOUBLE, and not a DECIMAL, to DuckDB."""
    return f"{float(value)!r}::DOUBLE"


def select(columns, source, tail=""):
    """One layer of the query. Layers keep an expression that is used twice from being made twice."""
    return f"SELECT {', '.join(columns)} FROM ({source}) {tail}"


def severity(indicator, value):
    """Severity, 0 where unknown. CASE beats sums of least() and greatest() more than three times;
    the far end stands first so that the last branch serves both `beyond none` and NULL."""
    is_rising = indicator.anchors[-1][1] > indicator.none
    beyond = ">=" if is_rising else "<="
    last, bound = indicator.anchors[-1]
    cases = [f"WHEN {value} {beyond} {number(bound)} THEN {number(last)}"]
    for low, start, slope in reversed(indicator.lines()):
        line = f"{number(low - slope * start)} + {number(slope)} * {value}"
        cases.append(f"WHEN {value} {beyond} {number(start)} THEN {line}")
    return f"CASE {' '.join(cases)} ELSE {number(0)} END"


def ratio(a, b):
    """The pack's division."""
    return (f"CASE WHEN {b} > 0 THEN {a}::DOUBLE / {b} "
            f"WHEN {b} <= 0 AND {a} > 0 THEN {FAR} END")


class Query:
    """Builds the SQL of the job at one period."""

    def __init__(self, work, period):
        self.work = work
        self.at = job.months(period)
        self.modules = [it.id for it in work.modules]

    def judged(self, source, months):
        """Severities, known set and rounded module scores (in millionths) of the last `months`
        months, or with 1 of each household's latest row; j is 5 in the period itself, and
        `is_first` marks a household's first row."""
        ids = [it.id for it in self.work.indicators]
        scored = []
        for module in self.work.modules:
            total = " + ".join(f"s_{it.id}" for it in module.indicators)
            known = " + ".join(f"k_{it.id}" for it in module.indicators)
            scored.append(f"CASE WHEN {known} > 0 THEN floor(({total}) / ({known}) * 1e6 + 0.5) "
                          f"ELSE {number(0)} END AS y_{module.id}")
        bits = " + ".join(f"k_{id} * {1 << bit}" for bit, id in enumerate(ids))
        severities = [f"{severity(it, f'v_{it.id}')} AS s_{it.id}" for it in self.work.indicators]
        known = [f"(v_{id} IS NOT NULL)::INTEGER AS k_{id}" for id in ids]
        keep = ["household_id", "is_first", "j", "v_income_to_line"]
        query = select(keep + severities + known, self.values(source, months))
        return select(keep + [f"s_{id}" for id in ids] + [f"{bits} AS known_set"] + scored, query)

    def values(self, source, months):
        """Every indicator's value, NULL where unknown."""
        values = {
            "debt_ratio": ratio("debt_total", "income"),
            "income_to_line": "CASE WHEN income_known >= 1 AND members <> 0 THEN income_sum"
                              f" / income_known / members / {number(self.work.income_line)} END",
            "self_pay_burden": ratio("medical_self_pay_12m", "income"),
            "employment": ratio("employed_members", "able_members"),
            "months_worked": "CASE WHEN worked_known >= 2 THEN worked_sum / worked_known END",
            "business_loss": "business_loss_ratio::DOUBLE",
            "project_income": "project_income_ratio::DOUBLE",
            "housing": "housing_grade::DOUBLE",
            "school_absence": "school_absent_days::DOUBLE",
            "water": "water_litres::DOUBLE",
        }
        columns = [f"{value} AS v_{id}" for id, value in values.items()]
        return select(["household_id", "is_first", "j"] + columns, self.means(source, months))

    def means(self, source, months):
        """Sums and counts over three calendar months of the two attributes that look back."""
        j = f"(period // 100 * 12 + period % 100 - {self.at - 4})"
        first = job.yyyymm(self.at - months - 1)
        rows = (f"SELECT household_id, {j} AS j, net_income_12m AS income,"
                f" coalesce(net_income_12m, 0)::DOUBLE AS i0,"
                f" (net_income_12m IS NOT NULL)::INTEGER AS ik0,"
                f" coalesce(months_worked_12m, 0)::DOUBLE AS w0,"
                f" (months_worked_12m IS NOT NULL)::INTEGER AS wk0, {', '.join(RAW)}"
                f" FROM {source} AND period BETWEEN {first} AND {job.yyyymm(self.at)}")
        lags = [f"lag({it}0, {back}, 0) OVER () AS {it}{back}"
                for it in ("i", "ik", "w", "wk") for back in (1, 2)]
        lags += ["lag(j, 1) OVER () AS j1", "lag(j, 2) OVER () AS j2"]
        lags += ["lag(household_id) OVER () AS h1", "lead(household_id) OVER () AS next_household"]
        rows = select(["*"] + lags, rows)
        # Only one comparison of texts a row: what is true one row up is a lag of this one.
        rows = select(["*", "(h1 IS NOT DISTINCT FROM household_id)::INTEGER AS same1"], rows)
        rows = select(["*", "lag(same1, 1, 0) OVER () AS same2"], rows)
        use = ["CASE WHEN j1 >= j - 2 THEN same1 ELSE 0 END AS u1",
               "CASE WHEN j2 >= j - 2 THEN same1 * same2 ELSE 0 END AS u2",
               "same1 = 0 OR j1 < 0 AS is_first"]
        latest = "next_household IS DISTINCT FROM household_id"
        rows = select(["*"] + use, rows, f"WHERE {'j >= 0' if months > 1 else latest}")
        over = lambda it: f"{it}0 + u1 * {it}1 + u2 * {it}2"
        sums = [f"{over('i')} AS income_sum", f"{over('ik')} AS income_known",
                f"{over('w')} AS worked_sum", f"{over('wk')} AS worked_known"]
        return select(["household_id", "j", "is_first", "income"] + RAW + sums, rows)

    def lanes(self, source):
        """One row a household, its latest: beside it its earlier months, lane i being i rows up."""
        lagged = ["j", "known_set"] + [f"y_{it}" for it in self.modules]
        lags = [f"lag({it}, {lane}, 0) OVER () AS {it}_{lane}" for lane in LANES for it in lagged]
        lags += [f"lag(is_first, {lane}, true) OVER () AS is_first_{lane}" for lane in LANES]
        rows = select(["*", "lead(household_id) OVER () AS next_household"] + lags,
                      self.judged(source, 6))
        rows = select(["*"], rows, "WHERE next_household IS DISTINCT FROM household_id")
        # `other_i` has a bit set where the known sets differ; all of them for another household.
        chain = ["NOT is_first"] + [f"NOT is_first_{lane}" for lane in LANES]
        other = [f"CASE WHEN {' AND '.join(chain[:lane])} THEN xor(known_set_{lane}, known_set)"
                 f" ELSE -1 END AS other_{lane}" for lane in LANES]
        return select(["*"] + other, rows)

    def stored_lanes(self, source, stored):
        """As `lanes`, with the earlier months from a table of stored module scores."""
        today = self.judged(source, 1)
        offsets = [sum(len(it.indicators) for it in self.work.modules[:at])
                   for at in range(len(self.modules))]
        known = " + ".join(f"known_{it} * {1 << by}" for it, by in zip(self.modules, offsets))
        scores = [f"coalesce(round(score_{it} * 1e6), 0) AS y_{it}" for it in self.modules]
        rows = (f"SELECT household_id, (period // 100 * 12 + period % 100 - {self.at - 4}) AS j,"
                f" {known} AS known_set, {', '.join(scores)} FROM {stored} AND period BETWEEN"
                f" {job.yyyymm(self.at - 5)} AND {job.yyyymm(self.at - 1)}")
        lagged = ["j", "known_set"] + [f"y_{it}" for it in self.modules]
        rows = select(["*", "(lag(household_id) OVER () IS DISTINCT FROM household_id) AS is_first",
                       "lead(household_id) OVER () AS next_household"], rows)
        lags = [f"lag({it}, {lane - 1}, 0) OVER () AS {it}_{lane}" for lane in LANES
                for it in lagged]
        lags += [f"lag(is_first, {lane - 1}, true) OVER () AS is_first_{lane}" for lane in LANES]
        rows = select(["household_id", "next_household"] + lags, rows)
        rows = select(["*"], rows, "WHERE next_household IS DISTINCT FROM household_id")
        chain = ["past.household_id IS NOT NULL"] + [f"NOT is_first_{lane}" for lane in LANES]
        other = [f"CASE WHEN {' AND '.join(chain[:lane])} THEN xor(known_set_{lane}, known_set)"
                 f" ELSE -1 END AS other_{lane}" for lane in LANES]
        earlier = [f"coalesce({it}_{lane}, 0) AS {it}_{lane}" for lane in LANES
                   for it in ["j"] + [f"y_{it}" for it in self.modules]]
        return (f"SELECT today.*, {', '.join(earlier + other)} FROM ({today}) today"
                f" LEFT JOIN ({rows}) past ON today.household_id = past.household_id")

    def scored(self, lanes):
        """From lanes to the result. Match and sums are products of 0 and 1: CASE costs more."""
        ids = [it.id for it in self.work.indicators]
        keep = ["household_id", "j", "v_income_to_line", "known_set"] + [f"s_{id}" for id in ids]
        keep += [f"y_{it}" for it in self.modules]
        match, apart = [], [f"(j_{lane} - 5)::DOUBLE AS d_{lane}" for lane in LANES]
        bits = 0
        for module in self.work.modules:
            mask = ((1 << len(module.indicators)) - 1) << bits
            bits += len(module.indicators)
            match += [f"(other_{lane} & {mask} = 0)::DOUBLE AS z_{module.id}_{lane}"
                      for lane in LANES]
            apart += [f"y_{module.id}_{lane} - y_{module.id} AS r_{module.id}_{lane}"
                      for lane in LANES]
        query = select(keep + match + apart, lanes)
        rise = [f"z_{it}_{lane} * r_{it}_{lane} AS e_{it}_{lane}" for it in self.modules
                for lane in LANES]
        matched = [f"z_{it}_{lane}" for it in self.modules for lane in LANES]
        query = select(keep + matched + [f"d_{lane}" for lane in LANES] + rise, query)
        return self.banded(self.composed(self.summed(query, keep), keep))

    def summed(self, query, keep):
        """Sums of each trend, with x and y counted from today's point, which then adds nothing."""
        sums, weights, bits = [], [], 0
        over = lambda term: " + ".join(term(lane) for lane in LANES)
        for module in self.work.modules:
            it = module.id
            sums += [f"1 + {over(lambda i: f'z_{it}_{i}')} AS n_{it}",
                     f"{over(lambda i: f'z_{it}_{i} * d_{i}')} AS sx_{it}",
                     f"{over(lambda i: f'z_{it}_{i} * d_{i} * d_{i}')} AS sxx_{it}",
                     f"{over(lambda i: f'e_{it}_{i}')} AS sy_{it}",
                     f"{over(lambda i: f'e_{it}_{i} * d_{i}')} AS sxy_{it}"]
            size = len(module.indicators)
            count = " + ".join(f"((known_set >> {bits + at}) & 1)" for at in range(size))
            weights.append(f"({count})::DOUBLE * {number(module.weight / size)} AS w_{it}")
            bits += size
        lanes = [f"{part}_{it}_{lane}" for part in "ze" for it in self.modules for lane in LANES]
        query = select(keep + lanes + sums + weights, query)
        slopes = [f"CASE WHEN j = 5 AND n_{it} >= {job.TREND['min_known']} AND w_{it} > 0 THEN"
                  f" round((n_{it} * sxy_{it} - sx_{it} * sy_{it})"
                  f" / (n_{it} * sxx_{it} - sx_{it} * sx_{it})) END AS t_{it}"
                  for it in self.modules]
        known = " + ".join(f"w_{it}" for it in self.modules)
        rest = [f"w_{it}" for it in self.modules] + [f"n_{it}" for it in self.modules]
        return select(keep + lanes + rest + slopes + [f"{known} AS known"], query)

    def composed(self, query, keep):
        """Composite, whether a module worsens, and every indicator's contribution."""
        total = " + ".join(f"w_{it} * y_{it}" for it in self.modules)
        composite = f"CASE WHEN j = 5 AND known > 0 THEN floor(({total}) / known + 0.5) END"
        parts = []
        for module in self.work.modules:
            own = " + ".join(f"s_{it.id}" for it in module.indicators)
            parts.append(f"w_{module.id} * y_{module.id} / known / ({own}) AS f_{module.id}")
        worsens = " + ".join(self.worsens(it) for it in self.modules)
        slopes = [f"t_{it}" for it in self.modules] + [f"w_{it}" for it in self.modules]
        query = select(keep + slopes + ["known", f"{composite} AS composite",
                                        f"{worsens} AS worsens"] + parts, query)
        # A contribution in millionths with the indicator's place below it: distinct whole numbers
        # that sort as reasons do. Without severity in a module 0/0 is NaN; nothing is added then.
        ranks, place = [], len(self.work.indicators)
        for module in self.work.modules:
            for it in module.indicators:
                points = f"floor(f_{module.id} * s_{it.id} + 0.5)"
                ranks.append(f"(CASE WHEN s_{it.id} > 0 THEN {points} ELSE 0 END)::INTEGER * 16"
                             f" + {place} AS c_{place}")
                place -= 1
        keep = [it for it in keep if it not in {f"s_{i.id}" for i in self.work.indicators}]
        keep += slopes + ["known", "composite", "worsens", "s_housing"]
        places = range(1, len(self.work.indicators) + 1)
        query = select(keep + ranks, query)
        greatest = lambda below: f"greatest({', '.join(below(it) for it in places)})"
        columns = [f"c_{it}" for it in places]
        query = select(keep + columns + [f"{greatest(lambda it: f'c_{it}')} AS top_1"], query)
        for top in (1, 2):
            after = greatest(lambda it: f"c_{it} * (c_{it} < top_{top})::INTEGER")
            tops = [f"top_{it}" for it in range(1, top + 1)]
            query = select(keep + columns + tops + [f"{after} AS top_{top + 1}"], query)
        code = " + ".join(f"CASE WHEN top_{it} >= 16 THEN (top_{it} & 15) * {16 ** (3 - it)}"
                          f" ELSE 0 END" for it in (1, 2, 3))
        return select(keep + [f"CASE WHEN j = 5 THEN {code} ELSE 0 END AS code"], query)

    def worsens(self, it):
        """1 where a module worsens. From today backwards: c is the last matching month's rise, and
        a step goes up where the month before it lies lower. Only looked at where it is steep."""
        last, ups = "0", []
        for lane in LANES:
            ups.append(f"z_{it}_{lane} * ({last} > e_{it}_{lane})::DOUBLE")
            last = f"CASE WHEN z_{it}_{lane} = 1 THEN e_{it}_{lane} ELSE {last} END"
        steep = f"t_{it} >= {number(self.work.slope_min * 1e6)}"
        most = f"({' + '.join(ups)}) > {number(job.TREND['steps_up_min'])} * (n_{it} - 1)"
        return f"CASE WHEN {steep} THEN ({most})::INTEGER ELSE 0 END"

    def banded(self, query):
        """Bands as numbers 0 to 4, -1 unknown; then the result's columns."""
        edges = [round(it * 1e6) for it in self.work.edges]
        within = round(self.work.lift_within * 1e6)
        own = " ".join(f"WHEN composite >= {edge} THEN {band}"
                       for band, edge in reversed(list(enumerate(edges, 1))))
        near = " OR ".join(f"composite BETWEEN {it - within} AND {it - 1}" for it in edges[:3])
        least = f"{self.work.min_confidence * 1e6} - 0.5"
        own = (f"CASE WHEN j = 5 AND known * {1e6 / self.work.weight} >= {least} THEN"
               f" CASE {own} ELSE 0 END + CASE WHEN worsens > 0 AND ({near}) THEN 1 ELSE 0 END"
               f" ELSE -1 END")
        forced = ("CASE WHEN j < 5 THEN -1 WHEN v_income_to_line < 0.6 THEN 4"
                  " WHEN s_housing >= 59.9999995 THEN 3 ELSE -1 END")
        query = select(["*", f"{own} AS own", f"{forced} AS forced"], query)
        names = " ".join(f"WHEN {at} THEN '{it}'" for at, it in enumerate(job.BANDS))
        band = f"CASE CASE WHEN own > forced THEN own ELSE forced END {names} ELSE 'unknown' END"
        scores = [f"CASE WHEN j = 5 AND w_{it} > 0 THEN y_{it} / 1e6 END AS score_{it}"
                  for it in self.modules]
        trends = [f"t_{it} / 1e6 AS trend_{it}" for it in self.modules]
        columns = ["household_id", "composite / 1e6 AS composite", f"{band} AS band"]
        return select(columns + scores + trends + ["reasons"], query, "JOIN reason USING (code)")


def reasons(work):
    """All texts that three places can make, so that joining strings is done once and not a million
    times: a table of (code, reasons)."""
    ids = [None] + [it.id for it in reversed(work.indicators)]
    texts = [(0, None)]
    for first in range(1, len(ids)):
        for second in range(len(ids)):
            for third in range(len(ids)):
                named = [ids[it] for it in (first, second, third) if ids[it]]
                texts.append((first * 256 + second * 16 + third, ";".join(named)))
    return texts


def middle(connection, panel):
    """The first household of the middle row group, from the file's footer; None for one group."""
    groups = connection.execute(
        "SELECT stats_min_value FROM parquet_metadata(?) WHERE path_in_schema = 'household_id'"
        " ORDER BY row_group_id", [panel]).fetchall()
    return groups[len(groups) // 2][0] if len(groups) > 1 else None


def main():
    """Runs the job as asked."""
    asked = harness.arguments("DuckDB")
    work = job.load()
    connection = duckdb.connect()
    connection.execute(f"SET threads = {asked.threads}; SET preserve_insertion_order = false")
    connection.execute("CREATE TABLE reason (code INTEGER, reasons VARCHAR)")
    connection.executemany("INSERT INTO reason VALUES (?, ?)", reasons(work))
    panel = f"read_parquet('{asked.panel}')"
    stored = f"read_parquet('{asked.stored}')"
    period = asked.period
    if period is None:
        period = connection.execute(f"SELECT max(period) FROM {panel}").fetchall()[0][0]
    cut = middle(connection, asked.panel)
    if asked.from_memory:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute(f"CREATE TABLE panel AS FROM {panel}")
        panel = "panel"
        if asked.stored:
            connection.execute(f"CREATE TABLE stored AS FROM {stored}")
            stored = "stored"
        connection.execute("SET preserve_insertion_order = false")
    query = Query(work, period)
    halves = [f"household_id < '{cut}'", f"household_id >= '{cut}'"] if cut else ["true"]
    if asked.stored:
        lanes = [query.stored_lanes(f"{panel} WHERE {half}", f"{stored} WHERE {half}")
                 for half in halves]
    else:
        lanes = [query.lanes(f"{panel} WHERE {half}") for half in halves]
    sql = " UNION ALL ".join(query.scored(it) for it in lanes)
    copy = f"TO '{asked.out}' (FORMAT parquet, COMPRESSION snappy)"
    timed = f"CREATE OR REPLACE TABLE result AS {sql}" if asked.from_memory else f"COPY ({sql}) {copy}"

    def finish():
        if asked.from_memory:
            connection.execute(f"COPY result {copy}")
        return connection.execute(f"SELECT count(*) FROM '{asked.out}'").fetchall()[0][0]

    form = "streaming windows, two halves" if cut else "streaming windows"
    harness.measure(asked, "duckdb", duckdb.__version__, form,
                    lambda: connection.execute(timed).fetchall(), finish)


if __name__ == "__main__":
    main()
