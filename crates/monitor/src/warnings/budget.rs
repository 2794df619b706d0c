//! How many warnings a period may hand out, overall and per area.
//!
//! An area's own budget is used first by its own warnings; what it leaves unused passes up to the
//! area around it and at last to the common pool.

use base::AreaCode;
use pack::{Budget, Warnings};
use std::collections::BTreeMap;

/// The budgets of a run, in numbers of warnings.
#[derive(Clone, Debug, Default)]
pub struct Budgets {
    /// The common pool; `None`: no limit.
    pub overall: Option<u64>,
    /// Budgets of areas by code.
    pub areas: BTreeMap<AreaCode, u64>,
}

impl Budgets {
    /// Turns the pack's counts and shares into numbers. `households` counts the households
    /// assessed per area code; a share is rounded up. An `overall` budget given on the command
    /// line wins over the pack's.
    pub fn new(
        warnings: &Warnings,
        households: &BTreeMap<AreaCode, u64>,
        total: u64,
        overall: Option<u64>,
    ) -> Self {
        let count = |budget: Budget, of: u64| match budget {
            Budget::Count(count) => count,
            Budget::Share(share) => (share * of as f64).ceil() as u64,
        };
        let inside = |scope: &AreaCode| {
            let own = households.iter().filter(|(area, _)| area.is_within(scope));
            own.map(|(_, count)| count).sum()
        };
        let areas = warnings.area_budgets.iter();
        let areas = areas.map(|(area, it)| (area.clone(), count(*it, inside(area)))).collect();
        let overall = overall.or_else(|| warnings.budget.map(|it| count(it, total)));
        Self { overall, areas }
    }

    /// Warnings that may be handed out among so many households of an area: its own budget, else
    /// its part of the common one. A common count has no parts: it is that of everywhere alone.
    pub fn of_area(
        warnings: &Warnings,
        area: Option<&str>,
        is_everywhere: bool,
        households: u64,
    ) -> Option<u64> {
        let own = warnings.area_budgets.iter().find(|it| Some(it.0.as_str()) == area);
        match own.map(|it| it.1).or(warnings.budget)? {
            Budget::Count(count) => (own.is_some() || is_everywhere).then_some(count),
            Budget::Share(share) => Some((share * households as f64).ceil() as u64),
        }
    }
}
