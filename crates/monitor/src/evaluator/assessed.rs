//! Households judged in a period, and everything that can be asked of the judgement.
//!
//! Holds the columns of the batch under every set of parameter values that its periods need.
//! Judges nobody by itself: each answer is made of one row or of a household's own rows.

use super::Evaluator;
use crate::columns::Columns;
use crate::indicators::{self, Indicators, State};
use crate::inputs::Inputs;
use crate::program::{Bound, Program};
use crate::rows;
use crate::runs;
use crate::scores::bands::{self, Raw, RawScorer};
use crate::scores::{Contribution, ModuleRows, Scratch, Structure, modules};
use crate::severity;
use crate::stored::Earlier;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use base::{Band, Diagnostic, Period, Score};
use pack::Pack;
use std::ops::Range;
use std::sync::Arc;

/// The rows of a batch evaluated under one program.
struct Pass {
    program: Arc<Program>,
    columns: Columns,
    indicators: Indicators,
    modules: Vec<ModuleRows>,
}

/// Households judged in a period, with what is needed to explain it.
pub struct Assessed {
    pack: Arc<Pack>,
    structure: Arc<Structure>,
    key_bands: Arc<[Band]>,
    /// Columns of its score table.
    pub(crate) score_schema: SchemaRef,
    with_lift: bool,
    /// The period.
    pub at: Period,
    /// The rows that were looked at.
    pub batch: RecordBatch,
    /// Row ranges of the households, in order.
    pub households: Vec<Range<usize>>,
    periods: Vec<i32>,
    passes: Vec<(Vec<bool>, Pass)>,
    pub(super) earlier: Vec<Earlier>,
}

impl Assessed {
    pub(super) fn new(
        evaluator: &Evaluator,
        batch: &RecordBatch,
        at: Period,
        depth: u32,
    ) -> Result<Self, Diagnostic> {
        let (batch, households) = recent(batch, rows::households(batch)?, at, depth)?;
        let mut assessed = Self::empty(evaluator, batch, households, at)?;
        for at in Self::judged(evaluator, at, depth) {
            assessed.evaluate(evaluator, at)?;
        }
        Ok(assessed)
    }

    /// As [`Assessed::new`], of kept columns in place of a panel; `None` where they lack something.
    pub(crate) fn of_inputs(
        evaluator: &Evaluator,
        inputs: &Inputs,
    ) -> Result<Option<Self>, Diagnostic> {
        let (batch, households) = (inputs.batch.clone(), inputs.households.clone());
        let mut assessed = Self::empty(evaluator, batch, households, inputs.at)?;
        for at in Self::judged(evaluator, inputs.at, evaluator.history_depth()) {
            let epoch = Program::epoch(&assessed.pack, at);
            if assessed.passes.iter().any(|(it, _)| *it == epoch) {
                continue;
            }
            let program = evaluator.program(at)?;
            let columns = inputs.columns(&assessed.pack, &program.layout, program.at)?;
            let Some(columns) = columns else { return Ok(None) };
            assessed.pass_over(epoch, program, columns)?;
        }
        Ok(Some(assessed))
    }

    fn empty(
        evaluator: &Evaluator,
        batch: RecordBatch,
        households: Vec<Range<usize>>,
        at: Period,
    ) -> Result<Self, Diagnostic> {
        let periods = rows::periods(&batch)?.values().to_vec();
        Ok(Self {
            pack: evaluator.pack.clone(),
            structure: evaluator.structure.clone(),
            key_bands: evaluator.key_bands.clone(),
            score_schema: evaluator.score_schema.clone(),
            with_lift: evaluator.with_lift,
            at,
            batch,
            households,
            periods,
            passes: Vec::new(),
            earlier: Vec::new(),
        })
    }

    /// Every period whose band may be asked for, the last first; each is judged under the
    /// parameters of that very period.
    fn judged(evaluator: &Evaluator, at: Period, depth: u32) -> impl Iterator<Item = Period> {
        let lookback = evaluator.lookback + trend_window(&evaluator.pack) - 1;
        (0..(depth as i32 - lookback as i32).max(1)).map(move |back| at.offset(-back))
    }

