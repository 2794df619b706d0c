//! The order of a period's warnings, and which of them the budget reaches.

use super::budget::Budgets;
use super::{Kind, Warning};
use base::AreaCode;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A warning with its place in the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// The warning.
    pub warning: Warning,
    /// 1 is first.
    pub rank: u64,
    /// Whether this period's budget reaches it; else it waits. Nothing is deleted.
    pub is_within_budget: bool,
}

/// Orders warnings by urgency, override, composite, confidence and household, and marks those
/// within the budgets. Forced red stands outside every budget.
pub fn rank(mut warnings: Vec<Warning>, budgets: &Budgets) -> Vec<Ranked> {
    warnings.sort_by(|a, b| {
        let key = |it: &Warning| {
            let is_override = it.kind == Kind::Key;
            (Reverse(it.urgency as u8), Reverse(is_override), Reverse(it.composite))
        };
        let by_key = key(a).cmp(&key(b)).then(b.confidence.cmp(&a.confidence));
        by_key.then_with(|| a.household.cmp(&b.household)).then_with(|| a.id.cmp(&b.id))
    });
    let within = within(&warnings, budgets);
    let ranks = 1u64..;
    let ranked = warnings.into_iter().zip(ranks).zip(within);
    ranked
        .map(|((warning, rank), is_within_budget)| Ranked { warning, rank, is_within_budget })
        .collect()
}

fn within(ordered: &[Warning], budgets: &Budgets) -> Vec<bool> {
    let Some(overall) = budgets.overall else {
        return vec![true; ordered.len()];
    };
    let mut within: Vec<bool> = ordered.iter().map(Warning::is_forced_red).collect();
    let of_areas: u64 = top_level(budgets).map(|(_, count)| count).sum();
    // Areas spend from the common pool; where they are promised more than there is, they win.
    let mut left: BTreeMap<&AreaCode, u64> = BTreeMap::new();
    let mut common = overall.saturating_sub(of_areas);
    let mut scopes: Vec<(&AreaCode, &u64)> = budgets.areas.iter().collect();
    scopes.sort_by_key(|(area, _)| Reverse(area.as_str().len()));
    for (scope, budget) in scopes {
        let nested = left.iter().filter(|(area, _)| area.is_within(scope));
        let promised: u64 = budgets
            .areas
            .iter()
            .filter(|(area, _)| *area != scope && area.is_within(scope))
            .filter(|(area, _)| parent(budgets, area) == Some(scope))
            .map(|(_, count)| count)
            .sum();
        let passed_up: u64 = nested
            .filter(|(area, _)| parent(budgets, area) == Some(scope))
            .map(|(_, count)| count)
            .sum();
        let mut available = budget.saturating_sub(promised) + passed_up;
        for (position, warning) in ordered.iter().enumerate() {
            let inside = warning.area.as_ref().is_some_and(|it| it.is_within(scope));
            if available > 0 && inside && !within[position] {
                within[position] = true;
                available -= 1;
            }
        }
        left.insert(scope, available);
    }
    let unused = top_level(budgets).filter_map(|(area, _)| left.get(area));
    common += unused.sum::<u64>();
    for is_within in within.iter_mut().filter(|it| !**it) {
        if common == 0 {
            break;
        }
        *is_within = true;
        common -= 1;
    }
    within
}

/// The smallest budgeted area around another.
fn parent<'a>(budgets: &'a Budgets, area: &AreaCode) -> Option<&'a AreaCode> {
    let around = budgets.areas.keys().filter(|it| *it != area && area.is_within(it));
    around.max_by_key(|it| it.as_str().len())
}

fn top_level(budgets: &Budgets) -> impl Iterator<Item = (&AreaCode, &u64)> {
    budgets.areas.iter().filter(|(area, _)| parent(budgets, area).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warnings::RuleFired;
    use base::{Band, Period, PeriodKind, Score};

    fn warning(household: &str, area: &str, urgency: Band, composite: i32) -> Warning {
        let period = Period::from_index(PeriodKind::Month, 24_245);
        Warning {
            id: household.to_owned(),
            household: household.to_owned(),
            area: Some(AreaCode::new(area)),
            period,
            first_period: period,
            urgency,
            band: urgency,
            previous_band: Band::Green,
            composite: Score::from_micros(composite),
            confidence: Score::from_micros(1_000_000),
            kind: Kind::Band,
            rules: Vec::new(),
            reasons: Vec::new(),
        }
    }

    fn within(warnings: Vec<Warning>, budgets: &Budgets) -> Vec<String> {
        let ranked = rank(warnings, budgets).into_iter();
        ranked.filter(|it| it.is_within_budget).map(|it| it.warning.household).collect()
    }

    #[test]
    fn worse_bands_come_first_and_ties_are_broken_by_household() {
        let warnings = vec![
            warning("b", "1", Band::Yellow, 50),
            warning("a", "1", Band::Yellow, 50),
            warning("c", "1", Band::Red, 1),
        ];
        let ranked = rank(warnings, &Budgets::default());
        let order: Vec<_> = ranked.iter().map(|it| it.warning.household.as_str()).collect();
        assert_eq!(order, ["c", "a", "b"]);
        assert!(ranked.iter().all(|it| it.is_within_budget), "no budget, no limit");
    }

    #[test]
    fn what_an_area_leaves_unused_passes_up() {
        let areas = [("11", 2), ("12", 1)].map(|(area, count)| (AreaCode::new(area), count));
        let budgets = Budgets { overall: Some(4), areas: areas.into() };
        let warnings = vec![
            warning("a", "1101", Band::Orange, 9),
            warning("b", "1201", Band::Orange, 8),
            warning("c", "1202", Band::Orange, 7),
            warning("d", "13", Band::Orange, 6),
            warning("e", "13", Band::Orange, 5),
        ];
        // 11 uses one of two, 12 its one; the unused one and the free one go by rank.
        assert_eq!(within(warnings, &budgets), ["a", "b", "c", "d"]);
    }

    #[test]
    fn forced_red_stands_outside_the_budget() {
        let mut forced = warning("z", "11", Band::Red, 1);
        forced.rules.push(RuleFired {
            rule: "key.death".into(),
            kind: Kind::Key,
            urgency: Band::Red,
            first_period: forced.period,
        });
        let budgets = Budgets { overall: Some(1), ..Budgets::default() };
        let warnings =
            vec![warning("a", "11", Band::Orange, 9), warning("b", "11", Band::Orange, 8), forced];
        assert_eq!(within(warnings, &budgets), ["z", "a"]);
    }

    #[test]
    fn a_nested_budget_spends_from_the_one_around_it() {
        let areas = [("11", 3), ("1101", 2)].map(|(area, count)| (AreaCode::new(area), count));
        let budgets = Budgets { overall: Some(3), areas: areas.into() };
        let warnings = vec![
            warning("a", "1102", Band::Orange, 9),
            warning("b", "1102", Band::Orange, 8),
            warning("c", "1101", Band::Orange, 7),
            warning("d", "12", Band::Red, 9),
        ];
        assert_eq!(within(warnings, &budgets), ["a", "b", "c"]);
    }
}
