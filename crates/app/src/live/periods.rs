//! The end of a period: its warnings ranked within the budget, and the next one under watch.

use super::{Act, CHUNK, FIRST, Live, OPEN, warned};
use crate::assess::county;
use base::codes::live as codes;
use base::{AreaCode, Diagnostic, Period};
use monitor::warnings::budget::Budgets;
use monitor::warnings::{self, Ranked, Warning};
use std::collections::BTreeMap;
use store::{Tx, Within, facts, scored, scores, settings, stale};

/// What closing a period gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The period that was closed.
    pub closed: String,
    /// The one under watch now.
    pub open: String,
    /// Warnings within the budget, and beyond it.
    pub ranked: (u64, u64),
}

impl Live {
    /// Ranks the warnings of the period under watch and goes on to the next one, for which every
    /// household is noted as stale (see [`Live::catch_up`]).
    ///
    /// # Errors
    /// No fact was ever taken; those of the database and of the evaluation.
    pub fn close_period(&self, act: &Act<'_>) -> Result<Closed, Diagnostic> {
        self.store.write(|tx| {
            let Some(open) = self.period(tx, OPEN)? else {
                let finding = Diagnostic::new(&codes::NO_PERIOD, "no period is under watch");
                return Err(finding.hint("take facts first: `holdfast import`"));
            };
            let ranked = self.rank(tx, open)?;
            let next = open.offset(1);
            settings::set(tx, OPEN, &next.to_string());
            each_household(tx, &mut |tx, households| {
                let noted = households.iter().map(|it| (it.clone(), next.index().into()));
                Ok(stale::add(tx, &noted.collect())?)
            })?;
            // Whatever was kept of the period that is closed does not hold for the next one.
            scored::forget(tx)?;
            let what = open.to_string();
            self.record(tx, act, "period.close", Some(&what), what.as_bytes())?;
            Ok(Closed { closed: what, open: next.to_string(), ranked })
        })
    }

    /// Gives every warning of a period its rank.
    fn rank(&self, tx: &mut Tx<'_>, open: Period) -> Result<(u64, u64), Diagnostic> {
        let mut found: Vec<Warning> = Vec::new();
        each_household(tx, &mut |tx, households| {
            let ids: Vec<&str> = households.iter().map(String::as_str).collect();
            found.extend(self.derive(tx, &ids, (open, open), None)?.warnings);
            Ok(())
        })?;
        let pack = self.timeline(tx)?.at(open).policy.pack().clone();
        let (mut households, mut total) = (BTreeMap::<AreaCode, u64>::new(), 0);
        for (area, _, count) in scores::counts(tx, open.index().into(), &Within::Everywhere)? {
            let count = count.unsigned_abs();
            total += count;
            if let Some(area) = area {
                *households.entry(county(&pack, &AreaCode::new(area))).or_default() += count;
            }
        }
        let budgets = Budgets::new(&pack.scoring.warnings, &households, total, None);
        let ranked = warnings::rank(found, &budgets);
        let within = ranked.iter().filter(|it| it.is_within_budget).count() as u64;
        for part in ranked.chunks(CHUNK) {
            write_ranks(tx, part)?;
        }
        Ok((within, ranked.len() as u64 - within))
    }

    /// First and last period under watch.
    ///
    /// # Errors
    /// Those of the database.
    pub fn watched(&self, tx: &mut Tx<'_>) -> Result<Option<(Period, Period)>, Diagnostic> {
        Ok(self.period(tx, FIRST)?.zip(self.period(tx, OPEN)?))
    }
}

fn write_ranks(tx: &mut Tx<'_>, part: &[Ranked]) -> Result<(), Diagnostic> {
    let ids: Vec<&str> = part.iter().map(|it| it.warning.household.as_str()).collect();
    let mut rows = store::warnings::of_households(tx, &ids)?;
    rows.retain(|it| it.state != warned::ENDED);
    for row in &mut rows {
        if let Some(it) = part.iter().find(|it| it.warning.id == row.warning_id) {
            row.rank = Some(it.rank.try_into().unwrap_or(i64::MAX));
            row.within_budget = Some(it.is_within_budget.into());
        }
    }
    store::warnings::put(tx, &rows)?;
    Ok(())
}

/// What is done with some households.
type Each<'a> = dyn FnMut(&mut Tx<'_>, &[String]) -> Result<(), Diagnostic> + 'a;

/// Calls `each` with all households that have facts, in order, [`CHUNK`] at a time.
pub(super) fn each_household(tx: &mut Tx<'_>, each: &mut Each<'_>) -> Result<(), Diagnostic> {
    let mut last = String::new();
    loop {
        let households = facts::households(tx, &last, CHUNK as i64)?;
        let Some(end) = households.last() else { return Ok(()) };
        last.clone_from(end);
        each(tx, &households)?;
    }
}
