//! One attribute of one household over its periods, out of the facts that count.
//!
//! Facts are looked up once for all periods: a panel has many of them, and each looks at few facts.

use super::registry::{Group, Registry, Sites};
use super::steps::Step;
use crate::facts::Fact;
use base::PeriodKind;
use pack::{Attribute, FactKind, FromFacts, Subject, Take};

/// How an attribute is made.
pub struct Maker<'a> {
    /// The attribute.
    pub attribute: &'a Attribute,
    /// How it comes from facts.
    pub from: &'a FromFacts,
    /// Number of its fact's code.
    pub code: u16,
    /// The pack's kind of periods.
    pub kind: PeriodKind,
}

/// A value with the period in which it was observed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell<'a> {
    /// The value as a number; true is 1.
    pub number: Option<f64>,
    /// The value as text.
    pub text: Option<&'a str>,
    /// The period of the observation, as `Period::index`.
    pub observed: Option<i32>,
}

/// An amount in its period.
type Amount = (i32, f64);

impl Maker<'_> {
    /// The values of a household in some periods, of which `steps` from `first` on are asked for.
    pub fn cells<'a>(
        &self,
        registry: &Registry<'a>,
        sites: &Sites<'a>,
        steps: &[Step],
        wanted: std::ops::Range<usize>,
        cells: &mut Vec<Cell<'a>>,
    ) {
        let groups = match self.from.subject {
            Subject::Household => registry.household(self.code),
            Subject::Site => registry.site(sites, self.code),
            Subject::Member => registry.members(self.code),
        };
        let or_absent = |cell: Option<Cell<'a>>, step: &Step| {
            cell.unwrap_or_else(|| match self.from.absent {
                Some(it) => Cell { number: Some(it), text: None, observed: Some(step.index) },
                None => Cell::default(),
            })
        };
        match self.from.kind {
            FactKind::State => {
                let mut latest_of = Vec::with_capacity(groups.len());
                cells.extend(wanted.map(|position| {
                    let step = &steps[position];
                    or_absent(self.state(&groups, position, step, &mut latest_of), step)
                }));
            }
            FactKind::Amount | FactKind::CumulativeYtd => {
                let amounts: Vec<Vec<Amount>> =
                    groups.iter().map(|it| self.amounts(it.facts)).collect();
                cells.extend(wanted.map(|position| {
                    let there = groups.iter().zip(&amounts).filter(|it| it.0.counts(position));
                    let there = there.flat_map(|it| it.1.iter().copied());
                    let step = &steps[position];
                    or_absent(self.amount(there, step), step)
                }));
            }
        }
    }

    /// What facts of one subject add to its periods.
    fn amounts(&self, facts: &[&Fact]) -> Vec<Amount> {
        match self.from.kind {
            FactKind::CumulativeYtd => self.steps_of_totals(facts),
            _ => facts.iter().filter_map(|it| Some((it.at?, it.number?))).collect(),
        }
    }

    fn amount<'a>(&self, amounts: impl Iterator<Item = Amount>, step: &Step) -> Option<Cell<'a>> {
        let window = self.from.window_periods.unwrap_or(1) as i32;
        let (first, last) = (step.index - window + 1, step.index);
        let mut amounts = amounts.filter(|it| (first..=last).contains(&it.0));
        let (first_at, first) = amounts.next()?;
        let any = |it: f64| f64::from(u8::from(it != 0.0));
        let mut observed = first_at;
        let mut number = match self.from.take {
            Take::Count => 1.0,
            Take::Any => any(first),
            // Minus zero never leaves a sum.
            Take::Sum => 0.0 + first,
            Take::Max | Take::Min | Take::Latest => first,
        };
        for (at, amount) in amounts {
            number = match self.from.take {
                Take::Sum => number + amount,
                Take::Max => number.max(amount),
                Take::Min => number.min(amount),
                Take::Count => number + 1.0,
                Take::Any => number.max(any(amount)),
                // Of several amounts of the latest period the last one.
                Take::Latest if at >= observed => amount,
                Take::Latest => number,
            };
            observed = observed.max(at);
        }
        Some(Cell { number: Some(number), text: None, observed: Some(observed) })
    }

    /// Totals since the start of the year as amounts: each is what it adds to the one before it in
    /// its year. A total that falls is a correction and takes back what was too much. What comes
    /// after a period changes nothing in it, so that all periods share one list.
    fn steps_of_totals(&self, facts: &[&Fact]) -> Vec<Amount> {
        let steps = self.kind.steps_per_year().unwrap_or(1);
        let mut totals: Vec<(i32, i64, &str, f64)> = facts
            .iter()
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

    /// Whether a state says of its subject that it is so.
    pub fn holds(&self, fact: &Fact) -> bool {
        match self.from.matching.as_slice() {
            [] => fact.number.is_some_and(|it| it != 0.0),
            matching => matching.iter().any(|it| *it == fact.text),
        }
    }

    /// `latest_of` is room for the states in force, used again from period to period.
    fn state<'a>(
        &self,
        groups: &[Group<'_, 'a>],
        position: usize,
        step: &Step,
        latest_of: &mut Vec<(&'a Fact, i32)>,
    ) -> Option<Cell<'a>> {
        let earliest = self.from.window_periods.map(|it| step.index - it as i32 + 1);
        latest_of.clear();
        latest_of.extend(groups.iter().filter(|it| it.counts(position)).filter_map(|group| {
            let fact = latest(group.facts, step.end)?;
            let observed = fact.begins?;
            earliest.is_none_or(|it| observed >= it).then_some((fact, observed))
        }));
        let observed = latest_of.iter().map(|it| it.1).max()?;
        if self.from.take == Take::Latest {
            let (fact, observed) = latest_of.iter().max_by_key(|it| it.1)?;
            let text = Some(fact.text.as_str());
            return Some(Cell { number: fact.number, text, observed: Some(*observed) });
        }
        let mut counted = latest_of.iter().filter(|it| self.holds(it.0));
        let numbers = latest_of.iter().filter_map(|it| it.0.number);
        let number = match self.from.take {
            Take::Count => Some(counted.count() as f64),
            Take::Any => Some(f64::from(u8::from(counted.next().is_some()))),
            Take::Sum => numbers.reduce(|a, b| a + b),
            Take::Max => numbers.reduce(f64::max),
            Take::Min => numbers.reduce(f64::min),
            Take::Latest => None,
        };
        Some(Cell { number, text: None, observed: Some(observed) })
    }
}

/// The state in force on a day: the greatest by (valid end, recorded at, id). An open state is
/// known to hold from its first day on, so it stands with that day: of two open states the one
/// that began later is in force. Facts come sorted by their first day.
pub(super) fn latest<'a>(facts: &[&'a Fact], end: i32) -> Option<&'a Fact> {
    facts
        .iter()
        .take_while(|it| it.from <= end)
        .filter(|it| it.to.is_none_or(|to| to >= end))
        .max_by(|a, b| (a.day(), a.recorded_at, &a.id).cmp(&(b.day(), b.recorded_at, &b.id)))
        .copied()
}
