//! One cell of a text format into a typed column, or a reason why not.

use crate::reject::Reject;
use crate::spec::{ColumnKind, TableSpec};
use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, RecordBatch,
    StringBuilder, TimestampMicrosecondBuilder,
};
use base::codes::tables as codes;
use base::{Code, HouseholdId, Period};
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// A cell that was understood.
enum Cell<'a> {
    Empty,
    Text(&'a str),
    Number(f64),
    Boolean(bool),
    Whole(i32),
    Micros(i64),
}

/// Why a cell was not understood.
pub struct Misread {
    pub code: &'static Code,
    pub message: String,
    pub hint: String,
}

enum Column {
    Text(StringBuilder),
    Number(Float64Builder),
    Boolean(BooleanBuilder),
    Period(Int32Builder),
    Date(Date32Builder),
    Instant(TimestampMicrosecondBuilder),
}

/// Columns under construction.
pub struct Rows<'a> {
    spec: &'a TableSpec,
    columns: Vec<Column>,
    /// The line of each row that was kept.
    pub lines: Vec<u64>,
}

impl<'a> Rows<'a> {
    /// Empty columns for a specification.
    pub fn new(spec: &'a TableSpec) -> Self {
        let column = |kind: &ColumnKind| match kind {
            ColumnKind::HouseholdId
            | ColumnKind::OptionalHouseholdId
            | ColumnKind::Key
            | ColumnKind::Any
            | ColumnKind::Text { .. } => Column::Text(StringBuilder::new()),
            ColumnKind::Number { .. } => Column::Number(Float64Builder::new()),
            ColumnKind::Boolean => Column::Boolean(BooleanBuilder::new()),
            ColumnKind::Period(_) => Column::Period(Int32Builder::new()),
            ColumnKind::Date => Column::Date(Date32Builder::new()),
            ColumnKind::Instant => {
                Column::Instant(TimestampMicrosecondBuilder::new().with_timezone("UTC"))
            }
        };
        let columns = spec.columns.iter().map(|it| column(&it.kind)).collect();
        Self { spec, columns, lines: Vec::new() }
    }

    /// How many rows were kept.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Adds a row, or says why it was left out. `cells` stand in the order of the specification;
    /// a column the file lacks is `None`.
    pub fn push(&mut self, file: &str, line: u64, cells: &[Option<&str>]) -> Result<(), Reject> {
        let mut read = Vec::with_capacity(cells.len());
        for (column, cell) in self.spec.columns.iter().zip(cells) {
            let text = cell.map(str::trim).unwrap_or_default();
            match understand(&column.kind, text) {
                Ok(cell) => read.push(cell),
                Err(misread) => {
                    return Err(Reject {
                        file: file.to_owned(),
                        line,
                        household: self.text_of(cells, |it| matches!(it, ColumnKind::HouseholdId)),
                        period: self.text_of(cells, |it| matches!(it, ColumnKind::Period(_))),
                        column: Some(column.name.clone()),
                        code: misread.code,
                        message: misread.message,
                        hint: Some(misread.hint),
                    });
                }
            }
        }
        self.columns.iter_mut().zip(read).for_each(|(column, cell)| column.push(&cell));
        self.lines.push(line);
        Ok(())
    }

    fn text_of(
        &self,
        cells: &[Option<&str>],
        is_it: impl Fn(&ColumnKind) -> bool,
    ) -> Option<String> {
        let position = self.spec.columns.iter().position(|it| is_it(&it.kind))?;
        cells.get(position).copied().flatten().map(|it| it.trim().to_owned())
    }

    /// The rows as a batch, with their lines; empty again afterwards.
    pub fn take(&mut self) -> Result<(RecordBatch, Vec<u64>), arrow::error::ArrowError> {
        let columns = self.columns.iter_mut().map(Column::finish).collect();
        let batch = RecordBatch::try_new(self.spec.schema(), columns)?;
        Ok((batch, std::mem::take(&mut self.lines)))
    }
}

impl Column {
    fn push(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Column::Text(it), Cell::Text(text)) => it.append_value(text),
            (Column::Text(it), _) => it.append_null(),
            (Column::Number(it), Cell::Number(number)) => it.append_value(*number),
            (Column::Number(it), _) => it.append_null(),
            (Column::Boolean(it), Cell::Boolean(truth)) => it.append_value(*truth),
            (Column::Boolean(it), _) => it.append_null(),
            (Column::Period(it), Cell::Whole(index)) => it.append_value(*index),
            (Column::Period(it), _) => it.append_null(),
            (Column::Date(it), Cell::Whole(days)) => it.append_value(*days),
            (Column::Date(it), _) => it.append_null(),
            (Column::Instant(it), Cell::Micros(micros)) => it.append_value(*micros),
            (Column::Instant(it), _) => it.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Column::Text(it) => Arc::new(it.finish()),
            Column::Number(it) => Arc::new(it.finish()),
            Column::Boolean(it) => Arc::new(it.finish()),
            Column::Period(it) => Arc::new(it.finish()),
            Column::Date(it) => Arc::new(it.finish()),
            Column::Instant(it) => Arc::new(it.finish()),
        }
    }
}

