//! What is known already: warnings and rules that a case is open for.

use super::{Kind, RuleFired, Warning};
use base::Band;
use std::collections::BTreeMap;

/// Facts of open cases, as a table gives them. A known rule is suppressed until it becomes more
/// urgent than it was when it became known.
#[derive(Clone, Debug, Default)]
pub struct Known {
    by_warning: BTreeMap<String, Band>,
    by_rule: BTreeMap<(String, String), Band>,
}

impl Known {
    /// Adds a warning by its id, with the urgency at which it is known.
    pub fn add_warning(&mut self, id: &str, urgency: Band) {
        let known = self.by_warning.entry(id.to_owned()).or_insert(urgency);
        *known = known.worse_of(urgency);
    }

    /// Adds a rule of a household, with the urgency at which it is known.
    pub fn add_rule(&mut self, household: &str, rule: &str, urgency: Band) {
        let key = (household.to_owned(), rule.to_owned());
        let known = self.by_rule.entry(key).or_insert(urgency);
        *known = known.worse_of(urgency);
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.by_warning.len() + self.by_rule.len()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a rule of a household is known at its urgency.
    pub fn covers_rule(&self, household: &str, rule: &RuleFired) -> bool {
        let key = (household.to_owned(), rule.rule.clone());
        self.by_rule.get(&key).is_some_and(|known| known.is_at_least(rule.urgency))
    }

    /// Whether a warning is known at its urgency.
    pub fn covers(&self, warning: &Warning) -> bool {
        self.by_warning.get(&warning.id).is_some_and(|it| it.is_at_least(warning.urgency))
    }
}

/// The strongest kind among rules; a band rule where there is none.
pub(super) fn strongest(rules: &[RuleFired]) -> Kind {
    rules.iter().map(|it| it.kind).max().unwrap_or(Kind::Band)
}
