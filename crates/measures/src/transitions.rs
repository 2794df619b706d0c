//! Who moved between states from one period to another: who fell in, stayed, got out, fell back.
//!
//! Never guesses a state: a row unknown at either end is counted as unknown and in no rate.

use crate::error::{MeasureError, all_allowed, same_length};
use crate::estimate::{Interval, wilson};

/// Rows and weight by state before and state after.
#[derive(Clone, Debug, PartialEq)]
pub struct TransitionMatrix {
    states: usize,
    rows: Vec<u64>,
    weight: Vec<f64>,
    /// Rows whose state is unknown at either end.
    pub unknown: u64,
}

impl TransitionMatrix {
    /// Counts the moves between numbered states, `0..states`. Without `weights` all are 1.
    pub fn of(
        states: usize,
        before: &[Option<usize>],
        after: &[Option<usize>],
        weights: Option<&[f64]>,
    ) -> Result<Self, MeasureError> {
        same_length("after", before.len(), after.len())?;
        if let Some(weights) = weights {
            same_length("weight", before.len(), weights.len())?;
            all_allowed("weight", weights, |it| it.is_finite() && it >= 0.0)?;
        }
        let cells = states * states;
        let mut matrix =
            Self { states, rows: vec![0; cells], weight: vec![0.0; cells], unknown: 0 };
        for (row, ends) in before.iter().zip(after).enumerate() {
            let (Some(from), Some(to)) = ends else {
                matrix.unknown += 1;
                continue;
            };
            in_range("before", row, *from, states)?;
            in_range("after", row, *to, states)?;
            matrix.rows[from * states + to] += 1;
            matrix.weight[from * states + to] += weights.map_or(1.0, |it| it[row]);
        }
        Ok(matrix)
    }

    /// Rows that went from one state to another.
    pub fn rows(&self, from: usize, to: usize) -> u64 {
        self.rows[from * self.states + to]
    }

    /// Weight that went from one state to another.
    pub fn weight(&self, from: usize, to: usize) -> f64 {
        self.weight[from * self.states + to]
    }

    /// Rows that began in a state.
    pub fn rows_from(&self, from: usize) -> u64 {
        (0..self.states).map(|to| self.rows(from, to)).sum()
    }

    /// P_ij = n_ij / n_i, weighted: the maximum-likelihood estimate of a Markov chain's transition
    /// probability (Anderson and Goodman 1957, Ann. Math. Stat. 28, 89–110). `None` where nothing
    /// began in `from`.
    pub fn probability(&self, from: usize, to: usize) -> Option<f64> {
        let all: f64 = (0..self.states).map(|to| self.weight(from, to)).sum();
        (all > 0.0).then(|| self.weight(from, to) / all)
    }
}

fn in_range(
    column: &'static str,
    row: usize,
    state: usize,
    states: usize,
) -> Result<(), MeasureError> {
    if state < states {
        return Ok(());
    }
    Err(MeasureError::OutOfRange { column, row, value: state as f64 })
}

/// Moves in and out of one state, such as poverty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transitions {
    /// Out before and out after.
    pub remained_out: u64,
    /// Out before and in after.
    pub entered: u64,
    /// In before and out after.
    pub escaped: u64,
    /// In before and in after.
    pub stayed: u64,
    /// Unknown before or after.
    pub unknown: u64,
}

impl Transitions {
    /// Counts the moves.
    pub fn of(before: &[Option<bool>], after: &[Option<bool>]) -> Result<Self, MeasureError> {
        same_length("after", before.len(), after.len())?;
        let mut counts = Self::default();
        for ends in before.iter().zip(after) {
            *match ends {
                (Some(false), Some(false)) => &mut counts.remained_out,
                (Some(false), Some(true)) => &mut counts.entered,
                (Some(true), Some(false)) => &mut counts.escaped,
                (Some(true), Some(true)) => &mut counts.stayed,
                _ => &mut counts.unknown,
            } += 1;
        }
        Ok(counts)
    }

    /// The counts of two pairs of periods together, for rates pooled over several.
    pub fn and(self, other: Self) -> Self {
        Self {
            remained_out: self.remained_out + other.remained_out,
            entered: self.entered + other.entered,
            escaped: self.escaped + other.escaped,
            stayed: self.stayed + other.stayed,
            unknown: self.unknown + other.unknown,
        }
    }

