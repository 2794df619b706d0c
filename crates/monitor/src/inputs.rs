//! What expressions read, kept of households so that another policy can be tried without facts.
//!
//! Weights, anchors, lines and edges change what is made of a panel and not the panel. So the
//! columns that expressions read are kept, windows over earlier periods among them, for the periods
//! that a band depends on; each in the narrowest type that loses nothing. Judged from them a
//! household has the very band that its panel gives, because the same functions judge.

use crate::columns::{Columns, widest};
use crate::compile::Layout;
use crate::evaluator::{Assessed, Evaluator, recent};
use crate::rows::{self, AREA, HOUSEHOLD, PERIOD, arrow_fault};
use arrow::array::{
    Array, ArrayRef, AsArray, Float32Array, Int8Array, Int16Array, Int32Array, NullArray,
    RecordBatch,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float64Type, Schema};
use base::{AreaCode, Band, Diagnostic, Period};
use pack::{Expr, Node, Pack};
use std::ops::Range;
use std::sync::Arc;

/// Columns of some households, for one period.
pub struct Inputs {
    /// The period that is judged.
    pub at: Period,
    /// Household, period and area of each row; then the kept columns.
    pub(crate) batch: RecordBatch,
    pub(crate) households: Vec<Range<usize>>,
    /// Ids of the attributes whose columns are kept, in the order of their columns.
    attributes: Vec<String>,
    /// Windows whose columns are kept, after those.
    windows: Vec<Expr>,
}

/// Columns before those that are kept.
const KEYS: usize = 3;

