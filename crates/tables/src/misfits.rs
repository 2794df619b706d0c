//! Cells of a Parquet column that have a right type and still cannot be meant: a number outside
//! its range, a category nobody listed, an id that is none, an empty key.
//!
//! The same cells are refused in text formats, with the same codes, so that a file says the same
//! in every format. Where all is well a column is looked at once and nothing is allocated.

use crate::cells::{self, Misread};
use crate::spec::{ColumnKind, ColumnSpec};
use crate::texts::Texts;
use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, Float64Array};
use arrow::compute::{cast, max, min};
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use base::codes::tables as codes;

/// One such cell.
pub struct Misfit {
    /// Row in the batch.
    pub row: usize,
    /// Name of the column.
    pub column: String,
    /// What is wrong.
    pub misread: Misread,
}

/// The dictionary of each column that was last found to hold nothing wrong: a file's batches share
/// theirs, and it is looked through once and not again with each of them.
#[derive(Default)]
pub struct Sound(Vec<Option<ArrayRef>>);

impl Sound {
    fn is_known(&self, column: usize, texts: &ArrayRef) -> bool {
        let known = self.0.get(column).and_then(Option::as_ref);
        known.is_some_and(|it| is_same(it, texts))
    }

    fn keep(&mut self, column: usize, texts: &ArrayRef) {
        self.0.resize(self.0.len().max(column + 1), None);
        self.0[column] = Some(texts.clone());
    }
}

/// Whether two arrays of texts lie in the same place; that holds no longer than both are kept.
fn is_same(a: &ArrayRef, b: &ArrayRef) -> bool {
    let (a, b) = (a.as_string_opt::<i32>(), b.as_string_opt::<i32>());
    let (Some(a), Some(b)) = (a, b) else { return false };
    a.offsets().ptr_eq(b.offsets()) && std::ptr::eq(a.value_data(), b.value_data())
}

/// Adds the misfits of the column at a position, in the order of its rows.
pub fn find(
    (position, column): (usize, &ColumnSpec),
    array: &ArrayRef,
    sound: &mut Sound,
    found: &mut Vec<Misfit>,
) {
    if column.kind.is_key() && array.null_count() > 0 {
        empty_keys(column, array, found);
    }
    let mut texts = |check: &dyn Fn(&str) -> Result<(), Misread>| {
        texts((position, column), array, sound, found, check);
    };
    match &column.kind {
        ColumnKind::HouseholdId => {
            texts(&|text| key(text).and_then(|()| cells::household_id(text)));
        }
        ColumnKind::OptionalHouseholdId => {
            texts(&|text| if text.is_empty() { Ok(()) } else { cells::household_id(text) });
        }
        ColumnKind::Key => texts(&key),
        ColumnKind::Text { categories } if !categories.is_empty() => {
            texts(&|text| cells::category(categories, text));
        }
        ColumnKind::Number { min, max } if min.is_some() || max.is_some() => {
            numbers(column, (*min, *max), array, found);
        }
        _ => {}
    }
}

fn key(text: &str) -> Result<(), Misread> {
    if text.is_empty() { Err(empty_key()) } else { Ok(()) }
}

fn empty_key() -> Misread {
    let message = "the cell is empty but identifies the row, or is nothing that can".to_owned();
    let hint = "fill it in; periods are written as the pack's kind asks".to_owned();
    Misread { code: &codes::EMPTY_KEY, message, hint }
}

fn empty_keys(column: &ColumnSpec, array: &ArrayRef, found: &mut Vec<Misfit>) {
    for row in (0..array.len()).filter(|it| array.is_null(*it)) {
        let mut misread = empty_key();
        if let ColumnKind::Period(_) = column.kind {
            misread.code = &codes::BAD_PERIOD;
        }
        found.push(Misfit { row, column: column.name.clone(), misread });
    }
}

fn texts(
    (position, column): (usize, &ColumnSpec),
    array: &ArrayRef,
    sound: &mut Sound,
    found: &mut Vec<Misfit>,
    check: &dyn Fn(&str) -> Result<(), Misread>,
) {
    let mut add = |row: usize, text: &str| {
        if let Err(misread) = check(text) {
            found.push(Misfit { row, column: column.name.clone(), misread });
        }
    };
    match Texts::of(array) {
        None => {}
        Some(Texts::Plain(texts)) => {
            let known = texts.iter().enumerate().filter_map(|it| Some((it.0, it.1?)));
            known.for_each(|(row, text)| add(row, text));
        }
        Some(Texts::Dictionary(keys, texts)) => {
            let dictionary = array.as_dictionary_opt::<Int32Type>().map(DictionaryArray::values);
            if dictionary.is_some_and(|it| sound.is_known(position, it)) {
                return;
            }
            // A text is looked at once, and rows only where one of them is wrong.
            let wrong: Vec<bool> =
                texts.iter().map(|it| it.is_some_and(|it| check(it).is_err())).collect();
            if wrong.contains(&true) {
                for (row, key) in keys.iter().enumerate() {
                    if let Some(key) = key.map(|it| it as usize).filter(|it| wrong[*it]) {
                        add(row, texts.value(key));
                    }
                }
            } else if let Some(dictionary) = dictionary {
                sound.keep(position, dictionary);
            }
        }
    }
}

fn numbers(
    column: &ColumnSpec,
    (low, high): (Option<f64>, Option<f64>),
    array: &ArrayRef,
    found: &mut Vec<Misfit>,
) {
    let Ok(numbers) = cast(array, &DataType::Float64) else { return };
    let numbers: &Float64Array = numbers.as_primitive::<Float64Type>();
    // NaN stands at an end of the order: it says nothing about the numbers before it.
    let is_below = low.is_some_and(|low| min(numbers).is_some_and(|it| it < low || it.is_nan()));
    let is_above = high.is_some_and(|high| max(numbers).is_some_and(|it| it > high || it.is_nan()));
    if !is_below && !is_above {
        return;
    }
    for (row, number) in numbers.iter().enumerate() {
        // NaN is how some writers say unknown; it lies outside of nothing.
        if let Some(number) = number.filter(|it| !it.is_nan())
            && let Err(misread) = cells::in_range(low, high, number)
        {
            found.push(Misfit { row, column: column.name.clone(), misread });
        }
    }
}
