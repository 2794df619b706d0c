//! What is decided of a pair: one person, two people, and one made two again.
//!
//! No fact is changed: while a merge holds, facts of the entry that counts no more are read as
//! those of the one that does, and every household they reach is scored again.

use super::duplicates::{DISTINCT, ONE, OPEN};
use super::put::writing::parts_of;
use super::{ERASED, MERGED, nobody};
use crate::live::{Act, FIRST, Live, OPEN as PERIOD};
use base::Diagnostic;
use base::codes::people as codes;
use monitor::facts::MEMBER_OF;
use std::collections::{BTreeMap, BTreeSet};
use store::facts::{self, Subject};
use store::people::merges::{self, MergeRow};
use store::people::persons::{self, PersonRow, Placed};
use store::people::{duplicates, names};
use store::{Tx, events};

/// What somebody decided of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// One person; the entry that counts from now on, or the one that was there first.
    Merge(Option<String>),
    /// Two people.
    Distinct,
}

/// What became of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The merge, if it is one now.
    pub merge: Option<i64>,
    /// What the pair is now.
    pub state: &'static str,
}

fn refused(message: String, hint: &str) -> Diagnostic {
    Diagnostic::new(&codes::CANNOT_MERGE, message).hint(hint.to_owned())
}

impl Live {
    /// Decides a pair, as part of a transaction. The same decision again changes nothing.
    ///
    /// # Errors
    /// I003: no such pair, or not both in the areas of who acts; I006; those of the database.
    pub fn decide_duplicate(
        &self,
        tx: &mut Tx<'_>,
        number: i64,
        decision: &Decision,
        act: &Act<'_>,
    ) -> Result<Decided, Diagnostic> {
        let pair = duplicates::by_number(tx, number)?.ok_or_else(nobody)?;
        let one = seen(tx, &pair.one, act)?;
        let other = seen(tx, &pair.other, act)?;
        let held = merges::of_person(tx, &pair.one)?
            .into_iter()
            .find(|it| it.undone_at.is_none() && [&it.kept, &it.merged].contains(&&pair.other));
        match (decision, held) {
            (Decision::Distinct, Some(held)) => {
                let message = format!("the two are one person by merge {}", held.number);
                Err(refused(message, "undo that merge first"))
            }
            (Decision::Distinct, None) => {
                if pair.state != DISTINCT {
                    duplicates::decide(tx, number, DISTINCT, Some((act.actor, act.now)))?;
                    let content = format!("{number} {DISTINCT}");
                    self.record(tx, act, "duplicate.decide", Some(&pair.one), content.as_bytes())?;
                }
                Ok(Decided { merge: None, state: DISTINCT })
            }
            (Decision::Merge(_), Some(held)) => {
                Ok(Decided { merge: Some(held.number), state: ONE })
            }
            (Decision::Merge(keep), None) => {
                let first = if one.0.number < other.0.number { &pair.one } else { &pair.other };
                let keep = keep.as_ref().unwrap_or(first);
                let (kept, merged) = match keep {
                    it if *it == pair.one => (one, other),
                    it if *it == pair.other => (other, one),
                    _ => {
                        return Err(refused(
                            "`keep` is none of the two".into(),
                            "name one of them",
                        ));
                    }
                };
                let merge = self.merge(tx, &kept.0, &merged, number, act)?;
                Ok(Decided { merge: Some(merge), state: ONE })
            }
        }
    }

    fn merge(
        &self,
        tx: &mut Tx<'_>,
        kept: &PersonRow,
        (merged, area): &Placed,
        duplicate: i64,
        act: &Act<'_>,
    ) -> Result<i64, Diagnostic> {
        if let Some(it) =
            [kept, merged].into_iter().find(|it| [MERGED, ERASED].contains(&&*it.status))
        {
            let message = format!("`{}` is {} already", it.person_id, it.status);
            return Err(refused(message, "look at the entry that counts instead"));
        }
        names::remove(tx, &parts_of(merged, area.as_deref().unwrap_or_default()))?;
        let row = PersonRow {
            status: MERGED.to_owned(),
            merged_into: Some(kept.person_id.clone()),
            updated_at: act.now,
            ..merged.clone()
        };
        persons::put(tx, &[&row])?;
        let merge = MergeRow {
            number: 0,
            kept: kept.person_id.clone(),
            merged: merged.person_id.clone(),
            status_before: merged.status.clone(),
            duplicate: Some(duplicate),
            at: act.now,
            actor: act.actor.to_owned(),
            undone_at: None,
            undone_by: None,
        };
        let number = merges::add(tx, &merge)?;
        duplicates::decide(tx, duplicate, ONE, Some((act.actor, act.now)))?;
        let content = format!("{number} {} {}", merge.kept, merge.merged);
        self.record(tx, act, "person.merge", Some(&merge.kept), content.as_bytes())?;
        self.count_anew(tx, [&merge.kept, &merge.merged], act)?;
        Ok(number)
    }

