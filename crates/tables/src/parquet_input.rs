//! Parquet: projected row groups as batches in the types that were asked for.

use crate::cells::days;
use crate::misfits::{self, Misfit, Sound};
use crate::reject::Reject;
use crate::spec::{ColumnKind, ColumnSpec};
use crate::texts::Texts;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, RecordBatch, StringArray, new_null_array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Field, Int32Type, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use base::codes::tables as codes;
use base::{Diagnostic, Period, PeriodKind, Place};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Encoding, PageType};
use parquet::file::metadata::{PageEncodingStats, ParquetMetaData};
use parquet::file::statistics::Statistics;
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A Parquet file whose footer was read.
#[derive(Clone)]
pub struct ParquetFile {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

fn fault(path: &Path, error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(&codes::NOT_PARQUET, format!("the file cannot be read as Parquet: {error}"))
        .at(Place::file(path.display().to_string()))
        .hint("fetch or write the file again; it is damaged, cut short or another format")
}

impl ParquetFile {
    /// Reads the footer. Text columns that lie in the file as dictionaries are asked for so.
    pub fn open(path: &Path) -> Result<Self, Diagnostic> {
        let file = File::open(path).map_err(|error| {
            Diagnostic::new(&codes::FILE_UNREADABLE, format!("the file cannot be opened: {error}"))
                .at(Place::file(path.display().to_string()))
                .hint("check the path")
        })?;
        let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new());
        let plain = plain.map_err(|error| fault(path, error))?;
        let options = ArrowReaderOptions::new().with_schema(with_dictionaries(&plain));
        let metadata = ArrowReaderMetadata::try_new(plain.metadata().clone(), options);
        let metadata = metadata.unwrap_or(plain);
        Ok(Self { path: path.to_owned(), metadata })
    }

    /// Names of its top-level columns.
    pub fn names(&self) -> Vec<String> {
        self.metadata.schema().fields().iter().map(|it| it.name().clone()).collect()
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        self.metadata.metadata().file_metadata().num_rows().try_into().unwrap_or(0)
    }

    /// Rows of each row group.
    pub fn row_groups(&self) -> Vec<u64> {
        let groups = self.metadata.metadata().row_groups().iter();
        groups.map(|it| it.num_rows().try_into().unwrap_or(0)).collect()
    }

    /// What the writer noted of the table in its schema.
    pub fn notes(&self) -> &HashMap<String, String> {
        self.metadata.schema().metadata()
    }

    /// Reads the given row groups.
    pub fn read(
        &self,
        columns: &[&str],
        groups: Vec<usize>,
        batch_rows: usize,
    ) -> Result<ParquetRecordBatchReader, Diagnostic> {
        self.builder(columns, groups)?
            .with_batch_size(batch_rows)
            .build()
            .map_err(|error| fault(&self.path, error))
    }

    fn builder(
        &self,
        columns: &[&str],
        groups: Vec<usize>,
    ) -> Result<ParquetRecordBatchReaderBuilder<File>, Diagnostic> {
        let file = File::open(&self.path).map_err(|error| fault(&self.path, error))?;
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let schema = builder.schema().clone();
        let roots = columns.iter().filter_map(|it| schema.index_of(it).ok());
        let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
        Ok(builder.with_projection(mask).with_row_groups(groups))
    }

    /// The least and the greatest text of a column in a row group, where the file says so and did
    /// not cut them short.
    pub fn text_range(&self, column: &str, group: usize) -> Option<(&str, &str)> {
        let columns = self.metadata.metadata().row_groups().get(group)?.columns();
        let found = columns.iter().find(|it| it.column_path().string() == column)?;
        let Statistics::ByteArray(texts) = found.statistics()? else { return None };
        let are_whole = texts.min_is_exact() && texts.max_is_exact();
        let (least, greatest) =
            (texts.min_opt()?.as_utf8().ok()?, texts.max_opt()?.as_utf8().ok()?);
        are_whole.then_some((least, greatest))
    }

    /// One text cell: the `row`-th of a row group.
    pub fn text_at(&self, column: &str, group: usize, row: u64) -> Result<String, Diagnostic> {
        let reader = self.builder(&[column], vec![group])?;
        let reader = reader.with_offset(row as usize).with_limit(1).build();
        let mut reader = reader.map_err(|error| fault(&self.path, error))?;
        let batch = reader.next().transpose().map_err(|error| fault(&self.path, error))?;
        let cell = batch.filter(|it| it.num_rows() == 1).map(|it| it.column(0).clone());
        let cell = cell.map(|it| cast(&it, &DataType::Utf8)).transpose();
        let cell = cell.map_err(|error| fault(&self.path, error))?;
        Ok(cell.map(|it| it.as_string::<i32>().value(0).to_owned()).unwrap_or_default())
    }

    /// A fault of reading, with the place.
    pub fn fault(&self, error: impl std::fmt::Display) -> Diagnostic {
        fault(&self.path, error)
    }
}

