//! The table of functions an expression may call: name, arguments, type and unit of the result.
//!
//! What each computes stands in the engine under the same name.

use crate::expr::Type;
use crate::unit::Unit;

/// A function of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// `ratio(a, b)`: the pack's division. b ≤ 0 < a is the far end; a ≤ 0 and b ≤ 0 unknown.
    Ratio,
    /// `coalesce(a, b, …)`: the first that is known.
    Coalesce,
    /// `least(a, b, …)`: the smallest; unknown if any is.
    Least,
    /// `greatest(a, b, …)`: the largest; unknown if any is.
    Greatest,
    /// `abs(a)`.
    Abs,
    /// `ln(a)`: natural logarithm of the figure; unknown for a ≤ 0.
    Ln,
    /// `exp(a)` of a pure number.
    Exp,
    /// `sqrt(a)`: of a pure number; unknown below zero.
    Sqrt,
    /// `floor(a)`: the greatest whole number that is not greater.
    Floor,
}

/// A function that looks back over calendar periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WindowFunction {
    /// `lag(x, n)`: x, n periods ago.
    Lag,
    /// `mean_over(x, n, min)`: mean of the known ones of the last n periods.
    Mean,
    /// `sum_over(x, n, min)`: their sum.
    Sum,
    /// `min_over(x, n, min)`: the least.
    Min,
    /// `max_over(x, n, min)`: the greatest.
    Max,
    /// `count_over(condition, n, min)`: in how many it was true.
    Count,
}

/// Every function of one row, by the name it is called by.
pub const FUNCTIONS: &[(&str, Function)] = &[
    ("ratio", Function::Ratio),
    ("coalesce", Function::Coalesce),
    ("least", Function::Least),
    ("greatest", Function::Greatest),
    ("abs", Function::Abs),
    ("ln", Function::Ln),
    ("exp", Function::Exp),
    ("sqrt", Function::Sqrt),
    ("floor", Function::Floor),
];

/// Every window function, by the name it is called by.
pub const WINDOWS: &[(&str, WindowFunction)] = &[
    ("lag", WindowFunction::Lag),
    ("mean_over", WindowFunction::Mean),
    ("sum_over", WindowFunction::Sum),
    ("min_over", WindowFunction::Min),
    ("max_over", WindowFunction::Max),
    ("count_over", WindowFunction::Count),
];

/// Why arguments do not fit.
pub(crate) enum Misfit {
    /// How many there should be.
    Count(&'static str),
    /// Which type there should be.
    Type(&'static str),
    /// Two units that should be one.
    Units(Unit, Unit),
}

impl Function {
    /// The type of a call, from the types of its arguments.
    pub(crate) fn result(self, arguments: &[Type]) -> Result<Type, Misfit> {
        match self {
            Function::Ratio => match arguments {
                [Type::Number(a), Type::Number(b)] => Ok(Type::Number(Some(quotient(a, b)))),
                [_, _] => Err(Misfit::Type("two numbers")),
                _ => Err(Misfit::Count("two arguments")),
            },
            Function::Coalesce | Function::Least | Function::Greatest => match arguments {
                [] | [_] => Err(Misfit::Count("two or more arguments")),
                [first, rest @ ..] => {
                    rest.iter().try_fold(first.clone(), |so_far, next| joined(&so_far, next))
                }
            },
            Function::Abs | Function::Floor => one_number(arguments).map(Type::Number),
            Function::Ln => one_number(arguments).map(|_| Type::Number(Some(Unit::one()))),
            Function::Exp | Function::Sqrt => match one_number(arguments)? {
                Some(unit) if !unit.is_one() => Err(Misfit::Units(unit, Unit::one())),
                _ => Ok(Type::Number(Some(Unit::one()))),
            },
        }
    }
}

fn one_number(arguments: &[Type]) -> Result<Option<Unit>, Misfit> {
    match arguments {
        [Type::Number(unit)] => Ok(unit.clone()),
        [_] => Err(Misfit::Type("a number")),
        _ => Err(Misfit::Count("one argument")),
    }
}

/// The one type of two numbers that stand for the same thing. A bare literal takes the unit of
/// its neighbour.
pub(crate) fn joined(a: &Type, b: &Type) -> Result<Type, Misfit> {
    match (a, b) {
        (Type::Number(None), Type::Number(unit)) | (Type::Number(unit), Type::Number(None)) => {
            Ok(Type::Number(unit.clone()))
        }
        (Type::Number(Some(a)), Type::Number(Some(b))) if a == b => {
            Ok(Type::Number(Some(a.clone())))
        }
        (Type::Number(Some(a)), Type::Number(Some(b))) => Err(Misfit::Units(a.clone(), b.clone())),
        _ => Err(Misfit::Type("numbers")),
    }
}

/// The unit of a quotient; a bare literal is a pure number.
pub(crate) fn quotient(a: &Option<Unit>, b: &Option<Unit>) -> Unit {
    a.clone().unwrap_or_default().per(&b.clone().unwrap_or_default())
}
