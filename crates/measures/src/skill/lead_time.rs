//! How many periods before an event its household was first warned.
//!
//! Knows periods only as numbers in order, one apart; what a period is, and which warnings count
//! for which event, is the caller's to say.

/// One household's first warning and its event, if it had them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// Period of the first warning.
    pub first_warning: Option<i32>,
    /// Period of the event.
    pub event: Option<i32>,
}

/// What the lead times of all events were.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeadTimes {
    /// Households with an event.
    pub events: u64,
    /// Of those, warned in an earlier period.
    pub warned_before: u64,
    /// Of those, first warned in the very period of the event.
    pub warned_during: u64,
    /// Of those, first warned in a later period.
    pub warned_after: u64,
    /// Of those, never warned.
    pub never_warned: u64,
    /// Households warned that had no event.
    pub warned_without_event: u64,
    /// Periods gained by those warned before, ascending.
    pub leads: Vec<i32>,
}

impl LeadTimes {
    /// Sums up households.
    pub fn of(spells: &[Spell]) -> Self {
        let mut found = Self::default();
        for spell in spells {
            let Some(event) = spell.event else {
                found.warned_without_event += u64::from(spell.first_warning.is_some());
                continue;
            };
            found.events += 1;
            match spell.first_warning.map(|warning| event - warning) {
                None => found.never_warned += 1,
                Some(lead) if lead > 0 => found.leads.push(lead),
                Some(0) => found.warned_during += 1,
                Some(_) => found.warned_after += 1,
            }
        }
        found.warned_before = found.leads.len() as u64;
        found.leads.sort_unstable();
        found
    }

    /// Mean lead of those warned before; `None` where none was.
    pub fn mean(&self) -> Option<f64> {
        let sum: i64 = self.leads.iter().map(|it| i64::from(*it)).sum();
        (!self.leads.is_empty()).then(|| sum as f64 / self.leads.len() as f64)
    }

    /// The lead that a `share` of those warned before did not exceed: the sample quantile with
    /// linear interpolation, definition 7 of Hyndman and Fan (1996, Am. Stat. 50, 361–365).
    /// `None` where none was warned before, or the share is outside 0…1.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let last = self.leads.len().checked_sub(1)?;
        if !(0.0..=1.0).contains(&share) {
            return None;
        }
        let at = last as f64 * share;
        let below = at as usize;
        let (low, high) = (self.leads[below], self.leads[(below + 1).min(last)]);
        Some(f64::from(low) + (at - below as f64) * f64::from(high - low))
    }

    /// The middle lead of those warned before.
    pub fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spell(first_warning: impl Into<Option<i32>>, event: impl Into<Option<i32>>) -> Spell {
        Spell { first_warning: first_warning.into(), event: event.into() }
    }

    #[test]
    fn warnings_before_during_after_and_without_an_event_are_told_apart() {
        let found = LeadTimes::of(&[
            spell(3, 9),
            spell(7, 9),
            spell(8, 9),
            spell(9, 9),
            spell(10, 9),
            spell(None, 9),
            spell(4, None),
            spell(None, None),
        ]);
        assert_eq!((found.events, found.warned_before, found.warned_during), (6, 3, 1));
        assert_eq!((found.warned_after, found.never_warned), (1, 1));
        assert_eq!(found.warned_without_event, 1);
        assert_eq!(found.leads, [1, 2, 6]);
        assert_eq!((found.mean(), found.median()), (Some(3.0), Some(2.0)));
        assert_eq!((found.quantile(0.25), found.quantile(1.0)), (Some(1.5), Some(6.0)));
    }

    #[test]
    fn events_without_a_timely_warning_have_no_lead() {
        let found = LeadTimes::of(&[spell(9, 9), spell(None, 2)]);
        assert_eq!((found.mean(), found.median()), (None, None));
    }
}
