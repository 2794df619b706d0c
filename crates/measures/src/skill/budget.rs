//! What a budget of so many warnings finds: the first k of a ranking, and the ranking as a whole.
//!
//! Rows of one score keep the order in which they came, so that a caller who passes households in
//! order of id gets the same k every time; how much that order mattered is told.

use super::{Confusion, check};
use crate::error::MeasureError;

/// The first k of a ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtBudget {
    /// What warning the first k gives.
    pub counts: Confusion,
    /// The lowest score that was warned; `None` where the budget is nought.
    pub cut: Option<f64>,
    /// Rows with exactly that score that were warned.
    pub tied_warned: u64,
    /// Rows with exactly that score that were not: chosen against by order alone.
    pub tied_left: u64,
}

/// Positions in order of rank: score descending, then as they came.
pub fn ranked(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    // Adding 0 makes −0 the 0 that it equals; the sort is stable.
    order.sort_by(|one, other| (scores[*other] + 0.0).total_cmp(&(scores[*one] + 0.0)));
    order
}

/// Warns the `budget` rows of the highest scores; all where the budget is larger.
pub fn at_budget(scores: &[f64], events: &[bool], budget: usize) -> Result<AtBudget, MeasureError> {
    check(scores, events)?;
    let order = ranked(scores);
    let budget = budget.min(scores.len());
    let mut warned = vec![false; scores.len()];
    order[..budget].iter().for_each(|row| warned[*row] = true);
    let cut = order[..budget].last().map(|row| scores[*row]);
    let tied = |rows: &[usize]| rows.iter().filter(|row| Some(scores[**row]) == cut).count() as u64;
    Ok(AtBudget {
        counts: Confusion::of(&warned, events)?,
        cut,
        tied_warned: tied(&order[..budget]),
        tied_left: tied(&order[budget..]),
    })
}

/// Precision averaged over the ranking: Σ (R_i − R_{i−1})·P_i over its distinct scores, highest
/// first (Manning, Raghavan and Schütze 2008, ch. 8; without interpolation). Tied rows enter
/// together, so their order has no say. A random ranking gives about the share of events.
pub fn average_precision(scores: &[f64], events: &[bool]) -> Result<f64, MeasureError> {
    check(scores, events)?;
    let all = events.iter().filter(|it| **it).count();
    if all == 0 {
        return Err(MeasureError::OneClass { events: 0, non_events: events.len() });
    }
    let order = ranked(scores);
    let (mut seen, mut found, mut sum) = (0, 0, 0.0);
    for tied in order.chunk_by(|one, other| scores[*one] == scores[*other]) {
        let here = tied.iter().filter(|row| events[**row]).count();
        seen += tied.len();
        found += here;
        sum += here as f64 * (found as f64 / seen as f64);
    }
    Ok(sum / all as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCORES: [f64; 6] = [5.0, 9.0, 5.0, 1.0, 5.0, 7.0];
    const EVENTS: [bool; 6] = [true, true, false, false, false, false];

    #[test]
    fn a_tie_at_the_cut_is_broken_by_order_and_told() {
        let found = at_budget(&SCORES, &EVENTS, 3).expect("scores");
        // 9, 7 and the first of the three fives.
        assert_eq!(found.counts.precision(), Some(2.0 / 3.0));
        assert_eq!(found.cut, Some(5.0));
        assert_eq!((found.tied_warned, found.tied_left), (1, 2));
    }

    #[test]
    fn no_budget_warns_nobody_and_a_large_one_everybody() {
        let none = at_budget(&SCORES, &EVENTS, 0).expect("scores");
        assert_eq!((none.counts.warned(), none.cut, none.tied_left), (0, None, 0));
        let all = at_budget(&SCORES, &EVENTS, 99).expect("scores");
        assert_eq!((all.counts.warned(), all.counts.recall()), (6, Some(1.0)));
    }

    #[test]
    fn precision_is_averaged_over_what_each_score_adds() {
        // After 9: 1 of 1; after 7: 1 of 2, none new; after the fives: 2 of 5, one new.
        let found = average_precision(&SCORES, &EVENTS).expect("an event");
        assert!((found - 0.5 * (1.0 + 0.4)).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn average_precision_does_not_depend_on_the_order_of_rows(
            mut rows in prop::collection::vec((0i32..5, any::<bool>()), 1..30),
        ) {
            rows.push((2, true));
            let of = |rows: &[(i32, bool)]| {
                let (scores, events): (Vec<f64>, Vec<bool>) =
                    rows.iter().map(|it| (f64::from(it.0), it.1)).unzip();
                average_precision(&scores, &events).expect("an event")
            };
            let before = of(&rows);
            rows.reverse();
            prop_assert!((before - of(&rows)).abs() < 1e-12);
            prop_assert!(before > 0.0 && before <= 1.0);
        }
    }
}
