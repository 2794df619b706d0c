//! The evaluated batch: attributes as numbers, truth values and text, stale ones made unknown,
//! parameters that differ by area, windows over calendar periods.
//!
//! Reads a panel batch and never changes it. A column the panel lacks is unknown throughout.

use crate::compile::{Layout, OWN_COLUMNS, data_type};
use crate::rows::{self, AREA, arrow_fault, column_type, expression_fault};
use crate::windows;
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, Float64Array, Int32Array,
    RecordBatch, StringArray, new_null_array,
};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Field, FieldRef, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Schema,
};
use base::{AreaCode, Diagnostic, Period};
use multiversion::multiversion;
use pack::{Attribute, AttributeType, Pack, Type};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// Suffix of the column that says in which period an attribute was observed.
pub const OBSERVED: &str = "__observed";

/// Names do not matter, so that one field serves all columns of a type.
static FIELDS: LazyLock<[FieldRef; 3]> = LazyLock::new(|| {
    let types = [DataType::Float64, DataType::Boolean, DataType::Utf8];
    types.map(|it| Arc::new(Field::new("column", it, true)))
});

/// The columns that expressions read, in the order of their [`Layout`].
pub struct Columns {
    columns: Vec<ArrayRef>,
    rows: usize,
    /// The columns as expressions take them, made when first asked for.
    batch: OnceCell<RecordBatch>,
}

impl Columns {
    /// Loads what a layout asks for from a panel batch of whole households.
    pub fn from_panel(
        pack: &Pack,
        layout: &Layout,
        batch: &RecordBatch,
        households: &[Range<usize>],
        at: Period,
    ) -> Result<Self, Diagnostic> {
        let rows = batch.num_rows();
        let mut columns = Vec::with_capacity(layout.first_window() + layout.windows.len());
        for index in &layout.attributes {
            columns.push(attribute(&pack.attributes[*index], batch)?);
        }
        for index in &layout.area_parameters {
            columns.push(area_parameter(&pack.parameters[*index], batch, at)?);
        }
        let numbers = new_null_array(&DataType::Float64, rows);
        let texts = new_null_array(&DataType::Utf8, rows);
        let own: [&ArrayRef; OWN_COLUMNS] = [&numbers, &texts, &numbers, &numbers, &texts];
        columns.extend(own.into_iter().cloned());
        let mut loaded = Self::new(columns, rows);
        let periods = rows::periods(batch)?;
        for step in &layout.windows {
            let argument = loaded.evaluate(&step.argument)?;
            let window = windows::apply(step, &argument, periods.values(), households)?;
            loaded.columns.push(window);
            // Windows read columns and windows before them.
            loaded.batch.take();
        }
        Ok(loaded)
    }

    /// Columns that were kept in place of a panel's: attributes and windows in the order of the
    /// layout. Parameters by area are looked up with the areas of `batch`.
    pub fn from_kept(
        pack: &Pack,
        layout: &Layout,
        (mut columns, windows): (Vec<ArrayRef>, Vec<ArrayRef>),
        batch: &RecordBatch,
        at: Period,
    ) -> Result<Self, Diagnostic> {
        let rows = batch.num_rows();
        for index in &layout.area_parameters {
            columns.push(area_parameter(&pack.parameters[*index], batch, at)?);
        }
        let numbers = new_null_array(&DataType::Float64, rows);
        let texts = new_null_array(&DataType::Utf8, rows);
        let own: [&ArrayRef; OWN_COLUMNS] = [&numbers, &texts, &numbers, &numbers, &texts];
        columns.extend(own.into_iter().cloned());
        columns.extend(windows);
        Ok(Self::new(columns, rows))
    }

    /// A column by its position in the layout.
    pub fn column(&self, position: usize) -> &ArrayRef {
        &self.columns[position]
    }

    fn new(columns: Vec<ArrayRef>, rows: usize) -> Self {
        Self { columns, rows, batch: OnceCell::new() }
    }

