//! Facts are forgotten once the policy no longer lets them be kept and no score that can still
//! change rests on them; cells of closed scores and sealed fields of people likewise.
//!
//! With the period P under watch and an attribute kept N months, its horizon is P − N. What a fact
//! says is erased once it can touch no score of the horizon or later. Scores before the latest
//! horizon of all attributes are frozen: they stay as they were made and are never made again.
//!
//! A run goes piece by piece, each a transaction that notes how far the run is, so that one that
//! was interrupted is gone on with and counted once. At its end stands one row in the audit.

mod cells;
mod pieces;
mod rules;

pub use pieces::NextPiece;
pub use rules::Rules;

use super::{Act, CHUNK, Live};
use crate::people::Field;
use base::codes::live as codes;
use base::{Diagnostic, Period};
use pieces::{Phase, Run, each_due, look, written};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::facts::{FactRow, erased};
use store::people::sealed;
use store::{Tx, settings};

/// The first period that is not frozen.
const FROZEN: &str = "frozen_before";
/// A run that has not ended.
const RUN: &str = "retention_run";
/// For which period, policy and facts the last run ended.
const DONE: &str = "retention_done";
/// For which period and policy closed scores were last gone through.
const CELLS_DONE: &str = "retention_cells_done";
/// Counts pieces that erased facts, so that who keeps facts in memory knows when to forget them.
pub(super) const ERASURES: &str = "fact_erasures";

/// What a run erased, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retained {
    /// The first period that is not frozen; nothing as long as nothing of any score was forgotten.
    pub frozen_before: Option<String>,
    /// Facts.
    pub facts: u64,
    /// Facts by attribute that they are for; one that is for several counts for each.
    pub facts_of: BTreeMap<String, u64>,
    /// Values in closed scores, by attribute.
    pub cells_of: BTreeMap<String, u64>,
    /// Sealed fields of people, by field.
    pub sealed_of: BTreeMap<String, u64>,
}

impl Retained {
    /// Whether something of it has, or would have, an effect on scores of before.
    fn is_felt(&self) -> bool {
        self.facts > 0 || !self.cells_of.is_empty()
    }

    /// In few words, without anything personal.
    fn summary(&self) -> String {
        let sum = |it: &BTreeMap<String, u64>| it.values().sum::<u64>();
        let before = self.frozen_before.as_deref().unwrap_or("-");
        let (cells, sealed) = (sum(&self.cells_of), sum(&self.sealed_of));
        format!("before {before}: {} facts, {cells} cells, {sealed} sealed fields", self.facts)
    }

    fn add_facts(&mut self, rules: &Rules, due: &[&FactRow]) {
        self.facts += due.len() as u64;
        for attribute in due.iter().flat_map(|it| rules.attributes_of(&it.fact)) {
            *self.facts_of.entry(attribute.clone()).or_default() += 1;
        }
    }
}

impl Live {
    /// The first period that is not frozen, once a run has frozen any.
    pub(crate) fn frozen_before(&self, tx: &mut Tx<'_>) -> Result<Option<Period>, Diagnostic> {
        self.period(tx, FROZEN)
    }

    /// A period, or the first one after it that is not frozen.
    pub(super) fn not_frozen(&self, tx: &mut Tx<'_>, at: Period) -> Result<Period, Diagnostic> {
        let frozen = self.frozen_before(tx)?;
        Ok(frozen.filter(|it| it.index() > at.index()).unwrap_or(at))
    }

    /// Refuses to make again what rests on facts that were forgotten: a period that is frozen, or
    /// any as it was known (microseconds) before the first one that is not.
    ///
    /// # Errors
    /// L026.
    pub(super) fn assert_not_frozen(
        &self,
        tx: &mut Tx<'_>,
        at: Option<Period>,
        as_of: Option<i64>,
    ) -> Result<(), Diagnostic> {
        let Some(frozen) = self.frozen_before(tx)? else { return Ok(()) };
        let is_before = at.is_some_and(|it| it.index() < frozen.index());
        if !is_before && as_of.is_none_or(|it| it >= rules::begins_at(frozen)) {
            return Ok(());
        }
        let message = format!("facts of before {frozen} were forgotten as the policy asks for it");
        Err(Diagnostic::new(&codes::FORGOTTEN, message)
            .hint(format!("ask about {frozen} or later, as it was known then or later")))
    }

