//! Functions of one number: `abs`, `ln`, `exp`, `sqrt`, `floor`.

use super::{Operand, unary};
use arrow::array::Float64Array;
use pack::Function;

/// Applies a function of one number; outside its domain the result is unknown.
pub(super) fn apply(function: Function, a: &Operand<'_>, rows: usize) -> Float64Array {
    match function {
        Function::Abs => unary(a, rows, f64::abs),
        Function::Exp => unary(a, rows, f64::exp),
        Function::Floor => unary(a, rows, f64::floor),
        // The square root of a negative number is already not a number.
        Function::Sqrt => unary(a, rows, f64::sqrt),
        Function::Ln => unary(a, rows, |a| if a > 0.0 { a.ln() } else { f64::NAN }),
        _ => unary(a, rows, |_| f64::NAN),
    }
}
