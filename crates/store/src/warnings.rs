//! Warnings as they were raised, and what people said of them.

use crate::error::Result;
use crate::insert::Column;
use crate::transaction::Tx;
use crate::value::{Row, Value};
use crate::within::Within;

/// A warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningRow {
    /// Its id, the same as long as its spell lasts.
    pub warning_id: String,
    /// The household.
    pub household_id: String,
    /// The period it was last found in.
    pub period: i64,
    /// The household's area.
    pub area_code: Option<String>,
    /// Number of the greatest urgency among its rules.
    pub urgency: i64,
    /// Number of the household's band.
    pub band: i64,
    /// The same one period earlier.
    pub previous_band: i64,
    /// Millionths of a point.
    pub composite: i64,
    /// Millionths of one.
    pub confidence: i64,
    /// The strongest kind among its rules.
    pub kind: String,
    /// First period of the spell.
    pub first_period: i64,
    /// Rules that hold, by `;`.
    pub rules: String,
    /// Indicators that contribute most, by `;`.
    pub reasons: String,
    /// Where it stands.
    pub state: String,
    /// Its place in the order of the period it was last ranked in.
    pub rank: Option<i64>,
    /// Whether that place lies within the budget.
    pub within_budget: Option<i64>,
    /// When it was first raised, in microseconds.
    pub raised_at: i64,
    /// When somebody took note.
    pub acknowledged_at: Option<i64>,
    /// Who.
    pub acknowledged_by: Option<String>,
    /// Who is to see to it.
    pub assignee: Option<String>,
    /// Held back until then, in microseconds.
    pub suppressed_until: Option<i64>,
    /// Who held it back.
    pub suppressed_by: Option<String>,
    /// Why.
    pub suppressed_reason: Option<String>,
}

const COLUMNS: &str = "warning_id, household_id, period, area_code, urgency, band, previous_band, \
                       composite, confidence, kind, first_period, rules, reasons, state, \
                       rank, within_budget, raised_at, acknowledged_at, acknowledged_by, \
                       assignee, suppressed_until, suppressed_by, suppressed_reason";

fn warning(row: &Row<'_>) -> Result<WarningRow> {
    let some = |column: usize| row.opt_text(column).map(|it| it.map(str::to_owned));
    Ok(WarningRow {
        warning_id: row.text(0)?.to_owned(),
        household_id: row.text(1)?.to_owned(),
        period: row.int(2)?,
        area_code: some(3)?,
        urgency: row.int(4)?,
        band: row.int(5)?,
        previous_band: row.int(6)?,
        composite: row.int(7)?,
        confidence: row.int(8)?,
        kind: row.text(9)?.to_owned(),
        first_period: row.int(10)?,
        rules: row.text(11)?.to_owned(),
        reasons: row.text(12)?.to_owned(),
        state: row.text(13)?.to_owned(),
        rank: row.opt_int(14)?,
        within_budget: row.opt_int(15)?,
        raised_at: row.int(16)?,
        acknowledged_at: row.opt_int(17)?,
        acknowledged_by: some(18)?,
        assignee: some(19)?,
        suppressed_until: row.opt_int(20)?,
        suppressed_by: some(21)?,
        suppressed_reason: some(22)?,
    })
}

/// Writes warnings; one with the same id is replaced.
pub fn put(tx: &mut Tx<'_>, rows: &[WarningRow]) -> Result<()> {
    let text = |of: fn(&WarningRow) -> &str| Column::Texts(rows.iter().map(of).collect());
    let some =
        |of: fn(&WarningRow) -> Option<&str>| Column::OptTexts(rows.iter().map(of).collect());
    let int = |of: fn(&WarningRow) -> i64| Column::Ints(rows.iter().map(of).collect());
    let columns = [
        ("warning_id", text(|it| &it.warning_id)),
        ("household_id", text(|it| &it.household_id)),
        ("period", int(|it| it.period)),
        ("area_code", some(|it| it.area_code.as_deref())),
        ("urgency", int(|it| it.urgency)),
        ("band", int(|it| it.band)),
        ("previous_band", int(|it| it.previous_band)),
        ("composite", int(|it| it.composite)),
        ("confidence", int(|it| it.confidence)),
        ("kind", text(|it| &it.kind)),
        ("first_period", int(|it| it.first_period)),
        ("rules", text(|it| &it.rules)),
        ("reasons", text(|it| &it.reasons)),
        ("state", text(|it| &it.state)),
        ("rank", Column::OptInts(rows.iter().map(|it| it.rank).collect())),
        ("within_budget", Column::OptInts(rows.iter().map(|it| it.within_budget).collect())),
        ("raised_at", int(|it| it.raised_at)),
        ("acknowledged_at", Column::OptInts(rows.iter().map(|it| it.acknowledged_at).collect())),
        ("acknowledged_by", some(|it| it.acknowledged_by.as_deref())),
        ("assignee", some(|it| it.assignee.as_deref())),
        ("suppressed_until", Column::OptInts(rows.iter().map(|it| it.suppressed_until).collect())),
        ("suppressed_by", some(|it| it.suppressed_by.as_deref())),
        ("suppressed_reason", some(|it| it.suppressed_reason.as_deref())),
    ];
    let replaced: Vec<String> =
        columns.iter().skip(1).map(|(name, _)| format!("{name} = excluded.{name}")).collect();
    let conflict = format!("ON CONFLICT (warning_id) DO UPDATE SET {}", replaced.join(", "));
    tx.insert("warnings", &columns, &conflict).map(drop)
}

