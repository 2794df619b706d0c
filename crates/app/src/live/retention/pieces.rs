//! The pieces of a run: how far it is, what the next one is about, and which facts are due there.
//! Erases nothing itself.

use super::{CHUNK, RUN, Retained, Rules};
use base::Diagnostic;
use serde::{Deserialize, Serialize};
use store::facts::{self, FactRow, Subject, erased};
use store::{Tx, settings};

/// What is done next in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Phase {
    Facts,
    Cells,
    Sealed,
}

/// A run that has not ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Run {
    /// For which period, policy and facts it was begun.
    pub(super) of: String,
    pub(super) phase: Phase,
    /// Behind which subject or household it goes on.
    pub(super) after: String,
    pub(super) retained: Retained,
}

/// Subjects, or households, of one piece.
const MOST: i64 = CHUNK as i64;

/// What the next piece of a run is about. Looking for it may take long, and needs no right to
/// write.
#[derive(Clone, Debug)]
pub struct NextPiece {
    pub(super) phase: Phase,
    pub(super) after: String,
    pub(super) subjects: Vec<(String, Subject)>,
    pub(super) households: Vec<String>,
}

pub(super) fn written(run: &Run) -> Result<String, Diagnostic> {
    serde_json::to_string(run).map_err(|error| {
        store::Error::new(store::Kind::Fault, format!("a run cannot be noted: {error}")).into()
    })
}

/// What is done with the facts of a subject that are due.
pub(super) type Each<'a> = dyn FnMut(&mut Tx<'_>, &[&FactRow]) -> Result<(), Diagnostic> + 'a;

impl Run {
    /// The run that has not ended, or a new one.
    pub(super) fn under_way(tx: &mut Tx<'_>, rules: &Rules) -> Result<Self, Diagnostic> {
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
    pub(super) fn then(&self) -> (Phase, String) {
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
pub(super) fn look(
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
pub(super) fn each_due(
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
