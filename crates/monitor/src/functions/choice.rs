//! `coalesce`, `least` and `greatest`.

use super::{Operand, binary, finish};
use arrow::array::{Array, Float64Array};

/// The first that is known.
pub(super) fn coalesce(operands: &[Operand<'_>], rows: usize) -> Float64Array {
    let mut values = vec![f64::NAN; rows];
    for operand in operands {
        for (row, value) in values.iter_mut().enumerate().filter(|(_, it)| it.is_nan()) {
            *value = match operand {
                Operand::Scalar(it) => it.unwrap_or(f64::NAN),
                Operand::Column(it) if it.is_valid(row) => it.value(row),
                Operand::Column(_) => f64::NAN,
            };
        }
    }
    finish(values, None)
}

/// The smallest; unknown if any is.
pub(super) fn least(operands: &[Operand<'_>], rows: usize) -> Float64Array {
    fold(operands, rows, |a, b| if b < a { b } else { a })
}

/// The largest; unknown if any is.
pub(super) fn greatest(operands: &[Operand<'_>], rows: usize) -> Float64Array {
    fold(operands, rows, |a, b| if b > a { b } else { a })
}

fn fold(operands: &[Operand<'_>], rows: usize, pick: fn(f64, f64) -> f64) -> Float64Array {
    let Some((first, rest)) = operands.split_first() else {
        return finish(vec![f64::NAN; rows], None);
    };
    let start = super::unary(first, rows, |it| it);
    rest.iter().fold(start, |so_far, next| binary(&Operand::Column(&so_far), next, rows, pick))
}