/// A cell in the one writing that its kind has: `1,200.0` is `1200`, `是` is `true`.
///
/// # Errors
/// A cell that is none of its kind: code, message and hint.
pub fn cell_of(kind: &ColumnKind, text: &str) -> Result<String, (&'static Code, String, String)> {
    match understand(kind, text.trim()) {
        // Adding nothing makes of minus nothing nothing.
        Ok(Cell::Number(number)) => Ok((number + 0.0).to_string()),
        Ok(Cell::Boolean(truth)) => Ok(truth.to_string()),
        Ok(Cell::Text(text)) => Ok(text.to_owned()),
        Ok(_) => Ok(text.trim().to_owned()),
        Err(misread) => Err((misread.code, misread.message, misread.hint)),
    }
}

fn understand<'a>(kind: &ColumnKind, text: &'a str) -> Result<Cell<'a>, Misread> {
    if text.is_empty() {
        return if kind.is_key() {
            Err(Misread {
                code: &codes::EMPTY_KEY,
                message: "the cell is empty but identifies the row".to_owned(),
                hint: "fill it in, or delete the row".to_owned(),
            })
        } else if matches!(kind, ColumnKind::OptionalHouseholdId) {
            Ok(Cell::Text(""))
        } else {
            Ok(Cell::Empty)
        };
    }
    match kind {
        ColumnKind::HouseholdId | ColumnKind::OptionalHouseholdId => {
            household_id(text).map(|()| Cell::Text(text))
        }
        ColumnKind::Key | ColumnKind::Any => Ok(Cell::Text(text)),
        ColumnKind::Text { categories } => category(categories, text).map(|()| Cell::Text(text)),
        ColumnKind::Number { min, max } => number(*min, *max, text),
        ColumnKind::Boolean => boolean(text),
        ColumnKind::Period(kind) => match Period::parse(*kind, text) {
            Ok(period) => Ok(Cell::Whole(period.index())),
            Err(error) => {
                let hint = format!("write the period like {}", kind.shape());
                Err(misread(&codes::BAD_PERIOD, error.to_string(), &hint))
            }
        },
        ColumnKind::Date => date(text).map(|it| Cell::Whole(days(it))).ok_or_else(|| {
            let message = format!("`{}` is not a day", shorten(text));
            misread(&codes::BAD_DATE, message, "write days like 2020-06-30")
        }),
        ColumnKind::Instant => instant(text).map(Cell::Micros).ok_or_else(|| {
            let message = format!("`{}` is not an instant", shorten(text));
            misread(&codes::BAD_DATE, message, "write instants like 2020-06-30T08:00:00Z")
        }),
    }
}

fn misread(code: &'static Code, message: String, hint: &str) -> Misread {
    Misread { code, message, hint: hint.to_owned() }
}

/// A cell for a message: not so long that the message cannot be read.
pub fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Whether a text can be a household's id.
pub fn household_id(text: &str) -> Result<(), Misread> {
    let checked = HouseholdId::check(text);
    checked.map_err(|error| misread(&codes::BAD_HOUSEHOLD_ID, error.to_string(), "shorten the id"))
}

/// Whether a text is listed, where anything is.
pub fn category(categories: &[String], text: &str) -> Result<(), Misread> {
    if categories.is_empty() || categories.iter().any(|it| it == text) {
        return Ok(());
    }
    let message = format!("`{}` is not one of {}", shorten(text), categories.join(", "));
    Err(misread(&codes::BAD_CATEGORY, message, "correct the cell, or add the category to the pack"))
}

fn number<'a>(min: Option<f64>, max: Option<f64>, text: &'a str) -> Result<Cell<'a>, Misread> {
    let plain = text.replace(',', "");
    let is_grouped = !text.contains(',') || is_grouped(text);
    let parsed = plain.parse::<f64>().ok().filter(|it| it.is_finite() && is_grouped);
    let Some(value) = parsed else {
        let message = format!("`{}` is not a number", shorten(text));
        return Err(misread(
            &codes::BAD_NUMBER,
            message,
            "leave the cell empty where it is unknown",
        ));
    };
    in_range(min, max, value).map(|()| Cell::Number(value))
}

