//! One attribute of one household in one period, out of the facts that count.

use super::registry::Around;
use crate::facts::Fact;
use base::Period;
use pack::{Attribute, FactKind, FromFacts, Subject, Take};

/// How an attribute is made.
pub struct Maker<'a> {
    /// The attribute.
    pub attribute: &'a Attribute,
    /// How it comes from facts.
    pub from: &'a FromFacts,
    /// Number of its fact's code.
    pub code: u16,
}

/// A value with the period in which it was observed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The value as a number; true is 1.
    pub number: Option<f64>,
    /// The value as text.
    pub text: Option<String>,
    /// The period of the observation, as `Period::index`.
    pub observed: Option<i32>,
}

/// An amount in its period.
type Amount = (i32, f64);

impl Maker<'_> {
    /// The value in a period.
    pub fn cell(&self, around: &Around<'_>, period: Period) -> Cell {
        let subjects: &[&[&Fact]] = match self.from.subject {
            Subject::Household => &around.household,
            Subject::Site => &around.site,
            Subject::Member => &around.members,
        };
        let cell = match self.from.kind {
            FactKind::State => self.state(subjects, period, around.end),
            FactKind::Amount | FactKind::CumulativeYtd => self.amount(subjects, period, around.end),
        };
        cell.unwrap_or_else(|| match self.from.absent {
            Some(absent) => {
                Cell { number: Some(absent), text: None, observed: Some(period.index()) }
            }
            None => Cell::default(),
        })
    }

    fn own<'f>(&self, facts: &'f [&'f Fact]) -> impl Iterator<Item = &'f Fact> {
        // Settled facts are sorted by code.
        let start = facts.partition_point(|it| it.code < self.code);
        let code = self.code;
        facts[start..].iter().copied().take_while(move |it| it.code == code)
    }

    fn amount(&self, subjects: &[&[&Fact]], period: Period, end: i32) -> Option<Cell> {
        let window = self.from.window_periods.unwrap_or(1) as i32;
        let (first, last) = (period.index() - window + 1, period.index());
        let mut amounts: Vec<Amount> = Vec::new();
        let is_within = |it: &Amount| (first..=last).contains(&it.0);
        for facts in subjects {
            match self.from.kind {
                FactKind::CumulativeYtd => {
                    let steps = self.steps_of_totals(facts, period, end);
                    amounts.extend(steps.into_iter().filter(is_within));
                }
                _ => {
                    let plain = self.own(facts).filter_map(|it| Some((it.at?, it.number?)));
                    amounts.extend(plain.filter(is_within));
                }
            }
        }
        let observed = amounts.iter().map(|it| it.0).max()?;
        let values = || amounts.iter().map(|it| it.1);
        let number = match self.from.take {
            Take::Sum => values().sum(),
            Take::Max => values().fold(f64::NEG_INFINITY, f64::max),
            Take::Min => values().fold(f64::INFINITY, f64::min),
            Take::Count => amounts.len() as f64,
            Take::Any => f64::from(u8::from(values().any(|it| it != 0.0))),
            Take::Latest => amounts.iter().rev().find(|it| it.0 == observed)?.1,
        };
        Some(Cell { number: Some(number), text: None, observed: Some(observed) })
    }

    /// Totals since the start of the year as amounts: each is what it adds to the one before it in
    /// its year. A total that falls is a correction and takes back what was too much.
    fn steps_of_totals(&self, facts: &[&Fact], period: Period, end: i32) -> Vec<Amount> {
        let steps = period.kind().steps_per_year().unwrap_or(1);
        let mut totals: Vec<(i32, i64, &str, f64)> = self
            .own(facts)
            .filter(|it| it.day() <= end)
            .filter_map(|it| Some((it.at?, it.recorded_at, it.id.as_str(), it.number?)))
            .collect();
        totals.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
        // Of several totals of one period the one recorded last counts.
        let mut amounts: Vec<Amount> = Vec::new();
        let mut before: Option<Amount> = None;
        for (position, (at, _, _, total)) in totals.iter().enumerate() {
            if totals.get(position + 1).is_some_and(|next| next.0 == *at) {
                continue;
            }
            let same_year = before.filter(|it| it.0.div_euclid(steps) == at.div_euclid(steps));
            amounts.push((*at, total - same_year.map_or(0.0, |it| it.1)));
            before = Some((*at, *total));
        }
        amounts
    }

    fn state(&self, subjects: &[&[&Fact]], period: Period, end: i32) -> Option<Cell> {
        let earliest = self.from.window_periods.map(|it| period.index() - it as i32 + 1);
        let latest = subjects.iter().filter_map(|facts| {
            let fact = self.latest(facts, end)?;
            let observed = fact.begins?;
            earliest.is_none_or(|it| observed >= it).then_some((fact, observed))
        });
        let latest: Vec<(&Fact, i32)> = latest.collect();
        let observed = latest.iter().map(|it| it.1).max()?;
        if self.from.take == Take::Latest {
            let (fact, observed) = latest.iter().max_by_key(|it| it.1)?;
            let text = Some(fact.text.clone());
            return Some(Cell { number: fact.number, text, observed: Some(*observed) });
        }
        let counts = |fact: &Fact| match self.from.matching.as_slice() {
            [] => fact.number.is_some_and(|it| it != 0.0),
            matching => matching.contains(&fact.text),
        };
        let numbers = || latest.iter().filter_map(|it| it.0.number);
        let number = match self.from.take {
            Take::Count => Some(latest.iter().filter(|it| counts(it.0)).count() as f64),
            Take::Any => Some(f64::from(u8::from(latest.iter().any(|it| counts(it.0))))),
            Take::Sum => numbers().reduce(|a, b| a + b),
            Take::Max => numbers().reduce(f64::max),
            Take::Min => numbers().reduce(f64::min),
            Take::Latest => None,
        };
        Some(Cell { number, text: None, observed: Some(observed) })
    }

    /// The state in force on a day: the greatest by (valid end, recorded at, id). An open state is
    /// known to hold from its first day on, so it stands with that day: of two open states the one
    /// that began later is in force.
    fn latest<'f>(&self, facts: &'f [&'f Fact], end: i32) -> Option<&'f Fact> {
        let in_force = |it: &&Fact| it.from <= end && it.to.is_none_or(|to| to >= end);
        self.own(facts)
            .filter(in_force)
            .max_by(|a, b| (a.day(), a.recorded_at, &a.id).cmp(&(b.day(), b.recorded_at, &b.id)))
    }
}
