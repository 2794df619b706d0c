//! Scores and warnings of households, from their facts.

pub mod sets;

use super::histories::Histories;
use super::{Detail, Live, Policy};
use crate::assess::{Chunk, Stage, earlier_periods, from_facts, placed};
use arrow::array::{Array, AsArray};
use base::codes::monitor::ENGINE_FAULT;
use base::{Band, Diagnostic, Period};
use monitor::scores::score_all;
use monitor::warnings::triggers::Firing;
use monitor::warnings::{self, Known, Warning, triggers};
use monitor::{Assessed, rows};
use pack::Pack;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::ScopedJoinHandle;
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
    /// Derives periods `from` to `open` of households as they were known at `as_of`, each under
    /// the policy of that period, and the warnings of `open`. Writes nothing.
    pub(super) fn derive(
        &self,
        tx: &mut Tx<'_>,
        households: &[&str],
        (from, open): (Period, Period),
        as_of: Option<i64>,
    ) -> Result<Derived, Diagnostic> {
        let mut derived = Derived::default();
        for (policy, first, last) in self.timeline(tx)?.parts((from, open)) {
            let part = Part { policy: &policy, from: first, to: last, open };
            let more = self.derive_part(tx, &part, households, as_of)?;
            derived.scores.extend(more.scores);
            derived.warnings.extend(more.warnings);
        }
        derived.sort();
        Ok(derived)
    }

    /// As [`Live::derive`], of periods under one policy.
    pub(super) fn derive_part(
        &self,
        tx: &mut Tx<'_>,
        part: &Part<'_>,
        households: &[&str],
        as_of: Option<i64>,
    ) -> Result<Derived, Diagnostic> {
        let codes = &part.policy.codes;
        if households.len() <= PIECE {
            return part.derive(self.histories(tx, codes, households, as_of)?);
        }
        let mut read = |piece: &[&str]| self.histories(&mut *tx, codes, piece, as_of);
        let mut derived = Derived::default();
        for part in in_pieces(households, PIECE, &mut read, &|it| part.derive(it))? {
            derived.scores.extend(part.scores);
            derived.warnings.extend(part.warnings);
        }
        // The same whatever the number of threads.
        derived.sort();
        Ok(derived)
    }
}

/// Does work on the histories of households, so many at a time: this thread reads them while
/// others work. What comes out has no order.
pub(super) fn in_pieces<T: Send>(
    households: &[&str],
    size: usize,
    read: &mut dyn FnMut(&[&str]) -> Result<Histories, Diagnostic>,
    work: &(dyn Fn(Histories) -> Result<T, Diagnostic> + Sync),
) -> Result<Vec<T>, Diagnostic> {
    let (give, taken) = sync_channel::<Histories>(2);
    let taken = Arc::new(Mutex::new(taken));
    let take = |taken: Arc<Mutex<Receiver<Histories>>>| -> Result<Vec<T>, Diagnostic> {
        let mut all = Ok(Vec::new());
        loop {
            let next = lock(&taken).recv();
            let Ok(histories) = next else { return all };
            // After a failure it goes on to take, so that whoever gives never waits for nobody.
            all = all.and_then(|mut all| {
                all.push(work(histories)?);
                Ok(all)
            });
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = std::thread::scope(|scope| {
        let start = |_| {
            let taken = taken.clone();
            scope.spawn(move || take(taken))
        };
        let running: Vec<_> = (0..threads).map(start).collect();
        // With the last of the threads goes whoever would take, so that nobody waits to give.
        drop(taken);
        let mut result = Ok(());
        for piece in households.chunks(size) {
            match read(piece) {
                Ok(histories) => {
                    if give.send(histories).is_err() {
                        break;
                    }
                }
                Err(finding) => {
                    result = Err(finding);
                    break;
                }
            }
        }
        drop(give);
        // Nothing of a thread that failed may be left out in silence.
        let done = |it: ScopedJoinHandle<'_, _>| it.join().unwrap_or_else(|_| Err(failed()));
        let parts: Vec<_> = running.into_iter().map(done).collect();
        result.map(|()| parts)
    })?;
    let mut all = Vec::new();
    for part in parts {
        all.extend(part?);
    }
    Ok(all)
}

/// Whoever asked hears of it, and what was begun is undone; the thread that writes goes on.
pub(super) fn failed() -> Diagnostic {
    Diagnostic::new(&ENGINE_FAULT, "a thread that judged households failed")
        .hint("look at the first message of this run")
}

impl Derived {
    fn sort(&mut self) {
        self.scores.sort_by(|a, b| (&a.household_id, a.period).cmp(&(&b.household_id, b.period)));
        self.warnings.sort_by(|a, b| (&a.household, &a.id).cmp(&(&b.household, &b.id)));
    }
}

/// Periods that one policy judges.
pub struct Part<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The first of them.
    pub from: Period,
    /// The last.
    pub to: Period,
    /// The period under watch, whose warnings are wanted.
    pub open: Period,
}

impl Part<'_> {
    fn derive(&self, histories: Histories) -> Result<Derived, Diagnostic> {
        let chunk = self.panel(histories)?;
        let mut derived = Derived::default();
        for index in self.from.index()..=self.to.index() {
            let at = Period::from_index(self.to.kind(), index);
            self.judge(&chunk, at, at == self.open, &mut derived)?;
        }
        derived.sort();
        Ok(derived)
    }

    /// Panel rows that reach back as far as scores and warnings look.
    pub fn panel(&self, histories: Histories) -> Result<Chunk, Diagnostic> {
        let (pack, policy) = (self.policy.pack(), self.policy);
        let depth = policy.loaded.evaluator.history_depth() + pack.scoring.warnings.spell_periods;
        let range = (self.from.offset(-(depth as i32)), self.to);
        from_facts(pack, &policy.codes, &histories.shared, range, &histories.households)
    }

    /// Household, area and band in the last of the periods alone.
    pub fn bands(
        &self,
        histories: Histories,
    ) -> Result<Vec<(String, Option<String>, Band)>, Diagnostic> {
        let chunk = self.panel(histories)?;
        let mut derived = Derived::default();
        self.judge(&chunk, self.to, false, &mut derived)?;
        let band = |it: &ScoreRow| u8::try_from(it.band).ok().and_then(Band::from_number);
        let of = |it: ScoreRow| {
            let band = band(&it).unwrap_or(Band::Unknown);
            (it.household_id, it.area_code, band)
        };
        Ok(derived.scores.into_iter().map(of).collect())
    }

    fn judge(
        &self,
        chunk: &Chunk,
        at: Period,
        with_warnings: bool,
        derived: &mut Derived,
    ) -> Result<(), Diagnostic> {
        let (pack, evaluator) = (self.policy.pack(), &self.policy.loaded.evaluator);
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
