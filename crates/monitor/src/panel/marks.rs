//! What each member is, out of the states that are counted over members: the same facts, read with
//! the same eyes as the panel reads them. Nobody is anything that no fact says of them.

use super::attribute::{Maker, latest};
use super::registry::Registry;
use super::steps::Step;
use crate::facts::{Fact, FactCodes, Shared};
use base::Period;
use pack::Pack;

/// A member of whom a state holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The member.
    pub member: String,
    /// Position of the attribute in the pack.
    pub attribute: usize,
    /// Since which day, from 1970-01-01: the first of those that facts name without a gap.
    pub since: i32,
}

/// What those are who belong to a household at the end of a period, by attribute and member;
/// `facts` are settled (see [`crate::facts::settle`]).
pub fn marks(
    pack: &Pack,
    codes: &FactCodes,
    (household, facts): (&str, &[&Fact]),
    shared: &Shared,
    at: Period,
) -> Vec<Marked> {
    let step = Step::of(at);
    let registry = Registry::of(household, facts, codes, shared, &[step]);
    let mut found = Vec::new();
    for (position, attribute) in pack.attributes.iter().enumerate() {
        let from = attribute.from.as_ref().filter(|_| attribute.mark.is_some());
        let code = from.and_then(|it| codes.number(&it.fact));
        let Some((from, code)) = from.zip(code) else { continue };
        let maker = Maker { attribute, from, code, kind: at.kind() };
        for (member, facts) in registry.each_member(code, 0) {
            if let Some(since) = maker.since(facts, &step) {
                found.push(Marked { member: member.to_owned(), attribute: position, since });
            }
        }
    }
    found
}

impl Maker<'_> {
    /// Since when the state of a member holds that is in force at the end of a period; nothing
    /// where it does not hold, was told too long ago, or was never told.
    fn since(&self, facts: &[&Fact], step: &Step) -> Option<i32> {
        let now = latest(facts, step.end).filter(|it| self.holds(it))?;
        let begins = now.begins?;
        let in_window = self.from.window_periods.is_none_or(|it| begins > step.index - it as i32);
        let fresh = self.attribute.freshness_periods;
        let is_fresh = fresh.is_none_or(|it| step.index - begins <= it as i32);
        if !in_window || !is_fresh {
            return None;
        }
        let mut since = now.from;
        for before in facts.iter().rev().filter(|it| it.from <= now.from) {
            // A state stands until the next one is told, or until the day that it names.
            if !self.holds(before) || before.to.is_some_and(|it| it < since - 1) {
                break;
            }
            since = since.min(before.from);
        }
        Some(since)
    }
}
