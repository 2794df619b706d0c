//! What an import recorded, taken back: a retraction for each of its facts, and the households
//! scored again. Nothing is deleted, so an undo is undone in the same way.
//!
//! A fact that somebody corrected since stays, and so does what it rests on: whoever corrected it
//! looked at it. People and areas stay as the import left them.

use super::hand::{Done, Hand, Piece};
use super::{Importer, score_stale};
use crate::Refused;
use crate::live::{CHUNK, Live, Scoring, is_retraction};
use base::Diagnostic;
use monitor::facts::{Claim, RETRACTED, holding};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::Tx;
use store::facts::{FactRow, Subject};
use store::recorded::{self, Ranges};

/// What is taken back.
#[derive(Clone, Debug)]
pub struct Undo {
    /// The job that recorded it.
    pub job: String,
    /// How people know that job: the name of its file.
    pub name: Option<String>,
}

/// A fact that was left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The fact.
    pub fact_id: String,
    /// The household it was recorded under, where it was one.
    pub household_id: Option<String>,
    /// What corrected it since.
    pub corrected_by: String,
}

/// What became of an undo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Facts that were taken back now.
    pub taken_back: u64,
    /// Those that had been taken back before.
    pub known: u64,
    /// Those that somebody corrected since, and that stay.
    pub corrected: u64,
    /// The first of them.
    pub left: Vec<Left>,
    /// Those of households that whoever undoes may not write any more; they stay.
    pub elsewhere: u64,
    /// Households that were scored again.
    pub scored: u64,
}

/// Facts named in a report.
const NAMED_MAX: usize = 100;

impl Live {
    /// Takes back what a job recorded, about `piece` facts at a time through `hand`.
    ///
    /// # Errors
    /// Those of the database and of the evaluation. What was taken back before the error stays so,
    /// and the same undo goes on from there.
    pub fn undo_by(
        &self,
        undo: &Undo,
        importer: &Importer,
        piece: usize,
        hand: &mut dyn Hand,
    ) -> Result<Undone, Refused> {
        self.undo(undo, importer, piece, hand).map_err(|it| vec![it])
    }

    fn undo(
        &self,
        undo: &Undo,
        importer: &Importer,
        piece: usize,
        hand: &mut dyn Hand,
    ) -> Result<Undone, Diagnostic> {
        let ranges = Arc::new(self.store.read(|tx| recorded::ranges(tx, &undo.job))?);
        let mut undone = Undone::default();
        let mut after = String::new();
        loop {
            let most = CHUNK as i64;
            let found =
                self.store.read(|tx| recorded::subjects(tx, &ranges, &after, most))?.into_iter();
            let mut room = i64::try_from(piece).unwrap_or(i64::MAX);
            let part: Vec<(String, Subject)> = found
                .take_while(|it| {
                    let has_room = room > 0;
                    room -= it.2;
                    has_room
                })
                .map(|it| (it.0, it.1))
                .collect();
            let Some(last) = part.last() else { break };
            after.clone_from(&last.0);
            let subjects = part.into_iter().map(|it| it.1).collect();
            let done =
                hand.write(work(undo.clone(), ranges.clone(), subjects, importer.clone()))?;
            undone.add(done);
            let seen = undone.taken_back + undone.known + undone.corrected + undone.elsewhere;
            hand.progress("undoing", seen, Some(ranges.count().max(seen)))?;
        }
        undone.scored = score_stale(self, importer, CHUNK, hand)?;
        Ok(undone)
    }
}

impl Undone {
    fn add(&mut self, done: Done) {
        self.taken_back += done.receipt.accepted;
        self.known += done.receipt.known + done.unchanged;
        self.elsewhere += done.receipt.rejected.len() as u64;
        self.corrected += done.stay.len() as u64;
        let room = NAMED_MAX - self.left.len().min(NAMED_MAX);
        self.left.extend(done.stay.into_iter().take(room));
    }
}

