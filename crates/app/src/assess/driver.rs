//! Batches through the evaluator on several threads, results back in order.
//!
//! Partitions follow one another in the order of households. Each is evaluated by one thread and
//! handed over in its turn, so that the tables are the same whatever the number of threads.

use super::facts_input::FactFiles;
use super::output::{self, Outputs};
use super::rejects;
use super::summary::Summary;
use super::{Report, Request, Stage};
use crate::input::Files;
use crate::{Loaded, Refused};
use arrow::array::RecordBatch;
use base::codes::tables as table_codes;
use base::{AreaCode, Band, Diagnostic, Period};
use monitor::scores::{score_all, table};
use monitor::warnings::budget::Budgets;
use monitor::warnings::{self, Known, TriggerFact, Warning, triggers};
use monitor::{Evaluator, rows};
use pack::Pack;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tables::{Lines, ReadOptions, Reject, TableSpec};

/// Where households come from.
pub enum Source {
    /// Panel files.
    Panel {
        /// The files.
        files: Files,
        /// The columns wanted.
        spec: TableSpec,
    },
    /// Facts, from which the panel is made.
    Facts(FactFiles),
}

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
}

/// A stream of chunks in the order of households.
pub type Chunks = Box<dyn Iterator<Item = Result<Chunk, Diagnostic>> + Send>;

/// What one chunk gave.
#[derive(Default)]
struct Judged {
    panel: Option<RecordBatch>,
    indicators: Option<RecordBatch>,
    scores: Option<RecordBatch>,
    warnings: Vec<Warning>,
    rejects: Vec<Reject>,
    notes: Vec<Diagnostic>,
    summary: Summary,
}

/// Runs a source through the chain.
pub fn run(
    loaded: &Loaded,
    request: &Request,
    source: Source,
    period: Period,
    known: &Known,
    read: &ReadOptions,
) -> Result<Report, Refused> {
    // What the pack itself might do better is told by `check`, not by every run.
    let mut notes = Vec::new();
    let (partitions, early) = match &source {
        Source::Panel { files, spec } => {
            let inputs = files.open(spec)?;
            inputs.iter().for_each(|it| notes.extend(it.notes().iter().cloned()));
            panel_chunks(inputs, read)?
        }
        Source::Facts(facts) => {
            notes.extend(facts.left_out());
            facts.chunks(loaded.pack(), period, loaded.evaluator.history_depth(), None)?
        }
    };
    match assess(loaded, request, partitions, period, known, early, notes.clone()) {
        Err(findings) if is_unsorted(&findings) => {
            let Source::Panel { files, spec } = &source else { return Err(findings) };
            // Nothing was kept of the first attempt: its tables were never given their names.
            let read = ReadOptions { force_sort: true, ..read.clone() };
            let (partitions, early) = panel_chunks(files.open(spec)?, &read)?;
            notes.extend(findings);
            assess(loaded, request, partitions, period, known, early, notes)
        }
        other => other,
    }
}

fn is_unsorted(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|it| it.code == &table_codes::UNSORTED)
}

pub(crate) fn panel_chunks(
    inputs: Vec<tables::Input>,
    read: &ReadOptions,
) -> Result<(Vec<Chunks>, Vec<Reject>), Refused> {
    let aligned = tables::by_household(inputs, read).map_err(|it| vec![it])?;
    let chunks = aligned.partitions.into_iter().map(|partition| {
        let chunk = |batch: Result<tables::Batch, Diagnostic>| {
            batch.map(|it| Chunk {
                rows_read: it.rows.num_rows() as u64,
                rows: it.rows,
                lines: it.lines,
                facts: Vec::new(),
                rejects: Vec::new(),
            })
        };
        Box::new(partition.map(chunk)) as Chunks
    });
    Ok((chunks.collect(), aligned.rejects))
}

/// Batches of a partition that may wait for their turn: about a row group of scores.
const HELD_BATCHES: usize = 64;

type Turn = (SyncSender<Result<Judged, Diagnostic>>, Chunks);

fn assess(
    loaded: &Loaded,
    request: &Request,
    partitions: Vec<Chunks>,
    period: Period,
    known: &Known,
    rejects: Vec<Reject>,
    notes: Vec<Diagnostic>,
) -> Result<Report, Refused> {
    let (turns, results): (Vec<Turn>, Vec<Receiver<_>>) = partitions
        .into_iter()
        .map(|chunks| {
            let (sender, receiver) = sync_channel(HELD_BATCHES);
            ((sender, chunks), receiver)
        })
        .unzip();
    let turns = Mutex::new(turns.into_iter());
    let rejected = rejects.iter().filter_map(|it| it.household.clone()).collect();
    let job = Job { evaluator: &loaded.evaluator, request, period, known, rejected };
    let mut outputs = Outputs::new(request.out.as_deref(), request.format);
    let mut total = Judged { rejects, notes, ..Judged::default() };
    let finished = std::thread::scope(|scope| {
        for _ in 0..request.threads.max(1).min(results.len().max(1)) {
            scope.spawn(|| job.work(&turns));
        }
        // Dropping the receivers of a failed run stops the threads at their next hand-over.
        collect(results, &mut outputs, &mut total)
    });
    finished.map_err(|it| vec![it])?;
    finish(loaded, request, period, outputs, total)
}

