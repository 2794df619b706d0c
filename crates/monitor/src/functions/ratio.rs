//! `ratio(a, b)`: the pack's division.
//!
//! Where nothing is left to divide by but something is owed (b ≤ 0 < a) the result is the far
//! end, plus infinity, which every severity rule reads as its last anchor. Where both are zero or
//! below it is unknown: a failed business must not look safe.

use super::{Operand, binary};
use arrow::array::Float64Array;

pub(super) fn apply(a: &Operand<'_>, b: &Operand<'_>, rows: usize) -> Float64Array {
    binary(a, b, rows, |a, b| {
        let without_base = if a > 0.0 { f64::INFINITY } else { f64::NAN };
        if b > 0.0 { a / b } else { without_base }
    })
}