    fn evaluate(&mut self, evaluator: &Evaluator, at: Period) -> Result<(), Diagnostic> {
        let epoch = Program::epoch(&self.pack, at);
        if self.passes.iter().any(|(it, _)| *it == epoch) {
            return Ok(());
        }
        let program = evaluator.program(at)?;
        let (layout, batch) = (&program.layout, &self.batch);
        let columns = Columns::from_panel(&self.pack, layout, batch, &self.households, program.at)?;
        self.pass_over(epoch, program, columns)
    }

    fn pass_over(
        &mut self,
        epoch: Vec<bool>,
        program: Arc<Program>,
        columns: Columns,
    ) -> Result<(), Diagnostic> {
        let indicators = indicators::from_panel(&program, &columns)?;
        let rows = self.batch.num_rows();
        let modules = modules::from_indicators(&self.pack, &self.structure, &indicators, rows);
        self.passes.push((epoch, Pass { program, columns, indicators, modules }));
        Ok(())
    }

    fn pass(&self, period: i32) -> &Pass {
        if self.passes.len() == 1 {
            return &self.passes[0].1;
        }
        let at = Period::from_index(self.at.kind(), period);
        let epoch = Program::epoch(&self.pack, at);
        let found = self.passes.iter().find(|(it, _)| *it == epoch);
        // Periods outside the depth that was asked for fall back to the assessed period's.
        &found.unwrap_or(&self.passes[0]).1
    }

    /// What a period says of a household by itself. `household` counts [`Assessed::households`].
    pub fn raw(&self, household: usize, at: Period, scratch: &mut Vec<f64>) -> Raw {
        let rows = self.households[household].clone();
        self.scorer(at).raw(household, rows, at.index(), scratch)
    }

    fn scorer(&self, at: Period) -> RawScorer<'_> {
        let pass = self.pass(at.index());
        RawScorer {
            pack: &self.pack,
            modules: &pass.modules,
            indicators: &pass.indicators,
            periods: &self.periods,
            key_bands: &self.key_bands,
            earlier: &self.earlier,
            with_lift: self.with_lift,
        }
    }

    /// The band that a period says by itself and the keys that fired in it, from its row or from
    /// kept scores.
    pub fn own_band(&self, household: usize, at: Period, scratch: &mut Vec<f64>) -> (Band, u64) {
        if let Some(kept) = self.earlier.iter().find(|it| it.period == at.index()) {
            return kept.band(household);
        }
        let rows = self.households[household].clone();
        self.scorer(at).own_band(household, rows, at.index(), scratch)
    }

    /// The band of a household in a period, given the band that the period has by itself.
    pub fn band(&self, household: usize, at: Period, own: Band, scratch: &mut Vec<f64>) -> Band {
        bands::remembered(&self.pack.scoring, |back| match back {
            0 => own,
            _ => self.own_band(household, at.offset(-back), scratch).0,
        })
    }

    /// The greatest contributions to the composite of a household in a period, at most `most`;
    /// none without a row.
    pub fn contributions<'a>(
        &self,
        raw: &Raw,
        at: Period,
        most: usize,
        scratch: &'a mut Scratch,
    ) -> &'a [Contribution] {
        let pass = self.pass(at.index());
        let Some(row) = raw.row else { return &[] };
        let (modules, indicators) = (&pass.modules, &pass.indicators);
        scratch.contributions(&self.pack, &self.structure, modules, indicators, row, most)
    }

    /// Indicators of a period's program, for the row that `raw` was judged from.
    pub fn indicators(&self, at: Period) -> &Indicators {
        &self.pass(at.index()).indicators
    }

    /// Module scores of a period's program.
    pub fn modules(&self, at: Period) -> &[ModuleRows] {
        &self.pass(at.index()).modules
    }

    /// The rounded score of a module in a row, where anything of it is known.
    pub fn module_score(&self, at: Period, module: usize, row: usize) -> Option<Score> {
        let module = &self.pass(at.index()).modules[module];
        (module.known_weight[row] > 0.0).then(|| module.score[row])
    }

    /// Indicators that are unknown in a row although every attribute they read directly is known:
    /// a division by zero, a category that is not listed. Indexes into the pack; those that look
    /// back over earlier periods are left out.
    pub fn unknown_without_cause(&self, at: Period, row: usize) -> impl Iterator<Item = usize> {
        let pass = self.pass(at.index());
        let has_all =
            move |inputs: &[usize]| inputs.iter().all(|it| pass.columns.is_known(*it, row));
        let columns = pass.indicators.columns.iter().enumerate();
        let unknown = columns.filter(move |it| it.1.state(row) == State::Unknown);
        unknown.map(|it| it.0).filter(move |indicator| {
            pass.program.indicators[*indicator].inputs.as_deref().is_some_and(has_all)
        })
    }

    /// The id of a household.
    pub fn household_id(&self, household: usize) -> &str {
        let column = self.batch.column_by_name(rows::HOUSEHOLD);
        let ids = column.and_then(|it| rows::Ids::of(it).ok());
        ids.map_or("", |it| it.get(self.households[household].start))
    }

    /// Findings of the programs that were used.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.passes.iter().flat_map(|(_, it)| it.program.diagnostics.clone()).collect()
    }

    /// A bound of the assessed period's program as it is for a row.
    pub(crate) fn bound(&self, bound: &Bound, row: usize) -> Option<f64> {
        severity::bound_of_row(bound, &self.pass(self.at.index()).columns, row)
    }

    /// The columns that expressions read, under the assessed period's parameters.
    pub(crate) fn columns(&self) -> &Columns {
        &self.pass(self.at.index()).columns
    }

    /// The period of a row.
    pub fn period_of(&self, row: usize) -> i32 {
        self.periods[row]
    }

    /// The row of a household in a period.
    pub fn row_of(&self, household: usize, period: i32) -> Option<usize> {
        let rows = self.households[household].clone();
        let found = self.periods[rows.clone()].binary_search(&period);
        found.ok().map(|it| rows.start + it)
    }

    /// The program of a period.
    pub fn program(&self, at: Period) -> &Program {
        &self.pass(at.index()).program
    }
}

