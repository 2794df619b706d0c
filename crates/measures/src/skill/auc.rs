//! The area under the ROC curve: how often an event outranks a non-event.
//!
//! Never drawn through a curve: counted exactly, ties for a half.

use super::check;
use crate::error::{MeasureError, same_length};
use crate::estimate::{Estimate, Interval};

/// An area under the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Auc {
    /// The area: 0.5 is chance, 1 a perfect ranking, below 0.5 worse than chance.
    pub value: f64,
    /// DeLong's standard error; `None` with fewer than two events or two non-events.
    pub standard_error: Option<f64>,
    /// Rows where it happened.
    pub events: usize,
    /// Rows where it did not.
    pub non_events: usize,
}

impl Auc {
    /// The normal interval of DeLong's standard error, cut to 0…1.
    pub fn interval(&self, level: f64) -> Result<Option<Interval>, MeasureError> {
        let Self { value, standard_error, events, non_events } = *self;
        let estimate = Estimate { value, standard_error, rows: events + non_events };
        Ok(estimate.interval(level)?.map(|it| it.within(0.0, 1.0)))
    }
}

/// The probability that a random event scores higher than a random non-event, ties counting a
/// half: the Mann–Whitney statistic over the number of pairs (Hanley and McNeil 1982, Radiology
/// 143, 29–36), in whole numbers until one last division. Standard error after DeLong, DeLong and
/// Clarke-Pearson (1988, Biometrics 44, 837–845).
pub fn auc(scores: &[f64], events: &[bool]) -> Result<Auc, MeasureError> {
    let placements = Placements::of(scores, events)?;
    let (happened, not) = (placements.events.len(), placements.non_events.len());
    let twice_won: u64 = placements.events.iter().sum();
    Ok(Auc {
        value: twice_won as f64 / (2 * happened * not) as f64,
        standard_error: standard_error(
            &Placements::shares(&placements.events, not),
            &Placements::shares(&placements.non_events, happened),
        ),
        events: happened,
        non_events: not,
    })
}

/// AUC of `scores` less AUC of `others` on the same rows, with the standard error of DeLong et al.
/// (1988) that allows for both being about the same households.
pub fn auc_difference(
    scores: &[f64],
    others: &[f64],
    events: &[bool],
) -> Result<Estimate, MeasureError> {
    same_length("other score", scores.len(), others.len())?;
    let (one, other) = (Placements::of(scores, events)?, Placements::of(others, events)?);
    let (happened, not) = (one.events.len(), one.non_events.len());
    let less = |one: &[u64], other: &[u64], rivals: usize| -> Vec<f64> {
        let (one, other) = (Placements::shares(one, rivals), Placements::shares(other, rivals));
        one.iter().zip(&other).map(|(one, other)| one - other).collect()
    };
    let won = less(&one.events, &other.events, not);
    let lost = less(&one.non_events, &other.non_events, happened);
    let (ours, theirs) = (one.events.iter().sum::<u64>(), other.events.iter().sum::<u64>());
    let pairs = (2 * happened * not) as f64;
    Ok(Estimate {
        value: (ours as f64 - theirs as f64) / pairs,
        standard_error: standard_error(&won, &lost),
        rows: scores.len(),
    })
}

/// Twice the rivals that each event outranks, and that each non-event is outranked by; in the
/// order of the rows.
struct Placements {
    events: Vec<u64>,
    non_events: Vec<u64>,
}

impl Placements {
    fn of(scores: &[f64], events: &[bool]) -> Result<Self, MeasureError> {
        check(scores, events)?;
        let happened = events.iter().filter(|it| **it).count();
        let not = events.len() - happened;
        if happened == 0 || not == 0 {
            return Err(MeasureError::OneClass { events: happened, non_events: not });
        }
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_unstable_by(|one, other| scores[*one].total_cmp(&scores[*other]));
        let mut twice = vec![0; scores.len()];
        let (mut events_below, mut non_events_below) = (0, 0);
        // `==` joins 0 and −0, which stand side by side in the total order.
        for tied in order.chunk_by(|one, other| scores[*one] == scores[*other]) {
            let events_here = tied.iter().filter(|it| events[**it]).count() as u64;
            let non_events_here = tied.len() as u64 - events_here;
            let events_above = happened as u64 - events_below - events_here;
            for row in tied {
                twice[*row] = match events[*row] {
                    true => 2 * non_events_below + non_events_here,
                    false => 2 * events_above + events_here,
                };
            }
            events_below += events_here;
            non_events_below += non_events_here;
        }
        let pick = |wanted: bool| {
            let rows = twice.iter().zip(events).filter(|it| *it.1 == wanted);
            rows.map(|it| *it.0).collect()
        };
        Ok(Self { events: pick(true), non_events: pick(false) })
    }

    fn shares(twice: &[u64], rivals: usize) -> Vec<f64> {
        twice.iter().map(|it| *it as f64 / (2 * rivals) as f64).collect()
    }
}

/// √(S₁₀/m + S₀₁/n) with the sample variances of the placements.
fn standard_error(events: &[f64], non_events: &[f64]) -> Option<f64> {
    Some(
        (variance(events)? / events.len() as f64 + variance(non_events)? / non_events.len() as f64)
            .sqrt(),
    )
}

