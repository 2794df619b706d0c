//! From which day a version holds: proposed by one person, approved or refused by another.

use super::{APPROVED, day_of, last_day, no_such_version, number_of};
use crate::live::derive::Derived;
use crate::live::periods::each_household;
use crate::live::{Act, Live};
use base::codes::access;
use base::codes::policy as codes;
use base::{Diagnostic, Period};
use jiff::civil::Date;
use std::collections::BTreeMap;
use store::policies::{self, ActivationRow};
use store::{Tx, Within, settings, stale};

/// A version that somebody wants to hold from a day on.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Hash of the version.
    pub hash: String,
    /// From which day.
    pub from: Date,
    /// Why.
    pub note: Option<String>,
}

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has decided yet.
    Proposed,
    /// A second person agreed.
    Approved,
    /// Somebody did not.
    Refused,
}

impl Standing {
    /// Of a row.
    pub const fn of(row: &ActivationRow) -> Self {
        match (row.approved_at, row.refused_at) {
            (Some(_), _) => Self::Approved,
            (None, Some(_)) => Self::Refused,
            (None, None) => Self::Proposed,
        }
    }

    /// The word used in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }
}

impl Live {
    /// Proposes that a version come into force. The same proposal of the same person a second
    /// time, while nobody has decided, is the same proposal.
    ///
    /// # Errors
    /// V002, V006; those of the database.
    pub fn propose_in(
        &self,
        tx: &mut Tx<'_>,
        proposal: &Proposal,
        act: &Act<'_>,
    ) -> Result<ActivationRow, Diagnostic> {
        let known = policies::by_hash(tx, &proposal.hash)?;
        let version = known.ok_or_else(|| no_such_version(&proposal.hash))?;
        let from_day = number_of(proposal.from);
        self.assert_ahead(tx, from_day)?;
        let all = policies::activations(tx)?;
        let same = all.into_iter().find(|it| {
            let is_same = it.hash == version.hash && it.from_day == from_day;
            is_same && it.proposed_by == act.actor && Standing::of(it) == Standing::Proposed
        });
        if let Some(same) = same {
            return Ok(same);
        }
        let mut row = ActivationRow {
            hash: version.hash,
            from_day,
            note: proposal.note.clone(),
            proposed_by: act.actor.to_owned(),
            proposed_at: act.now,
            ..ActivationRow::default()
        };
        row.number = policies::propose(tx, &row)?;
        let what = format!("{} from {}", row.hash, proposal.from);
        self.record(tx, act, "policy.propose", Some(&row.number.to_string()), what.as_bytes())?;
        Ok(row)
    }

    /// Approves what somebody else proposed. Where it comes into force in the period under watch
    /// every household is noted as stale (see [`Live::catch_up`]).
    ///
    /// # Errors
    /// V006 to V009, A002 for somebody of some areas alone; those of the database.
    pub fn approve_in(
        &self,
        tx: &mut Tx<'_>,
        number: i64,
        act: &Act<'_>,
    ) -> Result<ActivationRow, Diagnostic> {
        let row = self.proposal(tx, number, act)?;
        if row.approved_by.as_deref() == Some(act.actor) && row.proposed_by != act.actor {
            return Ok(row);
        }
        assert_open(&row)?;
        if row.proposed_by == act.actor {
            let message = "you have proposed it: a second person has to approve it";
            return Err(Diagnostic::new(&codes::SAME_PERSON, message)
                .hint("ask somebody else whose role may approve policies"));
        }
        self.assert_ahead(tx, row.from_day)?;
        let open = self.watched(tx)?.map(|it| it.1);
        let before = open.map(|it| Ok::<_, Diagnostic>(self.timeline(tx)?.at(it).number));
        let before = before.transpose()?;
        policies::approve(tx, number, act.actor, act.now)?;
        self.approved(tx)?;
        self.record(tx, act, "policy.approve", Some(&number.to_string()), row.hash.as_bytes())?;
        if let Some(open) = open
            && Some(self.timeline(tx)?.at(open).number) != before
        {
            note_all(tx, open)?;
        }
        policies::by_number(tx, number)?.ok_or_else(|| no_such_proposal(number))
    }

