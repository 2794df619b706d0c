//! Scores and warnings of households, from their facts.

use super::histories::Histories;
use super::{Detail, Live};
use crate::assess::{Chunk, Stage, earlier_periods, from_facts, placed};
use arrow::array::{Array, AsArray};
use base::{Diagnostic, Period};
use monitor::scores::score_all;
use monitor::warnings::triggers::Firing;
use monitor::warnings::{self, Known, Warning, triggers};
use monitor::{Assessed, rows};
use pack::Pack;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use store::Tx;
use store::scores::ScoreRow;

/// What was derived for some households.
#[derive(Default)]
pub struct Derived {
    /// By household and period.
    pub scores: Vec<ScoreRow>,
    /// Of the period under watch.
    pub warnings: Vec<Warning>,
}

/// Households that one thread takes at a time.
const PIECE: usize = 50;

impl Live {
    /// Derives periods `from` to `open` of households as they were known at `as_of`, and the
    /// warnings of `open`. Writes nothing. This thread reads histories while others derive.
    pub(super) fn derive(
        &self,
        tx: &mut Tx<'_>,
        households: &[&str],
        range: (Period, Period),
        as_of: Option<i64>,
    ) -> Result<Derived, Diagnostic> {
        if households.len() <= PIECE {
            return self.derive_from(self.histories(tx, households, as_of)?, range);
        }
        let (give, taken) = sync_channel::<Histories>(2);
        let taken = Mutex::new(taken);
        let work = || -> Result<Derived, Diagnostic> {
            let mut all = Ok(Derived::default());
            loop {
                let next = lock(&taken).recv();
                let Ok(histories) = next else { return all };
                // After a failure it goes on to take, so that whoever gives never waits for nobody.
                all = all.and_then(|mut all| {
                    let piece = self.derive_from(histories, range)?;
                    all.scores.extend(piece.scores);
                    all.warnings.extend(piece.warnings);
                    Ok(all)
                });
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let parts = std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let mut read = Ok(());
            for piece in households.chunks(PIECE) {
                match self.histories(tx, piece, as_of) {
                    Ok(histories) => drop(give.send(histories)),
                    Err(finding) => {
                        read = Err(finding);
                        break;
                    }
                }
            }
            drop(give);
            let parts: Vec<_> = running.into_iter().filter_map(|it| it.join().ok()).collect();
            read.map(|()| parts)
        })?;
        let mut derived = Derived::default();
        for part in parts {
            let part = part?;
            derived.scores.extend(part.scores);
            derived.warnings.extend(part.warnings);
        }
        // The same whatever the number of threads.
        derived
            .scores
            .sort_by(|a, b| (&a.household_id, a.period).cmp(&(&b.household_id, b.period)));
        derived.warnings.sort_by(|a, b| (&a.household, &a.id).cmp(&(&b.household, &b.id)));
        Ok(derived)
    }

    fn derive_from(
        &self,
        histories: Histories,
        (from, open): (Period, Period),
    ) -> Result<Derived, Diagnostic> {
        let chunk = self.panel(histories, (from, open))?;
        let mut derived = Derived::default();
        for index in from.index()..=open.index() {
            let at = Period::from_index(open.kind(), index);
            self.judge(&chunk, at, at == open, &mut derived)?;
        }
        derived
            .scores
            .sort_by(|a, b| (&a.household_id, a.period).cmp(&(&b.household_id, b.period)));
        Ok(derived)
    }

    /// Panel rows that reach back as far as scores and warnings look.
    fn panel(
        &self,
        histories: Histories,
        (from, open): (Period, Period),
    ) -> Result<Chunk, Diagnostic> {
        let policy = self.policy();
        let pack = policy.pack();
        let depth = policy.loaded.evaluator.history_depth() + pack.scoring.warnings.spell_periods;
        let range = (from.offset(-(depth as i32)), open);
        from_facts(pack, &policy.codes, &histories.shared, range, histories.households)
    }

    fn judge(
        &self,
        chunk: &Chunk,
        at: Period,
        with_warnings: bool,
        derived: &mut Derived,
    ) -> Result<(), Diagnostic> {
        let policy = self.policy();
        let (pack, evaluator) = (policy.pack(), &policy.loaded.evaluator);
        let stage = if with_warnings { Stage::Warnings } else { Stage::Scores };
        let assessed =
            evaluator.assess_with_history(&chunk.rows, at, earlier_periods(pack, stage))?;
        let scored = score_all(&assessed, pack);
        let firings = firings(pack, &assessed, chunk, with_warnings)?;
        let (from, at_index) = (pack.scoring.warnings.from, at.index());
        let areas =
            assessed.batch.column_by_name(rows::AREA).and_then(|it| it.as_string_opt::<i32>());
        for (household, score) in scored.iter().enumerate() {
            let rows = &assessed.households[household];
            if assessed.period_of(rows.start) > at.index() {
                // It begins later.
                continue;
            }
            let row = score.raw.row.unwrap_or(rows.end - 1);
            let area = areas.filter(|it| it.is_valid(row)).map(|it| it.value(row).to_owned());
            let mut fired = firings[household].iter();
            let warned = score.band.is_at_least(from)
                || score.raw.fired != 0
                || fired.any(|it| it.period == at_index);
            derived.scores.push(ScoreRow {
                household_id: assessed.household_id(household).to_owned(),
                period: at.index().into(),
                pack: pack.hash.clone(),
                area_code: area,
                composite: score.raw.composite.micros().into(),
                confidence: score.raw.confidence.micros().into(),
                band: score.band as i64,
                detail: Detail::of(pack, &assessed, household, score).to_bytes(),
                warned,
            });
        }
        if with_warnings {
            let known = Known::default();
            let found = warnings::from_scores(evaluator, &assessed, &scored, &firings, &known);
            derived.warnings.extend(found.warnings);
        }
        Ok(())
    }
}

/// Triggers that fired: in all periods where warnings are made, in the assessed one elsewhere.
fn firings(
    pack: &Pack,
    assessed: &Assessed,
    chunk: &Chunk,
    with_warnings: bool,
) -> Result<Vec<Vec<Firing>>, Diagnostic> {
    let at = assessed.at.index();
    let facts = chunk.facts.iter().filter(|it| with_warnings || it.1.period == at);
    let facts = placed(assessed, facts.cloned().collect());
    triggers::firings(pack, assessed, &facts)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