    /// Makes two of one again, as part of a transaction. Undone already, it changes nothing.
    ///
    /// # Errors
    /// I003: no such merge, or not both in the areas of who acts; I006; those of the database.
    pub fn undo_merge(
        &self,
        tx: &mut Tx<'_>,
        number: i64,
        act: &Act<'_>,
    ) -> Result<MergeRow, Diagnostic> {
        let merge = merges::by_number(tx, number)?.ok_or_else(nobody)?;
        seen(tx, &merge.kept, act)?;
        let (merged, area) = seen(tx, &merge.merged, act)?;
        if merge.undone_at.is_some() {
            return Ok(merge);
        }
        if merged.status == ERASED {
            let message = format!("`{}` was erased since", merge.merged);
            return Err(refused(message, "what was erased does not come back"));
        }
        let row = PersonRow {
            status: merge.status_before.clone(),
            merged_into: None,
            updated_at: act.now,
            ..merged
        };
        persons::put(tx, &[&row])?;
        names::add(tx, parts_of(&row, area.as_deref().unwrap_or_default()))?;
        merges::undo(tx, number, act.actor, act.now)?;
        if let Some(duplicate) = merge.duplicate {
            duplicates::decide(tx, duplicate, OPEN, None)?;
        }
        let content = format!("{number} {} {}", merge.kept, merge.merged);
        self.record(tx, act, "merge.undo", Some(&merge.kept), content.as_bytes())?;
        self.count_anew(tx, [&merge.kept, &merge.merged], act)?;
        Ok(merges::by_number(tx, number)?.unwrap_or(merge))
    }

    /// Works out anew whose facts count as whose around two people, and scores whom that touches.
    fn count_anew(
        &self,
        tx: &mut Tx<'_>,
        two: [&String; 2],
        act: &Act<'_>,
    ) -> Result<(), Diagnostic> {
        let all = together(tx, two)?;
        let members: Vec<&str> = all.keys().map(String::as_str).collect();
        let merged: BTreeMap<String, String> = all
            .iter()
            .filter(|(id, kept)| id != kept || all.values().filter(|it| it == kept).count() > 1)
            .map(|(id, kept)| (id.clone(), kept.clone()))
            .collect();
        merges::set_aliases(tx, &members, &merged)?;
        let (Some(first), Some(open)) = (self.period(tx, FIRST)?, self.period(tx, PERIOD)?) else {
            return Ok(());
        };
        let from = i64::from(first.index());
        let touched = households(tx, &members)?.into_iter().map(|it| (it, from)).collect();
        let mut happened = Vec::new();
        self.score(tx, &touched, open, act, &mut happened)?;
        Ok(events::append(tx, &mut happened)?)
    }
}

/// A person that whoever acts may see.
fn seen(tx: &mut Tx<'_>, id: &str, act: &Act<'_>) -> Result<Placed, Diagnostic> {
    let found = persons::by_id(tx, id)?.filter(|it| act.within.holds(it.1.as_deref()));
    found.ok_or_else(nobody)
}

/// Everybody who has to do with two people by merges, each with the entry that counts for them now.
fn together(tx: &mut Tx<'_>, two: [&String; 2]) -> Result<BTreeMap<String, String>, Diagnostic> {
    let mut waiting: Vec<String> = two.map(Clone::clone).to_vec();
    let (mut all, mut into) = (BTreeSet::new(), BTreeMap::new());
    while let Some(id) = waiting.pop() {
        if !all.insert(id.clone()) {
            continue;
        }
        for it in merges::of_person(tx, &id)? {
            if it.undone_at.is_none() {
                into.insert(it.merged.clone(), it.kept.clone());
            }
            waiting.extend([it.kept, it.merged]);
        }
    }
    let root = |id: &String| {
        let mut at = id;
        // An entry that counts no more is merged into nobody else, so this ends.
        while let Some(next) = into.get(at) {
            at = next;
        }
        at.clone()
    };
    Ok(all.iter().map(|id| (id.clone(), root(id))).collect())
}

/// Households that facts of some members lie in or lead to.
fn households(tx: &mut Tx<'_>, members: &[&str]) -> Result<BTreeSet<String>, Diagnostic> {
    let subjects: BTreeSet<Subject> =
        facts::lies(tx, members)?.into_iter().map(|it| it.1).collect();
    let subjects: Vec<Subject> = subjects.into_iter().collect();
    let mut found = BTreeSet::new();
    facts::of(tx, &subjects, &mut |fact| {
        if fact.member_id.as_deref().is_some_and(|it| members.contains(&it)) {
            if fact.fact == MEMBER_OF {
                found.insert(fact.value);
            }
            if let Subject::Household(household) = fact.subject {
                found.insert(household);
            }
        }
        Ok(())
    })?;
    Ok(found)
}
