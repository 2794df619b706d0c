//! Facts are forgotten once the policy no longer lets them be kept and no score that can still
//! change rests on them; cells of closed scores and sealed fields of people likewise.
//!
//! With the period P under watch and an attribute kept N months, its horizon is P − N. What a fact
//! says is erased once it can touch no score of the horizon or later. Scores before the latest
//! horizon of all attributes are frozen: they stay as they were made and are never made again.
//!
//! A run goes piece by piece, each a transaction that notes how far the run is, so that one that was
//! interrupted is gone on with and counted once. At its end stands one row in the audit.

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

/// Subjects looked at in one piece.
const SUBJECTS: i64 = CHUNK as i64;

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
        let mut after = String::new();
        while let Some(last) = each_due(tx, &rules, &after, &mut |_, due| {
            plan.add_facts(&rules, due);
            Ok(())
        })? {
            after = last;
        }
        after.clear();
        while let Some(last) = self.each_row_with_cells(tx, &rules, &after, &mut |_, found| {
            cells::count(&mut plan.cells_of, &found);
            Ok(())
        })? {
            after = last;
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

    /// Does a piece of a run, beginning one where there is none; gives what the whole run erased
    /// once it has ended.
    ///
    /// # Errors
    /// Those of the database; nothing of the piece is done then.
    pub fn retain_piece_in(
        &self,
        tx: &mut Tx<'_>,
        act: &Act<'_>,
    ) -> Result<Option<Retained>, Diagnostic> {
        let Some(rules) = Rules::of(self, tx)? else {
            settings::remove(tx, RUN)?;
            return Ok(Some(Retained::default()));
        };
        let known = settings::get(tx, RUN)?.and_then(|it| serde_json::from_str(&it).ok());
        let mut run = known.unwrap_or_else(|| Run {
            of: rules.of.clone(),
            phase: Phase::Facts,
            after: String::new(),
            retained: Retained::default(),
        });
        match run.phase {
            Phase::Facts => self.forget_facts(tx, &rules, &mut run, act)?,
            Phase::Cells => self.forget_cells(tx, &rules, &mut run)?,
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
            if let Some(retained) = self.store.write(|tx| self.retain_piece_in(tx, act))? {
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
        act: &Act<'_>,
    ) -> Result<(), Diagnostic> {
        let (before, after) = (run.retained.facts, run.after.clone());
        let last = each_due(tx, rules, &after, &mut |tx, due| {
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
        (run.phase, run.after) = match last {
            Some(last) => (Phase::Facts, last),
            None => (Phase::Cells, String::new()),
        };
        Ok(())
    }

    fn forget_cells(
        &self,
        tx: &mut Tx<'_>,
        rules: &Rules,
        run: &mut Run,
    ) -> Result<(), Diagnostic> {
        let mut changed = Vec::new();
        let after = run.after.clone();
        let last = self.each_row_with_cells(tx, rules, &after, &mut |row, found| {
            cells::count(&mut run.retained.cells_of, &found);
            changed.push(cells::without(row, &found));
            Ok(())
        })?;
        store::scores::put(tx, &changed)?;
        self.freeze(tx, rules, run)?;
        (run.phase, run.after) = match last {
            Some(last) => (Phase::Cells, last),
            None => (Phase::Sealed, String::new()),
        };
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

/// Calls `each` with the facts that are due of some subjects behind one of them; gives the last of
/// these subjects, nothing where there are no more.
fn each_due(
    tx: &mut Tx<'_>,
    rules: &Rules,
    after: &str,
    each: &mut Each<'_>,
) -> Result<Option<String>, Diagnostic> {
    let found = erased::candidates(tx, after, &rules.codes(), rules.until_day(), SUBJECTS)?;
    let Some((last, _)) = found.last() else { return Ok(None) };
    let subjects: Vec<Subject> = found.iter().map(|it| it.1.clone()).collect();
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
    Ok(Some(last.clone()))
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