    /// [[out→out, out→in], [in→out, in→in]].
    pub fn matrix(&self) -> [[u64; 2]; 2] {
        [[self.remained_out, self.entered], [self.escaped, self.stayed]]
    }

    /// Of those out before, the share in after; `None` where none was out.
    pub fn entry_rate(&self) -> Option<f64> {
        share(self.entered, self.entered + self.remained_out)
    }

    /// Of those in before, the share still in after; `None` where none was in.
    pub fn stay_rate(&self) -> Option<f64> {
        share(self.stayed, self.stayed + self.escaped)
    }

    /// Wilson's interval of the entry rate.
    pub fn entry_interval(&self, level: f64) -> Result<Option<Interval>, MeasureError> {
        wilson(self.entered, self.entered + self.remained_out, level)
    }

    /// Wilson's interval of the stay rate.
    pub fn stay_interval(&self, level: f64) -> Result<Option<Interval>, MeasureError> {
        wilson(self.stayed, self.stayed + self.escaped, level)
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Those who got out, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Escapes {
    /// In at first, out in the middle.
    pub escaped: u64,
    /// Of those, in again later.
    pub relapsed: u64,
    /// Of those, unknown later.
    pub unknown_later: u64,
}

impl Escapes {
    /// Follows escapes over three periods.
    pub fn of(
        first: &[Option<bool>],
        middle: &[Option<bool>],
        later: &[Option<bool>],
    ) -> Result<Self, MeasureError> {
        same_length("middle", first.len(), middle.len())?;
        same_length("later", first.len(), later.len())?;
        let mut counts = Self::default();
        for row in 0..first.len() {
            if (first[row], middle[row]) != (Some(true), Some(false)) {
                continue;
            }
            counts.escaped += 1;
            counts.relapsed += u64::from(later[row] == Some(true));
            counts.unknown_later += u64::from(later[row].is_none());
        }
        Ok(counts)
    }

    /// Of those who escaped and are known later, the share that fell back.
    pub fn relapse_rate(&self) -> Option<f64> {
        share(self.relapsed, self.escaped - self.unknown_later)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN: Option<bool> = Some(true);
    const OUT: Option<bool> = Some(false);

    #[test]
    fn an_unknown_end_is_counted_and_in_no_rate() {
        let found = Transitions::of(&[IN, IN, OUT, None, OUT], &[IN, OUT, IN, IN, None]);
        let found = found.expect("columns of one length");
        assert_eq!(found.matrix(), [[0, 1], [1, 1]]);
        assert_eq!(found.unknown, 2);
        assert_eq!(found.entry_rate(), Some(1.0));
        assert_eq!(found.stay_rate(), Some(0.5));
    }

    #[test]
    fn nobody_in_the_state_gives_no_stay_rate() {
        let found = Transitions::of(&[OUT], &[OUT]).expect("columns of one length");
        assert_eq!(found.stay_rate(), None);
        assert_eq!(found.stay_interval(0.95), Ok(None));
    }

    #[test]
    fn an_escape_with_an_unknown_end_is_neither_held_nor_relapsed() {
        let found = Escapes::of(&[IN, IN, IN, OUT], &[OUT, OUT, OUT, OUT], &[IN, OUT, None, IN]);
        let found = found.expect("columns of one length");
        assert_eq!(found, Escapes { escaped: 3, relapsed: 1, unknown_later: 1 });
        assert_eq!(found.relapse_rate(), Some(0.5));
    }

    #[test]
    fn weighted_moves_between_many_states_give_rows_that_sum_to_one() {
        let before = [Some(0), Some(0), Some(2), Some(1), None];
        let after = [Some(0), Some(2), Some(1), None, Some(1)];
        let weights = [1.0, 3.0, 5.0, 7.0, 9.0];
        let found = TransitionMatrix::of(3, &before, &after, Some(&weights));
        let found = found.expect("states in range");
        assert_eq!(found.probability(0, 2), Some(0.75));
        assert_eq!((found.rows(0, 2), found.weight(0, 2), found.unknown), (1, 3.0, 2));
        assert_eq!(found.probability(1, 0), None);
        let sum: f64 = (0..3).filter_map(|to| found.probability(0, to)).sum();
        assert_eq!(sum, 1.0);
    }

    #[test]
    fn a_state_beyond_the_last_is_refused() {
        let found = TransitionMatrix::of(2, &[Some(0)], &[Some(2)], None);
        assert_eq!(found, Err(MeasureError::OutOfRange { column: "after", row: 0, value: 2.0 }));
    }
}