    /// Refuses a proposal, one's own too.
    ///
    /// # Errors
    /// V007, V008, A002 for somebody of some areas alone; those of the database.
    pub fn refuse_in(
        &self,
        tx: &mut Tx<'_>,
        number: i64,
        act: &Act<'_>,
    ) -> Result<ActivationRow, Diagnostic> {
        let row = self.proposal(tx, number, act)?;
        if row.refused_by.as_deref() == Some(act.actor) {
            return Ok(row);
        }
        assert_open(&row)?;
        policies::refuse(tx, number, act.actor, act.now)?;
        self.record(tx, act, "policy.refuse", Some(&number.to_string()), row.hash.as_bytes())?;
        policies::by_number(tx, number)?.ok_or_else(|| no_such_proposal(number))
    }

    /// A proposal for somebody who decides for all areas.
    fn proposal(
        &self,
        tx: &mut Tx<'_>,
        number: i64,
        act: &Act<'_>,
    ) -> Result<ActivationRow, Diagnostic> {
        if *act.within != Within::Everywhere {
            let finding =
                Diagnostic::new(&access::FORBIDDEN, "a policy holds for all areas at once");
            return Err(finding.hint("ask somebody who is responsible for all of them"));
        }
        let row = policies::by_number(tx, number)?.ok_or_else(|| no_such_proposal(number))?;
        Ok(row)
    }

    /// Refuses a day in a period that is closed.
    fn assert_ahead(&self, tx: &mut Tx<'_>, from_day: i64) -> Result<(), Diagnostic> {
        let Some((_, open)) = self.watched(tx)? else { return Ok(()) };
        let first = open.offset(-1);
        if from_day > last_day(first) {
            return Ok(());
        }
        let day = day_of(from_day).map_or_else(String::new, |it| it.to_string());
        let first = open.first_day().map_or_else(|| open.to_string(), |it| it.to_string());
        let message = format!("{day} lies before {open}, the period under watch");
        Err(Diagnostic::new(&codes::CLOSED_PERIOD, message)
            .hint(format!("closed periods keep the policy of their time: choose {first} or later")))
    }

    /// Lets everybody see that something was approved.
    pub(super) fn approved(&self, tx: &mut Tx<'_>) -> Result<(), Diagnostic> {
        let mut hasher = blake3::Hasher::new();
        for it in policies::activations(tx)?.iter().filter(|it| it.approved_at.is_some()) {
            let line = format!("{} {} {} {:?}\n", it.number, it.hash, it.from_day, it.approved_at);
            hasher.update(line.as_bytes());
        }
        settings::set(tx, APPROVED, hasher.finalize().to_hex().as_str());
        Ok(())
    }
}

fn assert_open(row: &ActivationRow) -> Result<(), Diagnostic> {
    let Some(by) = row.approved_by.as_ref().or(row.refused_by.as_ref()) else { return Ok(()) };
    let message = format!("{by} has decided on proposal {} before", row.number);
    Err(Diagnostic::new(&codes::ALREADY_DECIDED, message).hint("propose the version again"))
}

/// Notes that every household has to be scored again in a period.
fn note_all(tx: &mut Tx<'_>, open: Period) -> Result<(), Diagnostic> {
    each_household(tx, &mut |tx, households| {
        let noted = households.iter().map(|it| (it.clone(), open.index().into()));
        Ok(stale::add(tx, &noted.collect())?)
    })
}

fn no_such_proposal(number: i64) -> Diagnostic {
    Diagnostic::new(&codes::NO_SUCH_PROPOSAL, format!("there is no proposal {number}"))
        .hint("GET /api/v1/policy/versions shows what was proposed")
}

impl Live {
    /// Counts, before scores are written, households whose band in the period under watch changes
    /// because another policy holds there now.
    pub(in crate::live) fn count_impact(
        &self,
        tx: &mut Tx<'_>,
        households: &[&str],
        open: Period,
        derived: &Derived,
    ) -> Result<(), Diagnostic> {
        let timeline = self.timeline(tx)?;
        let now = timeline.at(open);
        let Some(number) = now.number else { return Ok(()) };
        let hash = &now.policy.pack().hash;
        let before = policies::bands_under_others(tx, open.index().into(), hash, households)?;
        if before.is_empty() {
            return Ok(());
        }
        let after = derived.scores.iter().filter(|it| it.period == i64::from(open.index()));
        let after: BTreeMap<&str, i64> =
            after.map(|it| (it.household_id.as_str(), it.band)).collect();
        let changed = before.iter().filter(|it| after.get(it.0.as_str()) != Some(&it.1)).count();
        Ok(policies::count(tx, number, before.len() as i64, changed as i64)?)
    }
}
