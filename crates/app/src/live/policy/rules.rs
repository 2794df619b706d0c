//! How good each warning rule is: how often it warned, how soon somebody looked, what they found.

use crate::assess::county;
use crate::live::{Act, Live, warned};
use base::codes::run as codes;
use base::{AreaCode, Diagnostic};
use measures::wilson;
use monitor::warnings::budget::Budgets;
use pack::Pack;
use std::collections::BTreeMap;
use store::warnings::WarningRow;
use store::{Tx, Within, findings, scores};

/// What an officer may find behind a warning.
pub const FINDINGS: [&str; 3] = ["confirmed", "not_confirmed", "unknown"];
/// Level of the interval of a precision.
const LEVEL: f64 = 0.95;

/// A rule and what came of its warnings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleCount {
    /// Warnings raised.
    pub raised: u64,
    /// Warnings that somebody took note of.
    pub acknowledged: u64,
    /// Warnings that have ended.
    pub ended: u64,
    /// Warnings behind which somebody found what they say.
    pub confirmed: u64,
    /// Warnings behind which somebody found nothing.
    pub not_confirmed: u64,
    /// Days from raising to acknowledgement, of every acknowledged warning.
    days: Vec<f64>,
}

impl RuleCount {
    /// The share confirmed of those looked into, with its interval; `None` where nobody looked.
    pub fn precision(&self) -> Option<(f64, f64, f64)> {
        let judged = self.confirmed + self.not_confirmed;
        let interval = wilson(self.confirmed, judged, LEVEL).ok().flatten()?;
        Some((self.confirmed as f64 / judged as f64, interval.low, interval.high))
    }

    /// The median of days to acknowledgement.
    pub fn median_days(&self) -> Option<f64> {
        let mut days = self.days.clone();
        days.sort_by(f64::total_cmp);
        let middle = days.len() / 2;
        match days.len() {
            0 => None,
            it if it % 2 == 1 => Some(days[middle]),
            _ => Some((days[middle - 1] + days[middle]) / 2.0),
        }
    }

    fn add(&mut self, it: &findings::Counted) {
        self.raised += 1;
        self.ended += u64::from(it.state == warned::ENDED);
        if let Some(at) = it.acknowledged_at {
            self.acknowledged += 1;
            self.days.push((at - it.raised_at) as f64 / 86_400e6);
        }
        match it.finding.as_deref() {
            Some("confirmed") => self.confirmed += 1,
            Some("not_confirmed") => self.not_confirmed += 1,
            _ => {}
        }
    }
}

/// Warnings that stand in the period under watch, beside what can be visited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// Warnings that stand.
    pub standing: u64,
    /// Of those, acknowledged.
    pub acknowledged: u64,
    /// How many the pack lets be handed out; `None`: no budget.
    pub budget: Option<u64>,
}

/// Rules by id, all of them together, and the volume.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// By rule: `band`, `key.INDICATOR`, `trigger.ID`.
    pub rules: BTreeMap<String, RuleCount>,
    /// All warnings, each once.
    pub all: RuleCount,
    /// Beside the budget.
    pub volume: Volume,
}

impl Live {
    /// What came of the warnings of each rule within areas.
    ///
    /// # Errors
    /// Those of the database.
    pub fn rules(&self, within: &Within) -> Result<Rules, Diagnostic> {
        let pack = self.pack();
        self.store.read(|tx| {
            let mut rules = Rules::default();
            for id in ids(&pack) {
                rules.rules.insert(id, RuleCount::default());
            }
            findings::each(tx, within, &mut |it| {
                for rule in it.rules.split(';').filter(|it| !it.is_empty()) {
                    rules.rules.entry(rule.to_owned()).or_default().add(&it);
                }
                rules.all.add(&it);
                rules.volume.standing += u64::from(it.state != warned::ENDED);
                rules.volume.acknowledged += u64::from(it.state == warned::ACKNOWLEDGED);
                Ok(())
            })?;
            rules.volume.budget = self.budget(tx, &pack, within)?;
            Ok(rules)
        })
    }

    fn budget(
        &self,
        tx: &mut Tx<'_>,
        pack: &Pack,
        within: &Within,
    ) -> Result<Option<u64>, Diagnostic> {
        let Some((_, open)) = self.watched(tx)? else { return Ok(None) };
        let (mut households, mut total) = (BTreeMap::<AreaCode, u64>::new(), 0);
        for (area, _, count) in scores::counts(tx, open.index().into(), within)? {
            let count = count.unsigned_abs();
            total += count;
            if let Some(area) = area {
                *households.entry(county(pack, &AreaCode::new(area))).or_default() += count;
            }
        }
        Ok(Budgets::new(&pack.scoring.warnings, &households, total, None).overall)
    }

    /// Notes, as part of a transaction, that somebody took note of a warning and what they found.
    ///
    /// # Errors
    /// As [`Live::acknowledge_in`]; R006 where the finding is none.
    pub fn acknowledge_with(
        &self,
        tx: &mut Tx<'_>,
        warning_id: &str,
        finding: Option<&str>,
        act: &Act<'_>,
    ) -> Result<WarningRow, Diagnostic> {
        if let Some(finding) = finding.filter(|it| !FINDINGS.contains(it)) {
            let message = format!("`{finding}` is nothing that can be found");
            return Err(Diagnostic::new(&codes::BAD_OPTION, message)
                .hint(format!("one of {}", FINDINGS.join(", "))));
        }
        let row = self.acknowledge_in(tx, warning_id, act)?;
        let known = findings::of(tx, warning_id)?;
        if let Some(finding) = finding.filter(|it| known.as_deref() != Some(*it)) {
            findings::put(tx, warning_id, finding, act.actor, act.now)?;
            let what = format!("{warning_id} {finding}");
            self.record(tx, act, "warning.find", Some(warning_id), what.as_bytes())?;
        }
        Ok(row)
    }
}

/// Every rule that a pack can warn by.
fn ids(pack: &Pack) -> Vec<String> {
    let keys = pack.indicators.iter().filter(|it| !it.keys.is_empty());
    let keys = keys.map(|it| format!("key.{}", it.id));
    let triggers = pack.triggers.iter().map(|it| format!("trigger.{}", it.id));
    std::iter::once("band".to_owned()).chain(keys).chain(triggers).collect()
}

/// Names of a rule by language, where the pack knows it.
pub fn label_of(pack: &Pack, rule: &str) -> Vec<(String, String)> {
    let label = match rule.split_once('.') {
        Some(("key", id)) => pack.indicator(id).map(|it| &pack.indicators[it].label),
        Some(("trigger", id)) => pack.triggers.iter().find(|it| it.id == id).map(|it| &it.label),
        _ => None,
    };
    let band = || vec![("en".to_owned(), "Band".to_owned()), ("zh".to_owned(), "等级".to_owned())];
    label.map_or_else(band, |it| it.0.clone())
}