impl Inputs {
    /// Keeps what the program of `at` reads of whole households (see [`Evaluator::assess`]).
    pub fn of(evaluator: &Evaluator, batch: &RecordBatch, at: Period) -> Result<Self, Diagnostic> {
        let pack = evaluator.pack();
        let (batch, households) =
            recent(batch, rows::households(batch)?, at, evaluator.history_depth())?;
        let program = evaluator.program(at)?;
        let layout = &program.layout;
        let columns = Columns::from_panel(pack, layout, &batch, &households, program.at)?;
        let steps = layout.windows.iter().enumerate();
        let steps: Vec<_> = steps.filter(|it| !reads_parameter(it.1.source())).collect();
        let mut kept: Vec<ArrayRef> = [HOUSEHOLD, PERIOD]
            .iter()
            .map(|it| rows::column(&batch, it).cloned())
            .collect::<Result<_, _>>()?;
        let no_areas = || arrow::array::new_null_array(&DataType::Utf8, batch.num_rows());
        kept.push(batch.column_by_name(AREA).cloned().unwrap_or_else(no_areas));
        let attributes = 0..layout.attributes.len();
        let windows = steps.iter().map(|it| layout.first_window() + it.0);
        for position in attributes.chain(windows) {
            kept.push(columns.column(position).clone());
        }
        let fields = kept.iter().zip(names(kept.len()));
        let fields = fields.map(|(it, name)| Field::new(name, it.data_type().clone(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let all = RecordBatch::try_new(schema, kept).map_err(arrow_fault)?;
        // Windows have looked back already: of earlier rows only those that are judged are kept.
        let judged = evaluator.history_depth() - pack.lookback();
        let (all, households) = recent(&all, households, at, judged)?;
        let of = |it: &usize| pack.attributes[*it].id.clone();
        Ok(Self {
            at,
            batch: narrowed(&all)?,
            households,
            attributes: layout.attributes.iter().map(of).collect(),
            windows: steps.into_iter().map(|it| it.1.source().clone()).collect(),
        })
    }

    /// The columns as a layout wants them; `None` where one of them was not kept.
    pub(crate) fn columns(
        &self,
        pack: &Pack,
        layout: &Layout,
        at: Period,
    ) -> Result<Option<Columns>, Diagnostic> {
        let mut found = Vec::with_capacity(layout.attributes.len());
        for index in &layout.attributes {
            let attribute = &pack.attributes[*index];
            let Some(position) = self.attributes.iter().position(|it| *it == attribute.id) else {
                return Ok(None);
            };
            found.push(widest(self.batch.column(KEYS + position), attribute)?);
        }
        let mut windows = Vec::with_capacity(layout.windows.len());
        for step in &layout.windows {
            let Some(position) = self.windows.iter().position(|it| it == step.source()) else {
                return Ok(None);
            };
            let column = self.batch.column(KEYS + self.attributes.len() + position);
            windows.push(crate::columns::widened_to(column, step.data_type())?);
        }
        Columns::from_kept(pack, layout, (found, windows), &self.batch, at).map(Some)
    }

    /// How many households there are.
    pub fn len(&self) -> usize {
        self.households.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.households.is_empty()
    }

    /// Ids of the households, in order.
    pub fn ids(&self) -> Result<Vec<String>, Diagnostic> {
        let ids = rows::Ids::of(rows::column(&self.batch, HOUSEHOLD)?)?;
        Ok(self.households.iter().map(|it| ids.get(it.start).to_owned()).collect())
    }

    /// Where the households are in the period, else were last.
    pub fn areas(&self) -> Result<Vec<Option<AreaCode>>, Diagnostic> {
        let column = cast(self.batch.column(2), &DataType::Utf8).map_err(arrow_fault)?;
        let texts = column.as_string::<i32>();
        let last = self.households.iter().map(|it| it.end - 1);
        Ok(last.map(|row| texts.is_valid(row).then(|| AreaCode::new(texts.value(row)))).collect())
    }

    /// Bytes that the columns take.
    pub fn bytes(&self) -> usize {
        self.batch.get_array_memory_size()
    }
}

impl Evaluator {
    /// The bands of kept households in their period: what [`Evaluator::assess`] gives of the panel
    /// that they were kept from. `None` where this pack reads what was not kept.
    pub fn bands(&self, inputs: &Inputs) -> Result<Option<Vec<Band>>, Diagnostic> {
        let Some(assessed) = Assessed::of_inputs(self, inputs)? else { return Ok(None) };
        let mut scratch = Vec::new();
        let band = |household: usize| {
            let (own, _) = assessed.own_band(household, assessed.at, &mut scratch);
            assessed.band(household, assessed.at, own, &mut scratch)
        };
        Ok(Some((0..assessed.households.len()).map(band).collect()))
    }
}

impl Evaluator {
    /// The value of an indicator for each kept household in the period: a number, a truth value as
    /// 0 or 1; `None` where it is not known, does not concern it, or is a category.
    pub fn values(
        &self,
        inputs: &Inputs,
        indicator: usize,
    ) -> Result<Vec<Option<f64>>, Diagnostic> {
        let nothing = || vec![None; inputs.len()];
        let program = self.program(inputs.at)?;
        let compiled = &program.indicators[indicator];
        let columns = inputs.columns(self.pack(), &program.layout, program.at)?;
        let (Some(value), Some(columns)) = (&compiled.value, columns) else { return Ok(nothing()) };
        let value = columns.evaluate(value)?;
        if value.data_type() == &DataType::Utf8 {
            return Ok(nothing());
        }
        let value = cast(&value, &DataType::Float64).map_err(arrow_fault)?;
        let value = value.as_primitive::<Float64Type>();
        let applies = compiled.applies.as_ref().map(|it| columns.evaluate(it)).transpose()?;
        let applies = applies.as_ref().and_then(|it| it.as_boolean_opt());
        let periods = rows::periods(&inputs.batch)?;
        let of = |rows: &Range<usize>| {
            let row = rows.end - 1;
            let is_in = applies.is_none_or(|it| it.is_valid(row) && it.value(row));
            let is_now = periods.value(row) == inputs.at.index();
            (is_now && is_in && value.is_valid(row)).then(|| value.value(row))
        };
        Ok(inputs.households.iter().map(of).collect())
    }
}

fn names(count: usize) -> impl Iterator<Item = String> {
    let keys = [HOUSEHOLD, PERIOD, AREA].into_iter().map(str::to_owned);
    keys.chain((KEYS..count).map(|it| format!("column_{it}")))
}

fn reads_parameter(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |it| found |= matches!(it.node, Node::Parameter(_)));
    found
}

/// Every column but the keys in the narrowest type that holds its values.
fn narrowed(batch: &RecordBatch) -> Result<RecordBatch, Diagnostic> {
    let column = |(position, it): (usize, &ArrayRef)| match position {
        0 | 1 => Ok(it.clone()),
        _ => narrow(it),
    };
    let columns = batch.columns().iter().enumerate().map(column);
    let columns: Vec<ArrayRef> = columns.collect::<Result<_, _>>()?;
    let fields = columns.iter().zip(names(columns.len()));
    let fields = fields.map(|(it, name)| Field::new(name, it.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    RecordBatch::try_new(schema, columns).map_err(arrow_fault)
}

fn narrow(column: &ArrayRef) -> Result<ArrayRef, Diagnostic> {
    if column.null_count() == column.len() {
        return Ok(Arc::new(NullArray::new(column.len())));
    }
    if column.data_type() == &DataType::Utf8 {
        let encoded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        return cast(column, &encoded).map_err(arrow_fault);
    }
    let Some(numbers) = column.as_primitive_opt::<Float64Type>() else {
        // A slice would keep the whole.
        return arrow::compute::concat(&[column]).map_err(arrow_fault);
    };
    let known = || numbers.iter().flatten();
    let is_whole = |it: f64| it.fract() == 0.0 && (it != 0.0 || it.is_sign_positive());
    if known().all(|it| is_whole(it) && it.abs() <= f64::from(i32::MAX)) {
        let most = known().fold(0.0_f64, |most, it| most.max(it.abs()));
        let whole = || numbers.iter();
        return Ok(if most <= f64::from(i8::MAX) {
            Arc::new(whole().map(|it| it.map(|it| it as i8)).collect::<Int8Array>())
        } else if most <= f64::from(i16::MAX) {
            Arc::new(whole().map(|it| it.map(|it| it as i16)).collect::<Int16Array>())
        } else {
            Arc::new(whole().map(|it| it.map(|it| it as i32)).collect::<Int32Array>())
        });
    }
    if known().all(|it| f64::from(it as f32).to_bits() == it.to_bits()) {
        let short = numbers.iter().map(|it| it.map(|it| it as f32));
        return Ok(Arc::new(short.collect::<Float32Array>()));
    }
    arrow::compute::concat(&[column]).map_err(arrow_fault)
}
