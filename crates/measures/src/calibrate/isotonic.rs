//! Isotonic regression: the best probabilities that never fall as the score rises.
//!
//! Assumes nothing else about the shape; wants some hundreds of events to be of use.

use crate::error::{MeasureError, all_allowed, same_length};

/// A fitted map from score to probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Isotonic {
    /// Scores and probabilities, ascending in both; blocks give their lowest and highest score.
    knots: Vec<(f64, f64)>,
}

/// Rows pooled so far: lowest and highest score, events and rows.
struct Block {
    lowest: f64,
    highest: f64,
    events: u64,
    rows: u64,
}

impl Block {
    /// Whether this block's share is at least the next one's; exact, in whole numbers.
    fn violates(&self, next: &Self) -> bool {
        u128::from(self.events) * u128::from(next.rows)
            >= u128::from(next.events) * u128::from(self.rows)
    }

    fn pool(&mut self, next: &Self) {
        self.highest = next.highest;
        self.events += next.events;
        self.rows += next.rows;
    }
}

impl Isotonic {
    /// Least-squares fit under monotony by pooling adjacent violators (Ayer et al. 1955, Ann. Math.
    /// Stat. 26, 641–647); as calibration: Zadrozny and Elkan (2002, KDD). Rows of one score are
    /// one block from the start.
    pub fn fit(scores: &[f64], events: &[bool]) -> Result<Self, MeasureError> {
        if scores.is_empty() {
            return Err(MeasureError::Empty);
        }
        same_length("event", scores.len(), events.len())?;
        all_allowed("score", scores, f64::is_finite)?;
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_unstable_by(|one, other| scores[*one].total_cmp(&scores[*other]));
        let mut blocks: Vec<Block> = Vec::new();
        for tied in order.chunk_by(|one, other| scores[*one] == scores[*other]) {
            let (lowest, rows) = (scores[tied[0]], tied.len() as u64);
            let happened = tied.iter().filter(|row| events[**row]).count() as u64;
            blocks.push(Block { lowest, highest: lowest, events: happened, rows });
            pool_back(&mut blocks);
        }
        Ok(Self { knots: blocks.iter().flat_map(ends).collect() })
    }

    /// The probability of a score: linear between blocks, flat beyond the first and last of the
    /// fit. NaN in, NaN out.
    pub fn probability(&self, score: f64) -> f64 {
        if score.is_nan() {
            return score;
        }
        let above = self.knots.partition_point(|it| it.0 <= score);
        let Some(&(from, low)) = above.checked_sub(1).and_then(|it| self.knots.get(it)) else {
            return self.knots[0].1;
        };
        match self.knots.get(above) {
            None => low,
            Some(&(to, high)) => {
                // Rounding must not lift the value over the next knot's.
                (low + (high - low) * ((score - from) / (to - from))).min(high)
            }
        }
    }

    /// Scores and probabilities of the fit, ascending, to be shown or drawn.
    pub fn knots(&self) -> &[(f64, f64)] {
        &self.knots
    }
}

/// Pools the last block with those before it for as long as the order is violated.
fn pool_back(blocks: &mut Vec<Block>) {
    while let [.., before, last] = blocks.as_slice() {
        if !before.violates(last) {
            break;
        }
        if let (Some(last), Some(before)) = (blocks.pop(), blocks.last_mut()) {
            before.pool(&last);
        }
    }
}

fn ends(block: &Block) -> Vec<(f64, f64)> {
    let share = block.events as f64 / block.rows as f64;
    let mut ends = vec![(block.lowest, share)];
    if block.highest > block.lowest {
        ends.push((block.highest, share));
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn violators_are_pooled_with_their_neighbours() {
        let scores = [1.0, 2.0, 3.0, 4.0, 5.0];
        let events = [false, true, false, true, true];
        let fit = Isotonic::fit(&scores, &events).expect("scores");
        let half = [(2.0, 0.5), (3.0, 0.5)];
        assert_eq!(fit.knots(), [&[(1.0, 0.0)][..], &half, &[(4.0, 1.0), (5.0, 1.0)]].concat());
        assert_eq!(fit.probability(1.5), 0.25);
        assert_eq!((fit.probability(-9.0), fit.probability(9.0)), (0.0, 1.0));
    }

    #[test]
    fn rows_of_one_score_get_one_probability() {
        let fit = Isotonic::fit(&[2.0, 2.0, 2.0, 2.0], &[true, false, false, false]);
        assert_eq!(fit.expect("scores").knots(), [(2.0, 0.25)]);
    }

    /// The least-squares monotone fit by its min–max formula: max over i ≤ k of the min over
    /// j ≥ k of the mean of rows i…j (Robertson, Wright and Dykstra 1988, ch. 1).
    fn by_min_max(means: &[f64], at: usize) -> f64 {
        let mean =
            |from: usize, to: usize| means[from..=to].iter().sum::<f64>() / (to - from + 1) as f64;
        let least = |from: usize| (at..means.len()).map(|to| mean(from, to)).fold(2.0, f64::min);
        (0..=at).map(least).fold(-1.0, f64::max)
    }

    proptest! {
        #[test]
        fn the_fit_matches_the_min_max_formula(
            events in prop::collection::vec(any::<bool>(), 1..25),
        ) {
            let scores: Vec<f64> = (0..events.len()).map(|it| it as f64).collect();
            let fit = Isotonic::fit(&scores, &events).expect("scores");
            let means: Vec<f64> = events.iter().map(|it| f64::from(u8::from(*it))).collect();
            for (row, score) in scores.iter().enumerate() {
                prop_assert!((fit.probability(*score) - by_min_max(&means, row)).abs() < 1e-12);
            }
        }

        #[test]
        fn probabilities_never_fall_and_stay_within_nought_and_one(
            rows in prop::collection::vec((-50i32..50, any::<bool>()), 1..60),
            mut asked in prop::collection::vec(-60.0..60.0f64, 2..40),
        ) {
            let (scores, events): (Vec<f64>, Vec<bool>) =
                rows.into_iter().map(|(score, event)| (f64::from(score) / 3.0, event)).unzip();
            let fit = Isotonic::fit(&scores, &events).expect("scores");
            asked.extend(&scores);
            asked.sort_by(f64::total_cmp);
            let found: Vec<f64> = asked.iter().map(|it| fit.probability(*it)).collect();
            prop_assert!(found.windows(2).all(|it| it[0] <= it[1]));
            prop_assert!(found.iter().all(|it| (0.0..=1.0).contains(it)));
            // The mean of the fit is the share of events.
            let mean = scores.iter().map(|it| fit.probability(*it)).sum::<f64>();
            let events = events.iter().filter(|it| **it).count() as f64;
            prop_assert!((mean - events).abs() < 1e-9);
        }
    }
}
