//! A condition over the rows of a panel, outside any indicator: outcomes and groups.

use crate::columns::Columns;
use crate::compile::{Compiler, Layout};
use crate::rows;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type};
use base::{AreaCode, Diagnostic, Period};
use pack::{Expr, Pack};

/// Whether the condition holds in each row; `None` where unknown. A number holds where it is not
/// 0. Attributes are the pack's; parameters are those in force in `at`.
pub fn holds(
    pack: &Pack,
    expr: &Expr,
    batch: &RecordBatch,
    at: Period,
) -> Result<Vec<Option<bool>>, Diagnostic> {
    let parameters: Vec<Option<f64>> = pack.parameters.iter().map(|it| it.at(at, None)).collect();
    let layout = Layout { attributes: expr.attributes(), ..Layout::default() };
    let mut compiler = Compiler { parameters: &parameters, layout };
    let compiled = compiler.compile(expr)?;
    let households = rows::households(batch)?;
    let columns = Columns::from_panel(pack, &compiler.layout, batch, &households, at)?;
    let column = columns.evaluate(&compiled)?;
    if let Some(truths) = column.as_boolean_opt() {
        return Ok(truths.iter().collect());
    }
    let numbers = arrow::compute::cast(&column, &DataType::Float64).map_err(rows::arrow_fault)?;
    let numbers = numbers.as_primitive::<Float64Type>();
    Ok((0..numbers.len())
        .map(|it| numbers.is_valid(it).then(|| numbers.value(it) != 0.0))
        .collect())
}

/// The value of an expression over parameters alone, such as an anchor, in a period and area;
/// `None` where a parameter has no value there.
pub fn constant(pack: &Pack, expr: &Expr, at: Period, area: Option<&AreaCode>) -> Option<f64> {
    let parameters: Vec<Option<f64>> = pack.parameters.iter().map(|it| it.at(at, area)).collect();
    let mut compiler = Compiler { parameters: &parameters, layout: Layout::default() };
    let compiled = compiler.compile(expr).ok()?;
    crate::program::constant(&compiled).ok().flatten()
}
