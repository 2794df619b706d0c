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
mod rules;

pub use rules::Rules;

use super::{Act, CHUNK, Live};
use crate::people::Field;
use base::codes::live as codes;
use base::{Diagnostic, Period};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::facts::{self, FactRow, Subject, erased};
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

/// What is done next in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Phase {
    Facts,
    Cells,
    Sealed,
}

/// A run that has not ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Run {
    /// For which period, policy and facts it was begun.
    of: String,
    phase: Phase,
    /// Behind which subject or household it goes on.
    after: String,
    retained: Retained,
}

/// Subjects, or households, of one piece.
const MOST: i64 = CHUNK as i64;

/// What the next piece of a run is about. Looking for it may take long, and needs no right to
/// write.
#[derive(Clone, Debug)]
pub struct NextPiece {
    phase: Phase,
    after: String,
    subjects: Vec<(String, Subject)>,
    households: Vec<String>,
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

fn written(run: &Run) -> Result<String, Diagnostic> {
    serde_json::to_string(run).map_err(|error| {
        store::Error::new(store::Kind::Fault, format!("a run cannot be noted: {error}")).into()
    })
}

/// What is done with the facts of a subject that are due.
type Each<'a> = dyn FnMut(&mut Tx<'_>, &[&FactRow]) -> Result<(), Diagnostic> + 'a;

impl Run {
    /// The run that has not ended, or a new one.
    fn under_way(tx: &mut Tx<'_>, rules: &Rules) -> Result<Self, Diagnostic> {
        let known = settings::get(tx, RUN)?.and_then(|it| serde_json::from_str(&it).ok());
        Ok(known.unwrap_or_else(|| Run {
            of: rules.of.clone(),
            phase: Phase::Facts,
            after: String::new(),
            retained: Retained::default(),
        }))
    }
}

impl NextPiece {
    /// What comes after it.
    fn then(&self) -> (Phase, String) {
        let last_subject = self.subjects.last().map(|it| it.0.clone());
        match (self.phase, last_subject.or_else(|| self.households.last().cloned())) {
            (phase, Some(last)) => (phase, last),
            (Phase::Facts, None) => (Phase::Cells, String::new()),
            (Phase::Cells | Phase::Sealed, None) => (Phase::Sealed, String::new()),
        }
    }
}

/// Looks for subjects with facts that may be due, or for households with closed scores, behind one
/// of them.
fn look(
    tx: &mut Tx<'_>,
    rules: &Rules,
    phase: Phase,
    after: &str,
) -> Result<NextPiece, Diagnostic> {
    let after = after.to_owned();
    let mut next = NextPiece { phase, after, subjects: Vec::new(), households: Vec::new() };
    let Some(frozen) = rules.frozen else { return Ok(next) };
    let last = i64::from(frozen.index()) - 1;
    match phase {
        Phase::Facts => {
            let (codes, until) = (rules.codes(), rules.until_day());
            next.subjects = erased::candidates(tx, &next.after, &codes, until, MOST)?;
        }
        Phase::Cells => {
            next.households = store::scores::households_until(tx, &next.after, last, MOST)?;
        }
        Phase::Sealed => {}
    }
    Ok(next)
}

/// Calls `each` with the facts that are due of some subjects.
fn each_due(
    tx: &mut Tx<'_>,
    rules: &Rules,
    subjects: &[(String, Subject)],
    each: &mut Each<'_>,
) -> Result<(), Diagnostic> {
    let subjects: Vec<Subject> = subjects.iter().map(|it| it.1.clone()).collect();
    let mut rows: Vec<FactRow> = Vec::new();
    facts::of(tx, &subjects, &mut |row| {
        rows.push(row);
        Ok(())
    })?;
    for own in rows.chunk_by(|a, b| a.subject == b.subject) {
        let mut due = rules.due(own);
        keep_what_corrects_others(tx, own, &mut due)?;
        if !due.is_empty() {
            each(tx, &due)?;
        }
    }
    Ok(())
}

/// A fact that corrects another one stays as long as that one does: without it that one would count
/// again.
fn keep_what_corrects_others(
    tx: &mut Tx<'_>,
    own: &[FactRow],
    due: &mut Vec<&FactRow>,
) -> Result<(), Diagnostic> {
    loop {
        let corrected: Vec<&str> = due.iter().filter_map(|it| it.supersedes.as_deref()).collect();
        if corrected.is_empty() {
            return Ok(());
        }
        let is_due = |id: &str| due.iter().any(|it| it.fact_id == id);
        let here = own.iter().map(|it| it.fact_id.as_str());
        let mut staying: Vec<String> = here.filter(|it| !is_due(it)).map(str::to_owned).collect();
        let elsewhere: Vec<&str> =
            corrected.into_iter().filter(|id| !own.iter().any(|it| it.fact_id == *id)).collect();
        let there = facts::known(tx, &elsewhere)?;
        staying.extend(there.into_iter().filter_map(|(id, fact)| fact.map(|_| id)));
        let before = due.len();
        due.retain(|it| it.supersedes.as_ref().is_none_or(|id| !staying.contains(id)));
        if due.len() == before {
            return Ok(());
        }
    }
}

/// Sealed fields by the names that packs use.
pub(super) fn field(name: &str) -> Option<Field> {
    Field::parse(name)
}