/// Whether a number lies within a range, its ends included.
pub fn in_range(min: Option<f64>, max: Option<f64>, value: f64) -> Result<(), Misread> {
    if min.is_some_and(|it| value < it) || max.is_some_and(|it| value > it) {
        let end = |it: Option<f64>| it.map_or("…".to_owned(), shown);
        let message = format!("{} lies outside {} to {}", shown(value), end(min), end(max));
        return Err(misread(&codes::OUT_OF_RANGE, message, "correct the cell, or leave it empty"));
    }
    Ok(())
}

/// A number as people can read it: without a row of a hundred zeros.
fn shown(number: f64) -> String {
    if number.abs() >= 1e15 { format!("{number:e}") } else { number.to_string() }
}

/// Whether commas stand only between groups of three digits, so that `1,5` is not read as 15.
fn is_grouped(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or(text).trim_start_matches(['-', '+']);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && groups.all(|it| it.len() == 3) && !text.ends_with(',')
}

fn boolean(text: &str) -> Result<Cell<'static>, Misread> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "是" => Ok(Cell::Boolean(true)),
        "false" | "0" | "no" | "n" | "否" => Ok(Cell::Boolean(false)),
        _ => {
            let message = format!("`{}` is neither true nor false", shorten(text));
            Err(misread(&codes::BAD_BOOLEAN, message, "write true, false, 1, 0, 是 or 否"))
        }
    }
}

/// A day, year first: `2020-06-30`, `2020/6/30`, `2020年6月30日`, `20200630`, with or without an hour.
fn date(text: &str) -> Option<Date> {
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let day = day.strip_suffix('日').unwrap_or(day);
    if day.len() == 8 && day.bytes().all(|it| it.is_ascii_digit()) {
        return format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]).parse().ok();
    }
    let mut parts = day.split(['-', '/', '.', '年', '月']);
    let mut part = |digits: std::ops::RangeInclusive<usize>| {
        let text = parts.next().filter(|it| digits.contains(&it.len()))?;
        text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse::<i16>().ok())?
    };
    let (year, month, day) = (part(4..=4)?, part(1..=2)?, part(1..=2)?);
    let is_whole = parts.next().is_none();
    is_whole.then(|| Date::new(year, month as i8, day as i8).ok())?
}

/// Days since 1970-01-01.
pub fn days(day: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    day.since(epoch).map_or(0, |it| it.get_days())
}

fn instant(text: &str) -> Option<i64> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant.as_microsecond());
    }
    let plain = text.parse::<jiff::civil::DateTime>().ok();
    let plain = plain.or_else(|| date(text).map(|it| it.at(0, 0, 0, 0)))?;
    let seconds = i64::from(days(plain.date())) * 86_400
        + i64::from(plain.hour()) * 3_600
        + i64::from(plain.minute()) * 60
        + i64::from(plain.second());
    Some(seconds * 1_000_000 + i64::from(plain.subsec_nanosecond()) / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_number(text: &str) -> Option<f64> {
        match number(None, None, text) {
            Ok(Cell::Number(it)) => Some(it),
            _ => None,
        }
    }

    #[test]
    fn a_comma_groups_thousands_and_is_never_a_decimal_point() {
        assert_eq!(read_number("1,234,567.5"), Some(1_234_567.5));
        assert_eq!(read_number("1,5"), None);
        assert_eq!(read_number("NaN"), None);
        assert_eq!(read_number("-"), None);
        assert_eq!(read_number("1e3"), Some(1000.0));
    }

    #[test]
    fn a_number_out_of_range_is_told_without_a_row_of_zeros() {
        let told = |value| in_range(Some(0.0), Some(5e6), value).err().map(|it| it.message);
        assert_eq!(told(-1e99).as_deref(), Some("-1e99 lies outside 0 to 5000000"));
        assert_eq!(told(5_000_001.5).as_deref(), Some("5000001.5 lies outside 0 to 5000000"));
    }

    #[test]
    fn a_day_is_read_year_first_in_every_usual_writing_and_never_guessed() {
        let day = Some(jiff::civil::date(2020, 6, 3));
        for text in ["2020-06-03", "2020/6/3", "2020年6月3日", "20200603", "2020-06-03T08:00:00"]
        {
            assert_eq!(date(text), day, "{text}");
        }
        for text in ["03/06/2020", "6/3", "2020-13-01", "2020-06-03-1", "June", "-2020-06-03"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn an_instant_without_a_zone_is_taken_as_utc() {
        assert_eq!(instant("1970-01-02"), Some(86_400_000_000));
        assert_eq!(instant("1970-01-01T00:00:01"), Some(1_000_000));
        assert_eq!(instant("1970-01-01T08:00:00+08:00"), Some(0));
        assert_eq!(instant("soon"), None);
    }
}
