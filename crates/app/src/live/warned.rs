//! Warnings of households as they stand now, against those that were raised before.

use super::{Act, Live};
use base::codes::live as codes;
use base::{AreaCode, Diagnostic};
use monitor::warnings::Warning;
use serde_json::json;
use std::collections::BTreeMap;
use store::Tx;
use store::events::{self, EventRow};
use store::warnings::{self, WarningRow};

/// Nobody took note yet.
pub const OPEN: &str = "open";
/// Somebody took note.
pub const ACKNOWLEDGED: &str = "acknowledged";
/// Its rules do not hold any more.
pub const ENDED: &str = "ended";

impl Live {
    /// Notes, as part of a transaction, that somebody took note of a warning. A second time changes
    /// nothing.
    ///
    /// # Errors
    /// No such warning, or one that has ended; those of the database.
    pub fn acknowledge_in(
        &self,
        tx: &mut Tx<'_>,
        warning_id: &str,
        act: &Act<'_>,
    ) -> Result<WarningRow, Diagnostic> {
        let found = warnings::by_id(tx, warning_id)?;
        let found = found.filter(|it| act.within.holds(it.area_code.as_deref()));
        let Some(mut row) = found.filter(|it| it.state != ENDED) else {
            let message = format!("there is no warning `{warning_id}` that still holds");
            let finding = Diagnostic::new(&codes::NO_SUCH_WARNING, message);
            return Err(finding.hint("warnings end when their rules do not hold any more"));
        };
        if row.state == ACKNOWLEDGED {
            return Ok(row);
        }
        ACKNOWLEDGED.clone_into(&mut row.state);
        row.acknowledged_at = Some(act.now);
        row.acknowledged_by = Some(act.actor.to_owned());
        warnings::put(tx, std::slice::from_ref(&row))?;
        let mut happened = [event("warning.acknowledged", &row, act.now)];
        events::append(tx, &mut happened)?;
        self.record(tx, act, "warning.acknowledge", Some(warning_id), warning_id.as_bytes())?;
        Ok(row)
    }

    /// Writes what changed among the warnings of some households, and tells it as events.
    pub(super) fn warn(
        &self,
        tx: &mut Tx<'_>,
        households: &[&str],
        found: &[Warning],
        act: &Act<'_>,
        events: &mut Vec<EventRow>,
    ) -> Result<(), Diagnostic> {
        let before = warnings::of_households(tx, households)?;
        let mut before: BTreeMap<String, WarningRow> =
            before.into_iter().map(|it| (it.warning_id.clone(), it)).collect();
        let mut changed = Vec::new();
        for warning in found {
            let known = before.remove(&warning.id);
            let row = row(warning, known.as_ref(), act.now);
            let kind = match &known {
                Some(known) if *known == row => continue,
                Some(known) if known.state != ENDED => "warning.changed",
                Some(_) | None => "warning.raised",
            };
            events.push(event(kind, &row, act.now));
            changed.push(row);
        }
        for (_, mut row) in before.into_iter().filter(|it| it.1.state != ENDED) {
            ENDED.clone_into(&mut row.state);
            (row.rank, row.within_budget) = (None, None);
            events.push(event("warning.ended", &row, act.now));
            changed.push(row);
        }
        warnings::put(tx, &changed)?;
        Ok(())
    }
}

/// A warning as it is stored, with what people said of it before.
fn row(warning: &Warning, known: Option<&WarningRow>, now: i64) -> WarningRow {
    let lasting = known.filter(|it| it.state != ENDED);
    let rules: Vec<&str> = warning.rules.iter().map(|it| it.rule.as_str()).collect();
    WarningRow {
        warning_id: warning.id.clone(),
        household_id: warning.household.clone(),
        period: warning.period.index().into(),
        area_code: warning.area.as_ref().map(AreaCode::to_string),
        urgency: warning.urgency as i64,
        band: warning.band as i64,
        previous_band: warning.previous_band as i64,
        composite: warning.composite.micros().into(),
        confidence: warning.confidence.micros().into(),
        kind: warning.kind.name().to_owned(),
        first_period: warning.first_period.index().into(),
        rules: rules.join(";"),
        reasons: warning.reasons.join(";"),
        state: lasting.map_or_else(|| OPEN.to_owned(), |it| it.state.clone()),
        rank: lasting.and_then(|it| it.rank),
        within_budget: lasting.and_then(|it| it.within_budget),
        raised_at: lasting.map_or(now, |it| it.raised_at),
        acknowledged_at: lasting.and_then(|it| it.acknowledged_at),
        acknowledged_by: lasting.and_then(|it| it.acknowledged_by.clone()),
        assignee: lasting.and_then(|it| it.assignee.clone()),
        suppressed_until: lasting.and_then(|it| it.suppressed_until),
        suppressed_by: lasting.and_then(|it| it.suppressed_by.clone()),
        suppressed_reason: lasting.and_then(|it| it.suppressed_reason.clone()),
    }
}

pub(super) fn event(kind: &str, row: &WarningRow, now: i64) -> EventRow {
    let body = json!({
        "warning_id": row.warning_id,
        "household_id": row.household_id,
        "urgency": row.urgency,
        "band": row.band,
        "previous_band": row.previous_band,
        "composite": row.composite as f64 / 1e6,
        "rules": row.rules.split(';').collect::<Vec<_>>(),
        "state": row.state,
    });
    EventRow {
        number: 0,
        at: now,
        kind: kind.to_owned(),
        area_code: row.area_code.clone(),
        household_id: Some(row.household_id.clone()),
        body: body.to_string(),
    }
}