fn with_dictionaries(metadata: &ArrowReaderMetadata) -> SchemaRef {
    let field = |it: &Arc<Field>| match it.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
            if is_dictionary(metadata.metadata(), it.name()) =>
        {
            let encoded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Field::new(it.name(), encoded, it.is_nullable())
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            Field::new(it.name(), DataType::Utf8, it.is_nullable())
        }
        _ => it.as_ref().clone(),
    };
    let fields = metadata.schema().fields().iter().map(field).collect::<Vec<_>>();
    Arc::new(Schema::new_with_metadata(fields, metadata.schema().metadata().clone()))
}

/// Whether the first row group holds a text column as a dictionary throughout: to make one from
/// plain texts costs more than it saves.
fn is_dictionary(metadata: &ParquetMetaData, name: &str) -> bool {
    let columns = metadata.row_groups().first().map_or(&[][..], |it| it.columns());
    let Some(column) = columns.iter().find(|it| it.column_path().string() == name) else {
        return false;
    };
    let is_plain = |it: &PageEncodingStats| {
        let is_data = matches!(it.page_type, PageType::DATA_PAGE | PageType::DATA_PAGE_V2);
        let dictionary = [Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY];
        is_data && !dictionary.contains(&it.encoding)
    };
    let pages = column.page_encoding_stats();
    column.dictionary_page_offset().is_some() && !pages.is_some_and(|it| it.iter().any(is_plain))
}

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

fn unusable(column: &ColumnSpec, found: &DataType) -> Diagnostic {
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

/// Whether every number is a month as `yyyymm`.
fn are_months(numbers: &Int32Array) -> bool {
    let is_month = |it: &i32| (1..=12).contains(&(it % 100)) && (100_000..1_000_000).contains(it);
    numbers.null_count() == 0 && numbers.values().iter().fold(true, |all, it| all & is_month(it))
}

/// Periods may be text, days, or whole numbers: a year, a wave, or for months `yyyymm`. What is
/// no period becomes empty.
fn period_column(
    column: &ColumnSpec,
    kind: PeriodKind,
    found: &ArrayRef,
) -> Result<ArrayRef, Diagnostic> {
    let ty = found.data_type();
    let by_text = |text: &str| Period::parse(kind, text).ok().map(Period::index);
    if let Some(encoded) = found.as_dictionary_opt::<Int32Type>() {
        let texts = cast(encoded.values(), &DataType::Utf8).map_err(|_| unusable(column, ty))?;
        let texts: &StringArray = texts.as_string();
        let known: Vec<Option<i32>> = texts.iter().map(|it| it.and_then(by_text)).collect();
        let keys = encoded.keys().iter();
        let indexes =
            keys.map(|key| key.and_then(|key| known.get(key as usize).copied().flatten()));
        return Ok(Arc::new(indexes.collect::<Int32Array>()));
    }
    match ty {
        DataType::Utf8 => {
            let texts: &StringArray = found.as_string();
            Ok(Arc::new(texts.iter().map(|it| it.and_then(by_text)).collect::<Int32Array>()))
        }
        DataType::Int32 if kind == PeriodKind::Month && are_months(found.as_primitive()) => {
            let months: &Int32Array = found.as_primitive();
            let index = |it| it / 100 * 12 + it % 100 - 1;
            Ok(Arc::new(months.unary::<_, Int32Type>(index)))
        }
        ty if ty.is_integer() => {
            let numbers = cast(found, &DataType::Int64).map_err(|_| unusable(column, ty))?;
            let numbers = numbers.as_primitive::<Int64Type>();
            let index = |it: i64| match kind {
                PeriodKind::Year | PeriodKind::Wave => i32::try_from(it).ok(),
                PeriodKind::Month => {
                    let (year, month) = (it / 100, it % 100);
                    let is_month = (1..=12).contains(&month) && (1000..=9999).contains(&year);
                    is_month.then(|| i32::try_from(year * 12 + month - 1).ok()).flatten()
                }
                PeriodKind::Quarter | PeriodKind::HalfYear => None,
            };
            Ok(Arc::new(numbers.iter().map(|it| it.and_then(index)).collect::<Int32Array>()))
        }
        ty if ty.is_temporal() => {
            let dates = cast(found, &DataType::Date32).map_err(|_| unusable(column, ty))?;
            let dates = dates.as_primitive::<Date32Type>();
            let epoch = jiff::civil::date(1970, 1, 1);
            let index = |it: i32| {
                let day = epoch.checked_add(jiff::Span::new().days(i64::from(it))).ok()?;
                debug_assert_eq!(days(day), it);
                Period::containing(kind, day).map(Period::index)
            };
            Ok(Arc::new(dates.iter().map(|it| it.and_then(index)).collect::<Int32Array>()))
        }
        _ => Err(unusable(column, ty)),
    }
}