    /// Whether there is something to do: the policy limits how long things are kept, and no run has
    /// ended for the period under watch and the facts that there are.
    ///
    /// # Errors
    /// Those of the database.
    pub fn retention_is_due(&self, tx: &mut Tx<'_>) -> Result<bool, Diagnostic> {
        let Some(rules) = Rules::of(self, tx)? else { return Ok(false) };
        Ok(settings::get(tx, RUN)?.is_some() || settings::get(tx, DONE)? != Some(rules.of))
    }

    /// What a run would erase; writes nothing.
    ///
    /// # Errors
    /// Those of the database.
    pub fn retention_plan(&self, tx: &mut Tx<'_>) -> Result<Retained, Diagnostic> {
        let Some(rules) = Rules::of(self, tx)? else { return Ok(Retained::default()) };
        let mut plan = Retained::default();
        let (mut phase, mut after) = (Phase::Facts, String::new());
        while phase != Phase::Sealed {
            let next = look(tx, &rules, phase, &after)?;
            each_due(tx, &rules, &next.subjects, &mut |_, due| {
                plan.add_facts(&rules, due);
                Ok(())
            })?;
            self.each_row_with_cells(tx, &rules, &next.households, &mut |_, found| {
                cells::count(&mut plan.cells_of, &found);
                Ok(())
            })?;
            (phase, after) = next.then();
        }
        for (field, before) in &rules.sealed {
            let count = sealed::count_older(tx, field.name(), *before)?;
            plan.sealed_of.extend((count > 0).then(|| (field.name().to_owned(), count)));
        }
        let frozen = self.frozen_before(tx)?;
        let next = rules.frozen.filter(|_| plan.is_felt());
        let frozen = frozen.into_iter().chain(next).max_by_key(|it| it.index());
        plan.frozen_before = frozen.map(|it| it.to_string());
        Ok(plan)
    }

    /// What the next piece of a run is about, of the one under way or of one to be begun; nothing
    /// where there is nothing that may be kept for some time alone.
    ///
    /// # Errors
    /// Those of the database.
    pub fn retention_next(&self, tx: &mut Tx<'_>) -> Result<Option<NextPiece>, Diagnostic> {
        let Some(rules) = Rules::of(self, tx)? else { return Ok(None) };
        let run = Run::under_way(tx, &rules)?;
        look(tx, &rules, run.phase, &run.after).map(Some)
    }

    /// Does a piece of a run that was looked for by [`Live::retention_next`], beginning one where
    /// there is none; gives what the whole run erased once it has ended. A piece that somebody else
    /// did meanwhile changes nothing.
    ///
    /// # Errors
    /// Those of the database; nothing of the piece is done then.
    pub fn retain_piece_in(
        &self,
        tx: &mut Tx<'_>,
        next: Option<&NextPiece>,
        act: &Act<'_>,
    ) -> Result<Option<Retained>, Diagnostic> {
        let (Some(rules), Some(next)) = (Rules::of(self, tx)?, next) else {
            settings::remove(tx, RUN)?;
            return Ok(Some(Retained::default()));
        };
        let mut run = Run::under_way(tx, &rules)?;
        if (run.phase, &run.after) != (next.phase, &next.after) {
            return Ok(None);
        }
        match run.phase {
            Phase::Facts => self.forget_facts(tx, &rules, &mut run, (next, act))?,
            Phase::Cells => self.forget_cells(tx, &rules, &mut run, next)?,
            Phase::Sealed => {
                for (field, before) in &rules.sealed {
                    let count = sealed::destroy_older(tx, field.name(), *before)?;
                    if count > 0 {
                        *run.retained.sealed_of.entry(field.name().to_owned()).or_default() +=
                            count;
                    }
                }
                return self.end(tx, run, act).map(Some);
            }
        }
        settings::set(tx, RUN, &written(&run)?);
        Ok(None)
    }