fn work(undo: Undo, ranges: Arc<Ranges>, subjects: Vec<Subject>, importer: Importer) -> Piece {
    Box::new(move |live: &Live, tx: &mut Tx<'_>| {
        let mut done = Done::default();
        let all = recorded::of_subjects(tx, &ranges, &subjects)?;
        let mut retractions = Vec::new();
        for own in all.chunk_by(|a, b| a.0.subject == b.0.subject) {
            let looked_at = Own::of(own);
            done.unchanged += looked_at.gone;
            done.stay.extend(looked_at.left);
            let taken = looked_at.taken.into_iter();
            retractions.extend(taken.map(|it| retraction(it, &undo, importer.now)));
        }
        done.receipt = live.ingest_in(tx, &retractions, Scoring::Later, &importer.act())?;
        Ok(done)
    })
}

/// What an undo finds under one subject.
struct Own<'f> {
    /// To be taken back.
    taken: Vec<&'f FactRow>,
    /// Corrected since.
    left: Vec<Left>,
    /// Taken back before.
    gone: u64,
}

impl<'f> Own<'f> {
    /// Looks at all facts of a subject, each with whether the job recorded it.
    fn of(facts: &'f [(FactRow, bool)]) -> Self {
        let claims = facts.iter().filter_map(|(it, _)| {
            let of = it.supersedes.as_deref()?;
            Some(Claim { id: &it.fact_id, of, is_retraction: is_retraction(it) })
        });
        let (retractions, corrections): (Vec<_>, Vec<_>) =
            holding(claims).into_iter().partition(|it| it.is_retraction);
        let gone: BTreeSet<&str> = retractions.iter().map(|it| it.of).collect();
        let corrected: BTreeMap<&str, &str> = corrections.iter().map(|it| (it.of, it.id)).collect();
        let recorded: BTreeSet<&str> =
            facts.iter().filter(|it| it.1).map(|it| it.0.fact_id.as_str()).collect();
        let standing = |it: &&str| !gone.contains(it);
        let mut left: BTreeMap<&str, &str> = BTreeMap::new();
        // From what others corrected down to what that rested on.
        let mut next: Vec<(&str, &str)> = corrected
            .iter()
            .map(|(of, by)| (*of, *by))
            .filter(|it| !recorded.contains(it.1))
            .collect();
        while let Some((fact, by)) = next.pop() {
            let is_new =
                recorded.contains(fact) && standing(&fact) && left.insert(fact, by).is_none();
            let before = corrections.iter().filter(|it| is_new && it.id == fact);
            next.extend(before.map(|it| (it.of, fact)));
        }
        let of_job = facts.iter().filter(|it| it.1).map(|it| &it.0);
        let (mut taken, mut count) = (Vec::new(), 0);
        for fact in of_job {
            if gone.contains(fact.fact_id.as_str()) {
                count += 1;
            } else if !left.contains_key(fact.fact_id.as_str()) {
                taken.push(fact);
            }
        }
        let named = facts.iter().filter_map(|(it, _)| {
            let by = left.get(it.fact_id.as_str())?;
            let household_id = match &it.subject {
                Subject::Household(household) => Some(household.clone()),
                Subject::Member(_) | Subject::Site(_) => None,
            };
            let corrected_by = (*by).to_owned();
            Some(Left { fact_id: it.fact_id.clone(), household_id, corrected_by })
        });
        Self { left: named.collect(), taken, gone: count }
    }
}

/// A fact that takes another one back; the same each time for the same undo.
fn retraction(fact: &FactRow, undo: &Undo, now: i64) -> FactRow {
    let digest = blake3::hash(format!("{}/{}", undo.job, fact.fact_id).as_bytes());
    // The whole id is its value.
    let short = undo.job.get(..8).unwrap_or(&undo.job);
    let reason = match &undo.name {
        Some(name) => format!("import {short}, {name}"),
        None => format!("import {short}"),
    };
    let reason = reason.chars().filter(|it| !it.is_control()).take(500).collect();
    FactRow {
        fact_id: format!("u{}", &digest.to_hex().as_str()[..40]),
        fact: RETRACTED.to_owned(),
        value: undo.job.clone(),
        valid_to: None,
        // Nobody knew earlier that it was wrong than that it was told.
        recorded_at: now.max(fact.recorded_at),
        source: None,
        supersedes: Some(fact.fact_id.clone()),
        reason: Some(reason),
        ..fact.clone()
    }
}