fn trend_window(pack: &Pack) -> u32 {
    pack.scoring.trend.as_ref().map_or(1, |it| it.window.max(1))
}

/// The rows that a band in `at` may depend on. A household all of whose rows lie outside keeps
/// its last one before `at`, so that it is not lost but judged as unknown; one that only begins
/// later is left out.
pub(crate) fn recent(
    batch: &RecordBatch,
    households: Vec<Range<usize>>,
    at: Period,
    depth: u32,
) -> Result<(RecordBatch, Vec<Range<usize>>), Diagnostic> {
    let periods = rows::periods(batch)?.values();
    let (first, last) = (at.index() - depth as i32 + 1, at.index());
    if periods.iter().all(|it| (first..=last).contains(it)) {
        return Ok((batch.clone(), households));
    }
    let mut kept: Vec<Range<usize>> = Vec::with_capacity(households.len());
    let mut runs: Vec<Range<usize>> = Vec::with_capacity(households.len());
    for household in households {
        // Periods ascend within a household.
        let own = &periods[household.clone()];
        let (from, to) =
            (own.partition_point(|it| *it < first), own.partition_point(|it| *it <= last));
        let run = match from..to {
            run if !run.is_empty() => run,
            _ if from > 0 => from - 1..from,
            _ => continue,
        };
        let start = kept.last().map_or(0, |it| it.end);
        kept.push(start..start + run.len());
        runs.push(household.start + run.start..household.start + run.end);
    }
    let (start, end) = (runs.first().map_or(0, |it| it.start), runs.last().map_or(0, |it| it.end));
    if end - start == kept.last().map_or(0, |it| it.end) {
        // One household live, or several that follow each other: nothing need be copied.
        return Ok((batch.slice(start, end - start), kept));
    }
    Ok((runs::copied(batch, &runs)?, kept))
}