    /// Whether a column, by its position in the layout, is known and fresh in a row.
    pub fn is_known(&self, column: usize, row: usize) -> bool {
        self.columns[column].is_valid(row)
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns as a batch for the expression library.
    pub fn batch(&self) -> Result<&RecordBatch, Diagnostic> {
        if let Some(made) = self.batch.get() {
            return Ok(made);
        }
        let field = |it: &ArrayRef| {
            let known = FIELDS.iter().find(|field| field.data_type() == it.data_type()).cloned();
            known.unwrap_or_else(|| Arc::new(Field::new("column", it.data_type().clone(), true)))
        };
        let schema = Schema::new(self.columns.iter().map(field).collect::<Vec<_>>());
        let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(self.rows));
        let columns = self.columns.clone();
        let made = RecordBatch::try_new_with_options(Arc::new(schema), columns, &options);
        let made = made.map_err(arrow_fault)?;
        Ok(self.batch.get_or_init(|| made))
    }

    /// Evaluates an expression over every row.
    pub fn evaluate(
        &self,
        expr: &Arc<dyn datafusion_physical_expr::PhysicalExpr>,
    ) -> Result<ArrayRef, Diagnostic> {
        let value = expr.evaluate(self.batch()?).map_err(expression_fault)?;
        value.into_array(self.rows).map_err(expression_fault)
    }

    /// The same columns with an indicator's own value and severity filled in.
    pub fn with_own(&self, own: usize, value: &ArrayRef, severity: ArrayRef) -> Self {
        let mut columns = self.columns.clone();
        let is_text = value.data_type() == &DataType::Utf8;
        columns[own + usize::from(is_text)] = value.clone();
        columns[own + 2] = severity;
        Self::new(columns, self.rows)
    }

    /// The same columns with the fact a trigger looks at filled in.
    pub fn with_fact(&self, own: usize, number: ArrayRef, text: ArrayRef) -> Self {
        let mut columns = self.columns.clone();
        columns[own + 3] = number;
        columns[own + 4] = text;
        Self::new(columns, self.rows)
    }

    /// The given rows, in the given order.
    pub fn take(&self, indices: &arrow::array::UInt32Array) -> Result<Self, Diagnostic> {
        let take = |it: &ArrayRef| arrow::compute::take(it, indices, None).map_err(arrow_fault);
        let columns = self.columns.iter().map(take).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(columns, indices.len()))
    }
}

fn attribute(attribute: &Attribute, batch: &RecordBatch) -> Result<ArrayRef, Diagnostic> {
    let wanted = data_type(&type_of(attribute));
    let Some(found) = batch.column_by_name(&attribute.id) else {
        return Ok(new_null_array(&wanted, batch.num_rows()));
    };
    let typed = match (&wanted, found.data_type()) {
        (wanted, found_type) if wanted == found_type => found.clone(),
        (_, DataType::Null) => new_null_array(&wanted, batch.num_rows()),
        (DataType::Float64, it) if it.is_numeric() => widened(found)?,
        (DataType::Boolean, it) if it.is_numeric() => cast(found, &wanted).map_err(arrow_fault)?,
        (DataType::Float64, DataType::Boolean) => cast(found, &wanted).map_err(arrow_fault)?,
        (DataType::Utf8, DataType::Dictionary(..) | DataType::LargeUtf8 | DataType::Utf8View) => {
            cast(found, &wanted).map_err(arrow_fault)?
        }
        (_, it) => return Err(column_type(&attribute.id, it, &wanted.to_string())),
    };
    let may_be_odd = wanted == DataType::Float64 && found.data_type().is_floating();
    let typed = if may_be_odd { finite(typed) } else { typed };
    fresh(attribute, typed, batch)
}

/// A kept column as the attribute's own type.
pub fn widest(column: &ArrayRef, attribute: &Attribute) -> Result<ArrayRef, Diagnostic> {
    widened_to(column, data_type(&type_of(attribute)))
}

/// A kept column as the type it had.
pub fn widened_to(column: &ArrayRef, wanted: DataType) -> Result<ArrayRef, Diagnostic> {
    match column.data_type() {
        it if *it == wanted => Ok(column.clone()),
        DataType::Null => Ok(new_null_array(&wanted, column.len())),
        _ if wanted == DataType::Float64 => widened(column),
        _ => cast(column, &wanted).map_err(arrow_fault),
    }
}