    /// A whole run, for who writes alone.
    ///
    /// # Errors
    /// Those of the database; the next run goes on from the last piece that was done.
    pub fn retain(&self, act: &Act<'_>) -> Result<Retained, Diagnostic> {
        loop {
            let next = self.store.read(|tx| self.retention_next(tx))?;
            let piece = |tx: &mut Tx<'_>| self.retain_piece_in(tx, next.as_ref(), act);
            if let Some(retained) = self.store.write(piece)? {
                return Ok(retained);
            }
        }
    }

    /// Freezes scores in the transaction that first takes something of theirs away, so that nothing
    /// is ever made of what is left.
    fn freeze(&self, tx: &mut Tx<'_>, rules: &Rules, run: &Run) -> Result<(), Diagnostic> {
        let Some(frozen) = rules.frozen.filter(|_| run.retained.is_felt()) else { return Ok(()) };
        // It never moves back, whatever a later policy says: what was forgotten stays so.
        if self.frozen_before(tx)?.is_none_or(|it| it.index() < frozen.index()) {
            settings::set(tx, FROZEN, &frozen.to_string());
        }
        Ok(())
    }

    fn forget_facts(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        run: &mut Run,
        (next, act): (&NextPiece, &Act<'_>),
    ) -> Result<(), Diagnostic> {
        let before = run.retained.facts;
        each_due(tx, rules, &next.subjects, &mut |tx, due| {
            let ids: Vec<&str> = due.iter().map(|it| it.fact_id.as_str()).collect();
            erased::erase(tx, &ids, act.now)?;
            run.retained.add_facts(rules, due);
            Ok(())
        })?;
        if run.retained.facts > before {
            let count: i64 =
                settings::get(tx, ERASURES)?.and_then(|it| it.parse().ok()).unwrap_or_default();
            settings::set(tx, ERASURES, &(count + 1).to_string());
        }
        self.freeze(tx, rules, run)?;
        (run.phase, run.after) = next.then();
        // What is frozen is never written again: once gone through, it stays gone through.
        let is_done = settings::get(tx, CELLS_DONE)?.as_ref() == Some(&rules.of_cells);
        if run.phase == Phase::Cells && is_done && self.frozen_before(tx)?.is_some() {
            run.phase = Phase::Sealed;
        }
        Ok(())
    }

    fn forget_cells(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        run: &mut Run,
        next: &NextPiece,
    ) -> Result<(), Diagnostic> {
        let mut changed = Vec::new();
        self.each_row_with_cells(tx, rules, &next.households, &mut |row, found| {
            cells::count(&mut run.retained.cells_of, &found);
            changed.push(cells::without(row, &found));
            Ok(())
        })?;
        store::scores::put(tx, &changed)?;
        self.freeze(tx, rules, run)?;
        (run.phase, run.after) = next.then();
        if run.phase == Phase::Sealed {
            settings::set(tx, CELLS_DONE, &rules.of_cells);
        }
        Ok(())
    }

    fn end(&self, tx: &mut Tx<'_>, mut run: Run, act: &Act<'_>) -> Result<Retained, Diagnostic> {
        settings::remove(tx, RUN)?;
        settings::set(tx, DONE, &run.of);
        run.retained.frozen_before = self.frozen_before(tx)?.map(|it| it.to_string());
        if !run.retained.is_felt() && run.retained.sealed_of.is_empty() {
            // Nothing was written that anybody could ask about.
            return Ok(run.retained);
        }
        let content = written(&run)?;
        let summary = run.retained.summary();
        self.record(tx, act, "retention.run", Some(&summary), content.as_bytes())?;
        Ok(run.retained)
    }
}

/// Sealed fields by the names that packs use.
pub(super) fn field(name: &str) -> Option<Field> {
    Field::parse(name)
}
