//! Which warnings are asked for, and their list in the order of urgency.

use super::{COLUMNS, WarningRow, warning};
use crate::error::Result;
use crate::transaction::Tx;
use crate::value::Value;
use crate::within::Within;

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
    /// Overdue alone: at this instant, raised before that one (see [`super::Waiting`]).
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
pub(super) fn waits(now: usize) -> String {
    format!("(state = 'open' AND coalesce(suppressed_until, 0) <= ?{now})")
}

/// It waits, and was raised before an instant in another place.
pub(super) fn overdue(now: usize, before: usize) -> String {
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
