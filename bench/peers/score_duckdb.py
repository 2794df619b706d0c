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
TINY = "1e-300::DOUBLE"
# A row's tag: ten bits of the known set, then the month 0 to 5, then whether it is a first row.
SET_SIZE = 1024
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
    """Severity, 0 where unknown: a NULL passes every WHEN by. Most rows are beyond `none`, so that
    comes first. Sums of greatest() cost twice as much, products of comparisons half as much again."""
    within, past = ("<=", ">") if indicator.is_rising else (">=", "<")
    cases = [f"WHEN {value} {within} {number(indicator.none)} THEN {number(0)}"]
    for end, intercept, slope in indicator.lines():
        line = f"{number(intercept)} + {number(slope)} * {value}"
        cases.append(f"WHEN {value} {within} {number(end)} THEN {line}")
    flat, bound = indicator.last
    cases.append(f"WHEN {value} {past} {number(bound)} THEN {number(flat)}")
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
            # 0 where nothing is known; any other count swallows the 1e-300.
            mean = f"({total}) / ({known} + {TINY})"
            scored.append(f"floor({mean} * 1e6 + 0.5) AS y_{module.id}")
        bits = [f"k_{id} * {number(1 << bit)}" for bit, id in enumerate(ids)]
        tag = f"({' + '.join(bits)})::INTEGER + j * {SET_SIZE} + is_first * {8 * SET_SIZE} AS tag"
        severities = [f"{severity(it, f'v_{it.id}')} AS s_{it.id}" for it in self.work.indicators]
        known = [f"(v_{id} IS NOT NULL)::DOUBLE AS k_{id}" for id in ids]
        keep = ["household_id", "is_first", "j", "v_income_to_line"]
        query = select(keep + severities + known, self.values(source, months))
        keep = ["household_id", "v_income_to_line"]
        return select(keep + [f"s_{id}" for id in ids] + [tag] + scored, query)

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
        return select(["household_id", "is_first", "j"] + columns,
                      self.means(source, months))

    def means(self, source, months):
        """Sums and counts over three calendar months of the two attributes that look back."""
        first = job.yyyymm(self.at - months - 1)
        rows = (f"SELECT household_id, {self.month()} AS j, net_income_12m AS income,"
                f" coalesce(net_income_12m, 0)::DOUBLE AS i0,"
                f" (net_income_12m IS NOT NULL)::INTEGER AS ik0,"
                f" coalesce(months_worked_12m, 0)::DOUBLE AS w0,"
                f" (months_worked_12m IS NOT NULL)::INTEGER AS wk0, {', '.join(RAW)}"
                f" FROM {source} AND period BETWEEN {first} AND {job.yyyymm(self.at)}")
        lags = [f"lag({it}0, {back}, 0) OVER () AS {it}{back}"
                for it in ("i", "ik", "w", "wk") for back in (1, 2)]
        lags += ["lag(j, 1) OVER () AS j1", "lag(j, 2) OVER () AS j2"]
        lags += ["lag(household_id) OVER () AS h1"]
        rows = select(["*"] + lags, rows)
        # Only one comparison of texts a row: what is true one row up is a lag of this one.
        rows = select(["*", "(h1 IS NOT DISTINCT FROM household_id)::INTEGER AS same1"], rows)
        rows = select(["*", "lag(same1, 1, 0) OVER () AS same2"]
                      + (["lead(same1) OVER () AS next_same"] if months == 1 else []), rows)
        use = ["CASE WHEN j1 >= j - 2 THEN same1 ELSE 0 END AS u1",
               "CASE WHEN j2 >= j - 2 THEN same1 * same2 ELSE 0 END AS u2",
               "(same1 = 0 OR j1 < 0)::INTEGER AS is_first"]
        latest = "coalesce(next_same, 0) = 0"
        rows = select(["*"] + use, rows, f"WHERE {'j >= 0' if months > 1 else latest}")
        over = lambda it: f"{it}0 + u1 * {it}1 + u2 * {it}2"
        sums = [f"{over('i')} AS income_sum", f"{over('ik')} AS income_known",
                f"{over('w')} AS worked_sum", f"{over('wk')} AS worked_known"]
        return select(["household_id", "j", "is_first", "income"] + RAW + sums, rows)

    def month(self):
        """Months since five before the assessed one; less than a year lies between, so the turn of
        the year is one comparison, which costs less than a division."""
        last = job.yyyymm(self.at)
        return f"period - {last - 5} + (period < {last // 100 * 100})::INTEGER * 88"

    def lanes(self, source):
        """One row a household, its latest: beside it its earlier months, lane i being i rows up."""
        lagged = ["tag"] + [f"y_{it}" for it in self.modules]
        lags = [f"lag({it}, {lane}, 0) OVER () AS {it}_{lane}" for lane in LANES for it in lagged]
        rows = select(["*", "lead(tag) OVER () AS next_tag"] + lags, self.judged(source, 6))
        return select(["*", f"tag < {8 * SET_SIZE} AS has_past"], rows,
                      f"WHERE next_tag IS NULL OR next_tag >= {8 * SET_SIZE}")

    def stored_lanes(self, source, stored):
        """As `lanes`, with the earlier months from a table of stored module scores."""
        known, bits = [], 0
        for module in self.work.modules:
            known.append(f"known_{module.id} * {1 << bits}")
            bits += len(module.indicators)
        scores = [f"coalesce(round(score_{it} * 1e6), 0) AS y_{it}" for it in self.modules]
        rows = (f"SELECT household_id, {self.month()} AS j, {' + '.join(known)} AS known_set,"
                f" {', '.join(scores)} FROM {stored} AND period BETWEEN {job.yyyymm(self.at - 5)}"
                f" AND {job.yyyymm(self.at - 1)}")
        first = "(lag(household_id) OVER () IS DISTINCT FROM household_id)::INTEGER AS is_first"
        tag = f"known_set + j * {SET_SIZE} + is_first * {8 * SET_SIZE} AS tag"
        rows = select(["*", tag], select(["*", first], rows))
        lagged = ["tag"] + [f"y_{it}" for it in self.modules]
        lags = [f"lag({it}, {lane - 1}, 0) OVER () AS {it}_{lane}" for lane in LANES
                for it in lagged]
        rows = select(["household_id", "lead(tag) OVER () AS next_tag"] + lags, rows)
        rows = select(["*"], rows, f"WHERE next_tag IS NULL OR next_tag >= {8 * SET_SIZE}")
        earlier = [f"coalesce({it}_{lane}, 0) AS {it}_{lane}" for lane in LANES for it in lagged]
        return (f"SELECT today.*, {', '.join(earlier)}, past.household_id IS NOT NULL AS has_past"
                f" FROM ({self.judged(source, 1)}) today"
                f" LEFT JOIN ({rows}) past ON today.household_id = past.household_id")

    def is_own(self, lane):
        """Whether a lane holds the same household: no first row lies between it and today's."""
        return " AND ".join(["has_past"] + [f"tag_{it} < {8 * SET_SIZE}" for it in range(1, lane)])

    def matched(self, lanes):
        """Per lane its distance in months, and in `other` a bit for each indicator that is known
        in only one of the two months; all bits where the lane is another household's."""
        keep = ["household_id", "v_income_to_line"]
        keep += [f"s_{it.id}" for it in self.work.indicators]
        keep += [f"y_{it}" for it in self.modules]
        keep += [f"y_{it}_{lane}" for it in self.modules for lane in LANES]
        own = ["(tag >> 10) & 7 AS j", f"tag & {SET_SIZE - 1} AS known_set"]
        own += [f"(((tag_{lane} >> 10) & 7) - 5)::DOUBLE AS d_{lane}" for lane in LANES]
        for lane in LANES:
            differs = f"xor(tag_{lane}, tag) & {SET_SIZE - 1}"
            own.append(f"CASE WHEN {self.is_own(lane)} THEN {differs} ELSE {SET_SIZE - 1} END AS other_{lane}")
        return select(keep + own, lanes)

    def scored(self, lanes):
        """From lanes to the result, one module after the other: what is worked on at a time then
        stays in the cache, which took a third off this part."""
        query, bits = self.matched(lanes), 0
        keep = ["household_id", "j", "v_income_to_line", "known_set"]
        keep += [f"s_{it.id}" for it in self.work.indicators]
        keep += [f"y_{it}" for it in self.modules]
        wide = [f"{it}_{lane}" for lane in LANES for it in ("d", "other")]
        for at, module in enumerate(self.work.modules):
            rest = [f"y_{it}_{lane}" for it in self.modules[at + 1:] for lane in LANES]
            query = self.trended(query, module, bits, keep + wide + rest)
            keep += [f"{part}_{module.id}" for part in ("w", "t", "is_up")]
            bits += len(module.indicators)
        return self.banded(self.composed(query, keep))

    def trended(self, query, module, bits, keep):
        """Weight of what is known, slope and whether most steps go up, of one module. x and y are
        counted from today's point, which then adds nothing to any sum. Matches are 0 or 1 and
        multiplied, because CASE costs more."""
        size = len(module.indicators)
        mask = ((1 << size) - 1) << bits
        match = [f"(other_{lane} & {mask} = 0)::DOUBLE AS z{lane}" for lane in LANES]
        apart = [f"y_{module.id}_{lane} - y_{module.id} AS r{lane}" for lane in LANES]
        query = select(keep + match + apart, query)
        match = [f"z{lane}" for lane in LANES]
        rise = [f"z{lane} * r{lane} AS e{lane}" for lane in LANES]
        shift = [f"z{lane} * d_{lane} AS x{lane}" for lane in LANES]
        query = select(keep + match + rise + shift, query)
        # Going back from today, `last` is the rise of the last month that matched; a step went up
        # where the month before it lies lower.
        last = "0::DOUBLE"
        for lane in LANES[:-1]:
            carry = f"{last} + z{lane} * (e{lane} - {last}) AS last{lane}"
            query = select(["*", carry], query)
            last = f"last{lane}"
        over = lambda term: " + ".join(term(lane) for lane in LANES)
        before = lambda lane: f"last{lane - 1}" if lane > 1 else "0"
        sums = [f"1 + {over(lambda i: f'z{i}')} AS n", f"{over(lambda i: f'x{i}')} AS sx",
                f"{over(lambda i: f'x{i} * d_{i}')} AS sxx", f"{over(lambda i: f'e{i}')} AS sy",
                f"{over(lambda i: f'e{i} * d_{i}')} AS sxy",
                f"{over(lambda i: f'z{i} * ({before(i)} > e{i})::DOUBLE')} AS ups",
                f"bit_count(known_set & {mask})::DOUBLE AS known"]
        query = select(keep + sums, query)
        slope = (f"CASE WHEN n >= {job.TREND['min_known']} AND known > 0 THEN"
                 f" round((n * sxy - sx * sy) / (n * sxx - sx * sx)) END")
        columns = [f"known * {number(module.weight / size)} AS w_{module.id}",
                   f"{slope} AS t_{module.id}",
                   f"ups > {number(job.TREND['steps_up_min'])} * (n - 1) AS is_up_{module.id}"]
        return select(keep + columns, query)

    def composed(self, query, keep):
        """Composite, whether a module worsens, and the code of the three greatest contributions."""
        known = " + ".join(f"w_{it}" for it in self.modules)
        query = select(["*", f"{known} AS known"], query)
        total = " + ".join(f"w_{it} * y_{it}" for it in self.modules)
        steep = number(self.work.slope_min * 1e6)
        columns = [f"floor(({total}) / (known + {TINY}) + 0.5) AS composite",
                   " OR ".join(f"(t_{it} >= {steep} AND is_up_{it})" for it in self.modules)
                   + " AS worsens"]
        for module in self.work.modules:
            own = " + ".join(f"s_{it.id}" for it in module.indicators)
            part = f"w_{module.id} * y_{module.id} / ((known + {TINY}) * ({own} + {TINY}))"
            columns.append(f"{part} AS f_{module.id}")
        severities = [f"s_{it.id}" for it in self.work.indicators]
        rest = [it for it in keep if it not in severities and not it.startswith("is_up")]
        rest += ["known"]
        query = select(rest + severities + columns, query)
        # A contribution in millionths with the indicator's place below it: distinct whole numbers
        # that sort as reasons do.
        rest += ["composite", "worsens", "s_housing"]
        ranks, place = [], len(self.work.indicators)
        for module in self.work.modules:
            for it in module.indicators:
                points = f"floor(f_{module.id} * s_{it.id} + 0.5)"
                ranks.append(f"{points} * 16 + {place} AS c_{place}")
                place -= 1
        places = range(1, len(self.work.indicators) + 1)
        query = select(rest + ranks, query)
        greatest = lambda below: f"greatest({', '.join(below(it) for it in places)})"
        columns = [f"c_{it}" for it in places]
        query = select(rest + columns + [f"{greatest(lambda it: f'c_{it}')} AS top_1"], query)
        for top in (1, 2):
            after = greatest(lambda it: f"c_{it} * (c_{it} < top_{top})::DOUBLE")
            tops = [f"top_{it}" for it in range(1, top + 1)]
            query = select(rest + columns + tops + [f"{after} AS top_{top + 1}"], query)
        # Nothing contributes below 16: then only the place is left.
        code = " + ".join(f"(top_{it}::INTEGER & 15) * (top_{it} >= 16)::INTEGER * {16 ** (3 - it)}"
                          for it in (1, 2, 3))
        return select(rest + [f"{code} AS code"], query)

    def banded(self, query):
        """Bands as numbers 0 to 4, -1 unknown; then the result's columns."""
        edges = [round(it * 1e6) for it in self.work.edges]
        within = round(self.work.lift_within * 1e6)
        own = " + ".join(f"(composite >= {edge})::INTEGER" for edge in edges)
        near = " OR ".join(f"composite BETWEEN {it - within} AND {it - 1}" for it in edges[:3])
        least = (self.work.min_confidence * 1e6 - 0.5) * self.work.weight / 1e6
        own = (f"CASE WHEN j = 5 AND known >= {number(least)} THEN"
               f" {own} + (coalesce(worsens, false) AND ({near}))::INTEGER ELSE -1 END")
        forced = ("CASE WHEN j < 5 THEN -1 WHEN v_income_to_line < 0.6 THEN 4"
                  " WHEN s_housing >= 59.9999995 THEN 3 ELSE -1 END")
        query = select(["*", f"{own} AS own", f"{forced} AS forced"], query)
        names = " ".join(f"WHEN {at} THEN '{it}'" for at, it in enumerate(job.BANDS))
        band = f"CASE CASE WHEN own > forced THEN own ELSE forced END {names} ELSE 'unknown' END"
        scores = [f"CASE WHEN j = 5 AND w_{it} > 0 THEN y_{it} / 1e6 END AS score_{it}"
                  for it in self.modules]
        trends = [f"CASE WHEN j = 5 THEN t_{it} / 1e6 END AS trend_{it}" for it in self.modules]
        columns = ["household_id",
                   "CASE WHEN j = 5 AND known > 0 THEN composite / 1e6 END AS composite",
                   f"{band} AS band"]
        return select(columns + scores + trends + ["CASE WHEN j = 5 THEN code ELSE 0 END AS code"],
                      query)


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
    # The texts are joined after the union: a join inside it makes the halves wait for each other.
    sql = " UNION ALL ".join(query.scored(it) for it in lanes)
    sql = f"SELECT * EXCLUDE code FROM ({sql}) JOIN reason USING (code)"
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