/// Numbers as 64-bit floats. The usual narrow types fit without a look at each value.
fn widened(found: &ArrayRef) -> Result<ArrayRef, Diagnostic> {
    fn widen<T: ArrowPrimitiveType>(found: &ArrayRef) -> ArrayRef
    where
        T::Native: Into<f64>,
    {
        Arc::new(found.as_primitive::<T>().unary::<_, Float64Type>(Into::into))
    }
    match found.data_type() {
        DataType::Int8 => Ok(widen::<Int8Type>(found)),
        DataType::Int16 => Ok(widen::<Int16Type>(found)),
        DataType::Int32 => Ok(widen::<Int32Type>(found)),
        DataType::Float32 => Ok(widen::<Float32Type>(found)),
        _ => cast(found, &DataType::Float64).map_err(arrow_fault),
    }
}

/// The type of an attribute as expressions see it.
pub fn type_of(attribute: &Attribute) -> Type {
    match &attribute.ty {
        AttributeType::Number { unit, .. } => Type::Number(Some(unit.clone())),
        AttributeType::Boolean => Type::Boolean,
        AttributeType::Text { .. } => Type::Text,
    }
}

/// Whether there is one that is no number, or minus zero. Without a way out of the loop several
/// are looked at in one instruction.
#[multiversion(targets("x86_64+avx512f+avx512vl+avx512bw+avx512dq", "x86_64+avx2"))]
fn has_odd(numbers: &[f64]) -> bool {
    let is_odd = |it: &f64| !it.is_finite() | ((*it == 0.0) & it.is_sign_negative());
    numbers.iter().fold(false, |any, it| any | is_odd(it))
}

/// Not-a-number and infinity in the input are unknown; minus zero is zero.
fn finite(column: ArrayRef) -> ArrayRef {
    let Some(numbers) = column.as_primitive_opt::<Float64Type>() else { return column };
    if !has_odd(numbers.values()) {
        return column;
    }
    let known: NullBuffer = numbers.values().iter().map(|it| it.is_finite()).collect();
    let nulls = NullBuffer::union(numbers.nulls(), Some(&known));
    let values = numbers.values().iter().map(|it| *it + 0.0).collect();
    Arc::new(Float64Array::new(values, nulls))
}

/// Makes an observation unknown that is older than the attribute's freshness allows.
fn fresh(
    attribute: &Attribute,
    column: ArrayRef,
    batch: &RecordBatch,
) -> Result<ArrayRef, Diagnostic> {
    let Some(allowed) = attribute.freshness_periods else { return Ok(column) };
    let name = format!("{}{OBSERVED}", attribute.id);
    let Some(observed) = batch.column_by_name(&name) else { return Ok(column) };
    let observed = observed
        .as_primitive_opt::<Int32Type>()
        .ok_or_else(|| column_type(&name, observed.data_type(), "a period"))?;
    let periods: &Int32Array = rows::periods(batch)?;
    let age = |row: usize| i64::from(periods.value(row)) - i64::from(observed.value(row));
    let is_stale = |row: usize| observed.is_valid(row) && age(row) > i64::from(allowed);
    let is_stale: BooleanArray = (0..batch.num_rows()).map(|it| Some(is_stale(it))).collect();
    arrow::compute::nullif(&column, &is_stale).map_err(arrow_fault)
}

/// The value of a parameter in each row's area.
fn area_parameter(
    parameter: &pack::Parameter,
    batch: &RecordBatch,
    at: Period,
) -> Result<ArrayRef, Diagnostic> {
    let Some(areas) = batch.column_by_name(AREA) else {
        let value = parameter.at(at, None);
        return Ok(Arc::new(Float64Array::from(vec![value; batch.num_rows()])));
    };
    let areas = cast(areas, &DataType::Utf8).map_err(arrow_fault)?;
    let areas: &StringArray = areas.as_string();
    let mut known: BTreeMap<Option<&str>, Option<f64>> = BTreeMap::new();
    let values = areas.iter().map(|area| {
        *known.entry(area).or_insert_with(|| parameter.at(at, area.map(AreaCode::new).as_ref()))
    });
    Ok(Arc::new(values.collect::<Float64Array>()))
}
