//! `+ - * /`. Division by zero is unknown, and so is whatever is not a number.

use super::{ArithmeticKind, Operand, binary};
use arrow::array::Float64Array;

pub(super) fn apply(
    kind: ArithmeticKind,
    left: &Operand<'_>,
    right: &Operand<'_>,
    rows: usize,
) -> Float64Array {
    match kind {
        ArithmeticKind::Add => binary(left, right, rows, |a, b| a + b),
        ArithmeticKind::Subtract => binary(left, right, rows, |a, b| a - b),
        ArithmeticKind::Multiply => binary(left, right, rows, |a, b| a * b),
        ArithmeticKind::Divide => {
            binary(left, right, rows, |a, b| if b == 0.0 { f64::NAN } else { a / b })
        }
    }
}
