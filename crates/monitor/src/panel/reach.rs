//! How far into the panel a fact reaches: the last period whose value it can have a part in.
//!
//! Mirrors what `attribute.rs` reads, and errs on the side of farther: whoever takes a fact away
//! that reaches no further than a period changes no value after it, whichever of the others are
//! known.

use super::steps::period_of;
use base::PeriodKind;
use pack::{FactKind, FromFacts};

/// When a fact holds, in days from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// First day.
    pub from: i32,
    /// Last day; `None`: open.
    pub to: Option<i32>,
    /// First day of the next open state of the same subject, which takes the place of an open one.
    pub next: Option<i32>,
}

/// The last period (as `Period::index`) in which a fact can touch the value of an attribute that is
/// made so; `None` where there is no end to it.
pub fn last_touched(from: &FromFacts, kind: PeriodKind, held: Held) -> Option<i32> {
    let begins = period_of(kind, held.from)?;
    let at = period_of(kind, held.to.unwrap_or(held.from))?;
    let window = from.window_periods.map(|it| i32::try_from(it).unwrap_or(i32::MAX));
    let within = |at: i32, window: i32| at.saturating_add(window.saturating_sub(1));
    match (from.kind, held.to, window) {
        (FactKind::Amount, _, _) => Some(within(at, window.unwrap_or(1))),
        // A total is what the next one of its year is taken from.
        (FactKind::CumulativeYtd, _, _) => {
            let steps = kind.steps_per_year().unwrap_or(1);
            let last_of_year = at.div_euclid(steps) * steps + steps - 1;
            Some(within(last_of_year, window.unwrap_or(1)))
        }
        // As long as it is in force it stands before others, even where it is too old to count.
        (FactKind::State, Some(_), None) => Some(at),
        (FactKind::State, Some(_), Some(window)) => Some(at.max(within(begins, window))),
        (FactKind::State, None, _) => {
            let replaced = held.next.and_then(|it| period_of(kind, it)).map(|it| it - 1);
            let counted = window.map(|it| within(begins, it));
            replaced.into_iter().chain(counted).min()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pack::{Subject, Take};

    fn made(kind: FactKind, window_periods: Option<u32>) -> FromFacts {
        FromFacts {
            fact: "f".to_owned(),
            subject: Subject::Household,
            kind,
            take: Take::Latest,
            window_periods,
            absent: None,
            matching: Vec::new(),
        }
    }

    /// Months from January 1970 for days of about the middle of January, March and December 1970.
    const JANUARY: i32 = 14;
    const MARCH: i32 = 73;
    const DECEMBER: i32 = 350;

    fn reach(kind: FactKind, window: Option<u32>, from: i32, to: Option<i32>) -> Option<i32> {
        let january = 1970 * 12;
        let held = Held { from, to, next: None };
        last_touched(&made(kind, window), PeriodKind::Month, held).map(|it| it - january)
    }

    #[test]
    fn an_amount_reaches_as_far_as_its_window() {
        assert_eq!(reach(FactKind::Amount, Some(1), JANUARY, None), Some(0));
        assert_eq!(reach(FactKind::Amount, Some(12), JANUARY, Some(MARCH)), Some(13));
    }

    #[test]
    fn a_total_of_the_year_reaches_beyond_all_totals_of_its_year() {
        assert_eq!(reach(FactKind::CumulativeYtd, Some(12), JANUARY, None), Some(22));
        assert_eq!(reach(FactKind::CumulativeYtd, Some(12), DECEMBER, None), Some(22));
    }

    #[test]
    fn an_open_state_has_no_end_but_its_window_or_the_next_one() {
        assert_eq!(reach(FactKind::State, None, JANUARY, None), None);
        assert_eq!(reach(FactKind::State, Some(3), JANUARY, None), Some(2));
        let held = Held { from: JANUARY, to: None, next: Some(MARCH) };
        let last = last_touched(&made(FactKind::State, None), PeriodKind::Month, held);
        assert_eq!(last, Some(1970 * 12 + 1));
    }

    #[test]
    fn a_state_with_a_last_day_stands_before_others_until_then() {
        assert_eq!(reach(FactKind::State, None, JANUARY, Some(MARCH)), Some(2));
        assert_eq!(reach(FactKind::State, Some(1), JANUARY, Some(DECEMBER)), Some(11));
        assert_eq!(reach(FactKind::State, Some(12), JANUARY, Some(MARCH)), Some(11));
    }
}
