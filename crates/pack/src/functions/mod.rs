//! The table of functions an expression may call: name, arguments, type and unit of the result.
//!
//! One file per function here says what it means and checks its arguments; the engine has a file of
//! the same name that computes it.

/// A function of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// `ratio(a, b)`: the pack's division.
    Ratio,
    /// `coalesce(a, b, …)`: the first that is known.
    Coalesce,
    /// `least(a, b, …)`: the smallest; unknown if any is.
    Least,
    /// `greatest(a, b, …)`: the largest; unknown if any is.
    Greatest,
    /// `abs(a)`.
    Abs,
    /// `ln(a)`: natural logarithm of a number without unit or of an amount's figure; unknown for
    /// a ≤ 0.
    Ln,
    /// `exp(a)`.
    Exp,
    /// `sqrt(a)`: unknown below zero.
    Sqrt,
    /// `floor(a)`.
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
