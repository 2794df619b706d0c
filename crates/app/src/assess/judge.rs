//! One chunk of households through indicators, scores and warnings.
//!
//! Pure: what it gives depends on the chunk and the request alone, not on the thread.

use super::rejects;
use super::summary::Summary;
use super::{Request, Stage, output};
use arrow::array::{Array, RecordBatch};
use base::{AreaCode, Band, Diagnostic, Period};
use monitor::scores::{Scored, score_into, table};
use monitor::stored::StoredPeriod;
use monitor::warnings::{self, Known, TriggerFact, Warning, triggers};
use monitor::{Evaluator, rows};
use pack::Pack;
use std::collections::BTreeSet;
use tables::{Lines, Reject};

/// Households to be judged.
pub struct Chunk {
    /// Panel rows of whole households.
    pub rows: RecordBatch,
    /// Where they stand.
    pub lines: Lines,
    /// Facts for triggers: household id, fact.
    pub facts: Vec<(String, TriggerFact)>,
    /// What was set aside on the way.
    pub rejects: Vec<Reject>,
    /// Input rows that it was made of.
    pub rows_read: u64,
    /// Kept scores of closed periods, where the rows do not reach back over those.
    pub stored: Option<Vec<StoredPeriod>>,
}

/// What one chunk gave.
#[derive(Default)]
pub struct Judged {
    /// Tables, where the request asks for them.
    pub panel: Option<RecordBatch>,
    pub indicators: Option<RecordBatch>,
    pub scores: Option<RecordBatch>,
    pub kept: Option<RecordBatch>,
    pub warnings: Vec<Warning>,
    pub rejects: Vec<Reject>,
    pub notes: Vec<Diagnostic>,
    pub summary: Summary,
}

/// What every chunk is judged by.
pub struct Job<'a> {
    pub evaluator: &'a Evaluator,
    pub request: &'a Request,
    pub period: Period,
    pub known: &'a Known,
    /// Households with a row that could not be read.
    pub rejected: BTreeSet<String>,
}

impl Job<'_> {
    /// Judges the households of a chunk; `scored` is room that is used again from chunk to chunk.
    pub fn judge(&self, chunk: Chunk, scored: &mut Vec<Scored>) -> Result<Judged, Diagnostic> {
        let pack = self.evaluator.pack();
        let distinct = rows::distinct(&chunk.rows)?;
        let mut judged = Judged { rejects: chunk.rejects, ..Judged::default() };
        judged.summary.rows = chunk.rows_read;
        judged.summary.collapsed = distinct.collapsed as u64;
        for conflict in &distinct.conflicts {
            let period = Period::from_index(pack.period_kind, conflict.period).to_string();
            judged.rejects.push(rejects::from_conflict(conflict, &chunk.lines, &period));
        }
        if self.request.until == Stage::Panel {
            judged.panel = Some(distinct.batch.clone());
        }
        let earlier = earlier_periods(pack, self.request.until);
        let assessed = match &chunk.stored {
            Some(stored) => self.evaluator.assess_reusing(&distinct.batch, self.period, stored)?,
            None => self.evaluator.assess_with_history(&distinct.batch, self.period, earlier)?,
        };
        score_into(&assessed, pack, scored);
        let scored = &*scored;
        if self.request.stored.is_some() {
            judged.kept = Some(monitor::stored::to_batch(&assessed, pack, scored)?);
        }
        judged.notes = assessed.diagnostics();
        if self.request.until >= Stage::Scores {
            let keys = self.evaluator.key_places();
            judged.scores = Some(table::to_batch(&assessed, pack, keys, scored)?);
        }
        if self.request.with_indicators || self.request.until == Stage::Indicators {
            judged.indicators = Some(output::indicators(&assessed, pack, scored)?);
        }
        self.count(&assessed, scored, &mut judged.summary);
        if self.request.until == Stage::Warnings {
            let facts = placed(&assessed, chunk.facts);
            let firings = triggers::firings(pack, &assessed, &facts)?;
            let found =
                warnings::from_scores(self.evaluator, &assessed, scored, &firings, self.known);
            judged.warnings = found.warnings;
            judged.summary.suppressed = found.suppressed;
            judged.summary.suppressed_rules = found.suppressed_rules;
        }
        Ok(judged)
    }

    fn count(&self, assessed: &monitor::Assessed, scored: &[Scored], summary: &mut Summary) {
        let pack = self.evaluator.pack();
        let areas = assessed.batch.column_by_name(rows::AREA);
        let areas = areas.and_then(|it| rows::Ids::of(it).ok().map(|ids| (it, ids)));
        let has_rejects = !self.rejected.is_empty();
        let mut slopes = Vec::new();
        // One look-up per code and not per household.
        let mut last: Option<(String, AreaCode)> = None;
        for (household, score) in scored.iter().enumerate() {
            summary.households += 1;
            summary.bands[score.band as usize] += 1;
            summary.without_row += u64::from(score.raw.row.is_none());
            if has_rejects && self.rejected.contains(assessed.household_id(household)) {
                summary.with_rejects.push(assessed.household_id(household).to_owned());
            }
            if self.request.until == Stage::Warnings {
                let before = self.period.offset(-1);
                let (own, _) = assessed.own_band(household, before, &mut slopes);
                let band = assessed.band(household, before, own, &mut slopes);
                summary.previous_bands[band as usize] += 1;
            }
            if let Some(row) = score.raw.row {
                for indicator in assessed.unknown_without_cause(self.period, row) {
                    let id = &pack.indicators[indicator].id;
                    *summary.arithmetic_unknown.entry(id.clone()).or_default() += 1;
                }
            }
            let row = score.raw.row.unwrap_or(assessed.households[household].end - 1);
            let code = areas.as_ref().filter(|it| it.0.is_valid(row)).map(|it| it.1.get(row));
            let Some(code) = code else { continue };
            if last.as_ref().is_none_or(|it| it.0 != code) {
                last = Some((code.to_owned(), county(pack, &AreaCode::new(code))));
            }
            let Some((_, area)) = &last else { continue };
            match summary.areas.get_mut(area) {
                Some(count) => count.bands[score.band as usize] += 1,
                None => {
                    let mut count = super::AreaCount::default();
                    count.bands[score.band as usize] += 1;
                    summary.areas.insert(area.clone(), count);
                }
            }
        }
        debug_assert!(summary.in_band(Band::Red) <= summary.households);
    }
}

/// The area that counts are made for: the pack's third level (a county in most code systems),
/// its last where it has fewer, else the code itself.
pub(crate) fn county(pack: &Pack, area: &AreaCode) -> AreaCode {
    let level = pack.area_levels.get(2).or(pack.area_levels.last());
    level.and_then(|it| area.at_length(*it)).unwrap_or_else(|| area.clone())
}

/// Periods that a stage looks at beyond those that the band depends on.
pub fn earlier_periods(pack: &Pack, until: Stage) -> u32 {
    if until == Stage::Warnings { pack.scoring.warnings.spell_periods } else { 0 }
}

/// Facts beside the position of their household in the assessment.
pub(crate) fn placed(
    assessed: &monitor::Assessed,
    facts: Vec<(String, TriggerFact)>,
) -> Vec<TriggerFact> {
    if facts.is_empty() {
        return Vec::new();
    }
    let positions: std::collections::BTreeMap<&str, usize> = (0..assessed.households.len())
        .map(|household| (assessed.household_id(household), household))
        .collect();
    let place = |(id, fact): (String, TriggerFact)| {
        positions.get(id.as_str()).map(|household| TriggerFact { household: *household, ..fact })
    };
    facts.into_iter().filter_map(place).collect()
}
