//! Columns of a Parquet file in the types that were asked for.

use super::periods::period_column;
use crate::misfits::{self, Misfit, Sound};
use crate::reject::Reject;
use crate::spec::{ColumnKind, ColumnSpec};
use crate::texts::Texts;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray, new_null_array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use base::Diagnostic;
use base::codes::tables as codes;
use std::sync::Arc;

/// The columns of a batch in the order and types of the specification.
pub struct Converted {
    /// The batch; all rows.
    pub batch: RecordBatch,
    /// Cells that cannot be meant. Their rows are no use to anybody.
    pub misfits: Vec<Misfit>,
}

/// Turns a batch as read into what was asked for. `sound` is kept from batch to batch of a file.
pub fn convert(
    columns: &[ColumnSpec],
    sources: &[Option<String>],
    batch: &RecordBatch,
    sound: &mut Sound,
) -> Result<Converted, Diagnostic> {
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    let mut misfits = Vec::new();
    for (position, (column, source)) in columns.iter().zip(sources).enumerate() {
        let found = source.as_ref().and_then(|it| batch.column_by_name(it));
        let array = match found {
            Some(found) => typed(column, found)?,
            None => new_null_array(&column.kind.data_type(), batch.num_rows()),
        };
        misfits::find((position, column), &array, sound, &mut misfits);
        fields.push(Field::new(&column.name, array.data_type().clone(), true));
        arrays.push(array);
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays);
    Ok(Converted { batch: batch.map_err(conversion_fault)?, misfits })
}

impl Converted {
    /// The rows without misfits, with their lines, and a reject for the first misfit of each of the
    /// others. `lines` has one line per row.
    pub fn sound(
        mut self,
        columns: &[ColumnSpec],
        file: &str,
        lines: Vec<u64>,
    ) -> Result<(RecordBatch, Vec<u64>, Vec<Reject>), Diagnostic> {
        if self.misfits.is_empty() {
            return Ok((self.batch, lines, Vec::new()));
        }
        // Columns come in order, so that a stable sort leaves the first column's misfit in front.
        self.misfits.sort_by_key(|it| it.row);
        self.misfits.dedup_by_key(|it| it.row);
        let position =
            |is_it: fn(&ColumnKind) -> bool| columns.iter().position(|it| is_it(&it.kind));
        let household = position(|it| matches!(it, ColumnKind::HouseholdId));
        let household = household.and_then(|it| Texts::of(self.batch.column(it)));
        let mut is_sound = vec![true; lines.len()];
        let mut rejects = Vec::with_capacity(self.misfits.len());
        for Misfit { row, column, misread } in self.misfits {
            is_sound[row] = false;
            let household = household.as_ref().filter(|it| !it.is_null(row));
            rejects.push(Reject {
                file: file.to_owned(),
                line: lines[row],
                household: household.map(|it| it.get(row).to_owned()),
                period: None,
                column: Some(column),
                code: misread.code,
                message: misread.message,
                hint: Some(misread.hint),
            });
        }
        let kept = BooleanArray::from(is_sound);
        let batch = arrow::compute::filter_record_batch(&self.batch, &kept);
        let lines = lines.into_iter().zip(kept.values()).filter(|it| it.1).map(|it| it.0);
        Ok((batch.map_err(conversion_fault)?, lines.collect(), rejects))
    }
}

fn conversion_fault(error: ArrowError) -> Diagnostic {
    Diagnostic::new(&codes::COLUMN_UNUSABLE, format!("a column could not be converted: {error}"))
}

pub(super) fn unusable(column: &ColumnSpec, found: &DataType) -> Diagnostic {
    let wanted = match &column.kind {
        ColumnKind::Number { .. } => "a number",
        ColumnKind::Boolean => "true or false",
        ColumnKind::Period(_) => "a period",
        ColumnKind::Date | ColumnKind::Instant => "a date",
        _ => "text",
    };
    let message = format!("column `{}` holds {found}, which is not {wanted}", column.name);
    let hint = format!("convert it, or map another column with --column {}=NAME", column.name);
    Diagnostic::new(&codes::COLUMN_UNUSABLE, message).hint(hint)
}

fn typed(column: &ColumnSpec, found: &ArrayRef) -> Result<ArrayRef, Diagnostic> {
    let ty = found.data_type();
    let is_text = |ty: &DataType| {
        matches!(ty, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
            || matches!(ty, DataType::Dictionary(_, of) if of.as_ref() == &DataType::Utf8)
    };
    let to = |wanted: &DataType| cast(found, wanted).map_err(|_| unusable(column, ty));
    match &column.kind {
        ColumnKind::OptionalHouseholdId => {
            let texts = to(&DataType::Utf8)?;
            let texts: &StringArray = texts.as_string();
            Ok(Arc::new(texts.iter().map(|it| Some(it.unwrap_or(""))).collect::<StringArray>()))
        }
        ColumnKind::HouseholdId | ColumnKind::Key | ColumnKind::Text { .. } => match ty {
            DataType::Utf8 => Ok(found.clone()),
            DataType::Dictionary(key, of)
                if key.as_ref() == &DataType::Int32 && of.as_ref() == &DataType::Utf8 =>
            {
                Ok(found.clone())
            }
            ty if is_text(ty) || ty.is_integer() || ty.is_temporal() => to(&DataType::Utf8),
            _ => Err(unusable(column, ty)),
        },
        ColumnKind::Any if ty.is_nested() => Err(unusable(column, ty)),
        ColumnKind::Any => to(&DataType::Utf8),
        ColumnKind::Number { .. } => match ty {
            DataType::Decimal128(..) | DataType::Decimal256(..) => to(&DataType::Float64),
            DataType::Boolean => to(&DataType::Float64),
            ty if ty.is_numeric() => Ok(found.clone()),
            DataType::Null => Ok(new_null_array(&DataType::Float64, found.len())),
            _ => Err(unusable(column, ty)),
        },
        ColumnKind::Boolean => match ty {
            DataType::Boolean => Ok(found.clone()),
            ty if ty.is_numeric() => to(&DataType::Boolean),
            DataType::Null => Ok(new_null_array(&DataType::Boolean, found.len())),
            _ => Err(unusable(column, ty)),
        },
        ColumnKind::Period(kind) => period_column(column, *kind, found),
        ColumnKind::Date if ty.is_temporal() || is_text(ty) => to(&DataType::Date32),
        ColumnKind::Instant if ty.is_temporal() || is_text(ty) => to(&column.kind.data_type()),
        ColumnKind::Date | ColumnKind::Instant => Err(unusable(column, ty)),
    }
}