fn variance(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|it| (it - mean) * (it - mean)).sum();
    (values.len() > 1).then(|| squares / (n - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_lost_pair_of_four_and_one_tie_are_counted_exactly() {
        // Events 3 and 1 against 2 and 1: 3 > 2, 3 > 1, 1 < 2, 1 = 1.
        let found = auc(&[3.0, 1.0, 2.0, 1.0], &[true, true, false, false]).expect("two classes");
        assert_eq!(found.value, 2.5 / 4.0);
    }

    #[test]
    fn events_alone_cannot_be_told_apart() {
        let found = auc(&[1.0, 2.0], &[true, true]);
        assert_eq!(found, Err(MeasureError::OneClass { events: 2, non_events: 0 }));
    }

    #[test]
    fn one_event_has_an_area_and_no_standard_error() {
        let found = auc(&[1.0, 2.0, 3.0], &[false, true, false]).expect("two classes");
        assert_eq!((found.value, found.standard_error), (0.5, None));
    }

    #[test]
    fn a_score_that_is_not_a_number_is_refused() {
        let found = auc(&[1.0, f64::NAN], &[true, false]);
        assert!(matches!(found, Err(MeasureError::OutOfRange { row: 1, .. })));
    }

    /// The definition, pair by pair: each row's placement among the other class.
    fn by_definition(scores: &[f64], events: &[bool]) -> (f64, f64) {
        let won = |event: f64, other: f64| {
            if event > other {
                1.0
            } else if event == other {
                0.5
            } else {
                0.0
            }
        };
        let of = |wanted: bool| -> Vec<f64> {
            scores.iter().zip(events).filter(|it| *it.1 == wanted).map(|it| *it.0).collect()
        };
        let (yes, no) = (of(true), of(false));
        let mean = |all: Vec<f64>| all.iter().sum::<f64>() / all.len() as f64;
        let v10: Vec<f64> =
            yes.iter().map(|e| mean(no.iter().map(|n| won(*e, *n)).collect())).collect();
        let v01: Vec<f64> =
            no.iter().map(|n| mean(yes.iter().map(|e| won(*e, *n)).collect())).collect();
        let area = mean(v10.clone());
        let spread = |all: &[f64]| {
            let squares: f64 = all.iter().map(|it| (it - area).powi(2)).sum();
            squares / (all.len() as f64 - 1.0) / all.len() as f64
        };
        (area, (spread(&v10) + spread(&v01)).sqrt())
    }

    /// Rows with many ties, at least two of each class.
    fn rows() -> impl Strategy<Value = (Vec<f64>, Vec<bool>)> {
        let row = (-6i32..6, any::<bool>());
        prop::collection::vec(row, 0..40).prop_map(|mut rows| {
            rows.extend([(0, true), (1, true), (0, false), (-1, false)]);
            rows.into_iter().map(|(score, event)| (f64::from(score), event)).unzip()
        })
    }

    proptest! {
        #[test]
        fn the_area_and_its_error_match_the_definition((scores, events) in rows()) {
            let found = auc(&scores, &events).expect("two classes");
            let (area, error) = by_definition(&scores, &events);
            prop_assert!((found.value - area).abs() < 1e-12);
            prop_assert!((found.standard_error.expect("two of each") - error).abs() < 1e-12);
            let interval = found.interval(0.95).expect("a level").expect("an error");
            prop_assert!(0.0 <= interval.low && interval.high <= 1.0);
        }

        #[test]
        fn a_monotone_map_of_the_scores_changes_nothing((scores, events) in rows()) {
            let mapped: Vec<f64> = scores.iter().map(|it| (it / 3.0).exp() - 7.0).collect();
            prop_assert_eq!(auc(&scores, &events), auc(&mapped, &events));
        }

        #[test]
        fn turning_scores_or_events_round_mirrors_the_area((scores, events) in rows()) {
            let found = auc(&scores, &events).expect("two classes").value;
            let turned: Vec<f64> = scores.iter().map(|it| -it).collect();
            let other: Vec<bool> = events.iter().map(|it| !it).collect();
            let mirrored = auc(&turned, &events).expect("two classes").value;
            prop_assert!((found + mirrored - 1.0).abs() < 1e-12);
            prop_assert_eq!(auc(&turned, &other).expect("two classes").value, found);
        }

        #[test]
        fn a_score_differs_from_itself_by_nothing((scores, events) in rows()) {
            let found = auc_difference(&scores, &scores, &events).expect("two classes");
            prop_assert_eq!((found.value, found.standard_error), (0.0, Some(0.0)));
        }

        #[test]
        fn a_difference_from_chance_has_the_areas_own_error((scores, events) in rows()) {
            let flat = vec![1.0; scores.len()];
            let found = auc_difference(&scores, &flat, &events).expect("two classes");
            let alone = auc(&scores, &events).expect("two classes");
            prop_assert!((found.value - (alone.value - 0.5)).abs() < 1e-12);
            let errors = found.standard_error.zip(alone.standard_error).expect("two of each");
            prop_assert!((errors.0 - errors.1).abs() < 1e-12);
        }
    }
}