fn collect(
    results: Vec<Receiver<Result<Judged, Diagnostic>>>,
    outputs: &mut Outputs,
    total: &mut Judged,
) -> Result<(), Diagnostic> {
    for receiver in results {
        for judged in receiver {
            let judged = judged?;
            let parts = [
                ("panel", &judged.panel),
                ("indicators", &judged.indicators),
                ("scores", &judged.scores),
            ];
            for (table, batch) in parts {
                if let Some(batch) = batch {
                    outputs.write(table, batch)?;
                }
            }
            total.warnings.extend(judged.warnings);
            total.rejects.extend(judged.rejects);
            for note in judged.notes {
                if !total.notes.contains(&note) {
                    total.notes.push(note);
                }
            }
            total.summary.add(judged.summary);
        }
    }
    Ok(())
}

fn finish(
    loaded: &Loaded,
    request: &Request,
    period: Period,
    mut outputs: Outputs,
    total: Judged,
) -> Result<Report, Refused> {
    let one = |it: Diagnostic| vec![it];
    let mut summary = total.summary;
    let households: std::collections::BTreeMap<AreaCode, u64> =
        summary.areas.iter().map(|(area, it)| (area.clone(), it.bands.iter().sum())).collect();
    let budget = &loaded.pack().scoring.warnings;
    let budgets = Budgets::new(budget, &households, summary.households, request.budget);
    let ranked = warnings::rank(total.warnings, &budgets);
    for it in &ranked {
        let level = it.warning.area.as_ref().map(|area| county(loaded.pack(), area));
        if let Some(area) = level.and_then(|it| summary.areas.get_mut(&it)) {
            *(if it.is_within_budget { &mut area.warned } else { &mut area.waiting }) += 1;
        }
    }
    if request.until == Stage::Warnings {
        let batch = warnings::table::to_batch(&ranked).map_err(one)?;
        outputs.write("warnings", &batch).map_err(one)?;
    }
    if !total.rejects.is_empty() {
        let batch = rejects::to_batch(&total.rejects).map_err(|error| {
            let message = format!("rejects could not be laid out: {error}");
            vec![Diagnostic::new(&table_codes::CANNOT_WRITE, message)]
        })?;
        outputs.write("rejects", &batch).map_err(one)?;
    }
    let written = outputs.finish().map_err(one)?;
    let (rejects, mut notes) = (total.rejects, total.notes);
    notes.extend(rejects::with_rejects(&summary.with_rejects));
    Ok(Report { period, summary, ranked, rejects, notes, written })
}

/// The area that counts are made for: the pack's third level (a county in most code systems),
/// its last where it has fewer, else the code itself.
pub(crate) fn county(pack: &Pack, area: &AreaCode) -> AreaCode {
    let level = pack.area_levels.get(2).or(pack.area_levels.last());
    level.and_then(|it| area.at_length(*it)).unwrap_or_else(|| area.clone())
}

struct Job<'a> {
    evaluator: &'a Evaluator,
    request: &'a Request,
    period: Period,
    known: &'a Known,
    /// Households with a row that could not be read.
    rejected: BTreeSet<String>,
}

impl Job<'_> {
    fn work(&self, turns: &Mutex<std::vec::IntoIter<Turn>>) {
        loop {
            let turn = turns.lock().map(|mut it| it.next());
            let Ok(Some((sender, chunks))) = turn else { return };
            for chunk in chunks {
                let judged = chunk.and_then(|it| self.judge(it));
                let is_failed = judged.is_err();
                if sender.send(judged).is_err() || is_failed {
                    return;
                }
            }
        }
    }

    fn judge(&self, chunk: Chunk) -> Result<Judged, Diagnostic> {
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
        let earlier = match self.request.until {
            Stage::Warnings => pack.scoring.warnings.spell_periods,
            _ => 0,
        };
        let assessed = self.evaluator.assess_with_history(&distinct.batch, self.period, earlier)?;
        let scored = score_all(&assessed, pack);
        judged.notes = assessed.diagnostics();
        if self.request.until >= Stage::Scores {
            let keys = self.evaluator.key_places();
            judged.scores = Some(table::to_batch(&assessed, pack, keys, &scored)?);
        }
        if self.request.with_indicators || self.request.until == Stage::Indicators {
            judged.indicators = Some(output::indicators(&assessed, pack, &scored)?);
        }
        self.count(&assessed, &scored, &mut judged.summary);
        if self.request.until == Stage::Warnings {
            let facts = placed(&assessed, chunk.facts);
            let firings = triggers::firings(pack, &assessed, &facts)?;
            let found =
                warnings::from_scores(self.evaluator, &assessed, &scored, &firings, self.known);
            judged.warnings = found.warnings;
            judged.summary.suppressed = found.suppressed;
            judged.summary.suppressed_rules = found.suppressed_rules;
        }
        Ok(judged)
    }

    fn count(
        &self,
        assessed: &monitor::Assessed,
        scored: &[monitor::scores::Scored],
        summary: &mut Summary,
    ) {
        let pack = self.evaluator.pack();
        let areas = assessed.batch.column_by_name(rows::AREA);
        let areas = areas.and_then(|it| rows::Ids::of(it).ok().map(|ids| (it, ids)));
        let mut slopes = Vec::new();
        // One look-up per code and not per household.
        let mut last: Option<(String, AreaCode)> = None;
        for (household, score) in scored.iter().enumerate() {
            summary.households += 1;
            summary.bands[score.band as usize] += 1;
            summary.without_row += u64::from(score.raw.row.is_none());
            if self.rejected.contains(assessed.household_id(household)) {
                summary.with_rejects.push(assessed.household_id(household).to_owned());
            }
            if self.request.until == Stage::Warnings {
                let before = self.period.offset(-1);
                let raw = assessed.raw(household, before, &mut slopes);
                let band = assessed.band(household, before, &raw, &mut slopes);
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
