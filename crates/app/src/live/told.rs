//! Warnings in words, out of the scores that are stored beside them.

use super::detail::{Cell, Detail};
use super::{Live, warned};
use crate::sentences::{self, Known};
use crate::words::Both;
use base::{AreaCode, Diagnostic, Period};
use monitor::explain::Value;
use pack::Pack;
use std::collections::BTreeMap;
use store::Tx;
use store::scores::{self, ScoreRow};
use store::warnings::WarningRow;

impl Live {
    /// The reason of each of some warnings as a sentence, by id of the warning.
    ///
    /// # Errors
    /// Those of the database.
    pub fn reasons(
        &self,
        tx: &mut Tx<'_>,
        rows: &[WarningRow],
    ) -> Result<BTreeMap<String, Both>, Diagnostic> {
        let periods = || rows.iter().filter(|it| it.state != warned::ENDED).map(|it| it.period);
        let range = (periods().min().unwrap_or(0), periods().max().unwrap_or(0));
        let households: Vec<&str> = rows.iter().map(|it| it.household_id.as_str()).collect();
        let found = scores::of_households(tx, &households, range)?;
        let scores: BTreeMap<(&str, i64), &ScoreRow> =
            found.iter().map(|it| ((it.household_id.as_str(), it.period), it)).collect();
        let sentence = |it: &WarningRow| {
            let score = scores.get(&(it.household_id.as_str(), it.period));
            // In the words of the policy that judged it.
            let pack = score.map_or_else(|| self.pack(), |it| self.pack_of(&it.pack));
            let detail = score.and_then(|it| Detail::from_bytes(&it.detail));
            (it.warning_id.clone(), reason(&pack, it, detail.as_ref()))
        };
        Ok(rows.iter().map(sentence).collect())
    }
}

/// The rule of the warning's kind speaks; of a band the indicator that weighs most.
fn reason(pack: &Pack, row: &WarningRow, detail: Option<&Detail>) -> Both {
    let row_of = |attribute: usize| match detail?.panel.get(attribute)? {
        Cell::Unknown => None,
        Cell::Number(it) => Some(Value::Number(*it)),
        Cell::Boolean(it) => Some(Value::Boolean(*it)),
        Cell::Text(it) => Some(Value::Text(it.clone())),
    };
    let prefix = format!("{}.", row.kind);
    let rule = row.rules.split(';').find_map(|it| it.strip_prefix(&prefix));
    let trigger = rule.filter(|_| row.kind == "trigger");
    if let Some(it) = trigger.and_then(|id| pack.triggers.iter().find(|it| it.id == id)) {
        return sentences::of_trigger(&it.label, it.department.as_deref());
    }
    let weighs = row.reasons.split(';').next().filter(|it| !it.is_empty());
    let indicator = rule.or(weighs).and_then(|it| pack.indicator(it));
    match indicator {
        Some(index) => {
            let area = row.area_code.as_ref().map(AreaCode::new);
            let period = Period::from_index(pack.period_kind, row.period as i32);
            let known = Known { pack, period, area: area.as_ref(), row: &row_of };
            sentences::of_indicator(&pack.indicators[index], None, &known)
        }
        None => Both { en: row.rules.replace(';', ", "), zh: row.rules.replace(';', "、") },
    }
}