/// A warning.
pub fn by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<WarningRow>> {
    let sql = format!("SELECT {COLUMNS} FROM warnings WHERE warning_id = ?1");
    tx.one(&sql, &[id.into()], warning)
}

/// Warnings of some households, by household and id.
pub fn of_households(tx: &mut Tx<'_>, households: &[&str]) -> Result<Vec<WarningRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM warnings WHERE household_id IN {{texts}} \
         ORDER BY household_id, warning_id"
    );
    let mut found = Vec::new();
    tx.each_of(&sql, &[], households, &mut |row| {
        found.push(warning(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Which warnings are wanted; what is absent limits nothing.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// In these areas.
    pub within: &'a Within,
    /// In this state; any that has not ended where absent.
    pub state: Option<&'a str>,
    /// Of households in this band.
    pub band: Option<i64>,
    /// Of this kind.
    pub kind: Option<&'a str>,
    /// With this rule among theirs.
    pub rule: Option<&'a str>,
    /// For this user to see to; empty: for nobody yet.
    pub assignee: Option<&'a str>,
    /// Held back at this instant (microseconds), or not.
    pub suppressed: Option<(bool, i64)>,
    /// Overdue alone: at this instant, raised before that one (see [`Waiting::overdue`]).
    pub overdue: Option<(i64, i64)>,
    /// After this one: urgency, composite and id.
    pub after: Option<(i64, i64, &'a str)>,
    /// At most so many.
    pub most: i64,
}

impl<'a> Wanted<'a> {
    /// All that have not ended in some areas.
    pub fn of(within: &'a Within) -> Self {
        Self {
            within,
            state: None,
            band: None,
            kind: None,
            rule: None,
            assignee: None,
            suppressed: None,
            overdue: None,
            after: None,
            most: i64::MAX,
        }
    }

    /// The conditions, with their values added to those of the statement.
    fn condition(&self, values: &mut Vec<Value<'a>>) -> String {
        let mut parts = vec![self.within.condition("area_code", values)];
        let mut add = |value: Value<'a>, condition: &dyn Fn(usize) -> String| {
            values.push(value);
            parts.push(condition(values.len()));
        };
        match self.state {
            Some(state) => add(state.into(), &|it| format!("state = ?{it}")),
            None => add("ended".into(), &|it| format!("state <> ?{it}")),
        }
        if let Some(band) = self.band {
            add(band.into(), &|it| format!("band = ?{it}"));
        }
        if let Some(kind) = self.kind {
            add(kind.into(), &|it| format!("kind = ?{it}"));
        }
        if let Some(rule) = self.rule {
            // Whole names: rules stand between semicolons.
            let held = "replace(';' || rules || ';'";
            add(rule.into(), &|it| {
                format!("{held}, ';' || CAST(?{it} AS TEXT) || ';', '') <> ';' || rules || ';'")
            });
        }
        if let Some(assignee) = self.assignee {
            add(assignee.into(), &|it| format!("coalesce(assignee, '') = ?{it}"));
        }
        if let Some((is_held, now)) = self.suppressed {
            let word = if is_held { ">" } else { "<=" };
            add(now.into(), &|it| format!("coalesce(suppressed_until, 0) {word} ?{it}"));
        }
        if let Some((now, before)) = self.overdue {
            values.extend([Value::from(now), before.into()]);
            parts.push(overdue(values.len() - 1, values.len()));
        }
        parts.join(" AND ")
    }
}

/// Nobody took note of a warning and it is not held back, at an instant in a place of the
/// statement.
fn waits(now: usize) -> String {
    format!("(state = 'open' AND coalesce(suppressed_until, 0) <= ?{now})")
}

/// It waits, and was raised before an instant in another place.
fn overdue(now: usize, before: usize) -> String {
    format!("({} AND raised_at < ?{before})", waits(now))
}

/// Warnings, the most urgent first: by urgency, composite and id.
pub fn list(tx: &mut Tx<'_>, wanted: &Wanted<'_>) -> Result<Vec<WarningRow>> {
    let mut values = Vec::new();
    let condition = wanted.condition(&mut values);
    let next = match wanted.after {
        None => "1 = 1".to_owned(),
        Some((urgency, composite, id)) => {
            values.extend([Value::from(urgency), composite.into(), id.into()]);
            let (c, b, a) = (values.len(), values.len() - 1, values.len() - 2);
            format!(
                "(urgency < ?{a} OR (urgency = ?{a} AND (composite < ?{b} OR \
                 (composite = ?{b} AND warning_id > ?{c}))))"
            )
        }
    };
    values.push(wanted.most.into());
    let sql = format!(
        "SELECT {COLUMNS} FROM warnings WHERE {condition} AND {next} \
         ORDER BY urgency DESC, composite DESC, warning_id LIMIT ?{}",
        values.len()
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(warning(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// Warnings that share what lists are filtered by, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Where they stand.
    pub state: String,
    /// Band of the household.
    pub band: i64,
    /// Kind.
    pub kind: String,
    /// Rules, by `;`.
    pub rules: String,
    /// Who is to see to them.
    pub assignee: Option<String>,
    /// The area.
    pub area_code: Option<String>,
    /// Whether they are held back.
    pub is_suppressed: bool,
    /// Whether they are overdue.
    pub is_overdue: bool,
    /// How many.
    pub count: i64,
}

/// Warnings in some areas that have not ended, counted by everything that lists are filtered by;
/// `now` says which are held back, `before` which are overdue.
pub fn groups(tx: &mut Tx<'_>, within: &Within, now: i64, before: i64) -> Result<Vec<Group>> {
    let mut values = vec![now.into(), before.into()];
    let condition = within.condition("area_code", &mut values);
    let sql = format!(
        "SELECT state, band, kind, rules, assignee, area_code, CAST(held AS BIGINT), \
         CAST(late AS BIGINT), count(*) FROM \
         (SELECT state, band, kind, rules, assignee, area_code, \
          CASE WHEN coalesce(suppressed_until, 0) > ?1 THEN 1 ELSE 0 END AS held, \
          CASE WHEN {overdue} THEN 1 ELSE 0 END AS late \
          FROM warnings WHERE state <> 'ended' AND {condition}) AS those \
         GROUP BY state, band, kind, rules, assignee, area_code, held, late",
        overdue = overdue(1, 2)
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(Group {
            state: row.text(0)?.to_owned(),
            band: row.int(1)?,
            kind: row.text(2)?.to_owned(),
            rules: row.text(3)?.to_owned(),
            assignee: row.opt_text(4)?.map(str::to_owned),
            area_code: row.opt_text(5)?.map(str::to_owned),
            is_suppressed: row.int(6)? != 0,
            is_overdue: row.int(7)? != 0,
            count: row.int(8)?,
        });
        Ok(())
    })?;
    Ok(found)
}

/// How many warnings have ended in some areas.
pub fn ended(tx: &mut Tx<'_>, within: &Within) -> Result<i64> {
    let mut values = Vec::new();
    let condition = within.condition("area_code", &mut values);
    let sql = format!("SELECT count(*) FROM warnings WHERE state = 'ended' AND {condition}");
    Ok(tx.one(&sql, &values, |row| row.int(0))?.unwrap_or(0))
}

/// Warnings that stand in an area and wait for somebody to take note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The area; nothing where the household has none.
    pub area_code: Option<String>,
    /// Nobody took note, and they are not held back.
    pub waiting: i64,
    /// Of those, raised before an instant.
    pub overdue: i64,
    /// Warnings that stand, within the budget of the period they were last ranked in.
    pub within_budget: i64,
}

/// Warnings that stand, by area: `now` says which are held back, `before` which are overdue.
pub fn waiting(tx: &mut Tx<'_>, within: &Within, now: i64, before: i64) -> Result<Vec<Waiting>> {
    let mut values = vec![now.into(), before.into()];
    let condition = within.condition("area_code", &mut values);
    let (waits, overdue) = (waits(1), overdue(1, 2));
    let sql = format!(
        "SELECT area_code, sum(CASE WHEN {waits} THEN 1 ELSE 0 END), \
         sum(CASE WHEN {overdue} THEN 1 ELSE 0 END), \
         sum(CASE WHEN within_budget = 1 THEN 1 ELSE 0 END) \
         FROM warnings WHERE state <> 'ended' AND {condition} GROUP BY area_code ORDER BY 1"
    );
    let mut found = Vec::new();
    tx.each(&sql, &values, &mut |row| {
        found.push(Waiting {
            area_code: row.opt_text(0)?.map(str::to_owned),
            waiting: row.int(1)?,
            overdue: row.int(2)?,
            within_budget: row.int(3)?,
        });
        Ok(())
    })?;
    Ok(found)
}

/// Calls `each` with all warnings, by household and id.
pub fn all(tx: &mut Tx<'_>, each: &mut dyn FnMut(WarningRow) -> Result<()>) -> Result<()> {
    let sql = format!("SELECT {COLUMNS} FROM warnings ORDER BY household_id, warning_id");
    tx.each(&sql, &[], &mut |row| each(warning(row)?))
}
