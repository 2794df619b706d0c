//! A column of texts, plain or as a dictionary, read the same way.

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, StringArray};
use arrow::datatypes::Int32Type;

/// Texts of a column, however encoded.
pub(crate) enum Texts<'a> {
    Plain(&'a StringArray),
    Dictionary(&'a Int32Array, &'a StringArray),
}

impl<'a> Texts<'a> {
    pub(crate) fn of(column: &'a ArrayRef) -> Option<Self> {
        if let Some(plain) = column.as_string_opt::<i32>() {
            return Some(Texts::Plain(plain));
        }
        let encoded = column.as_dictionary_opt::<Int32Type>()?;
        Some(Texts::Dictionary(encoded.keys(), encoded.values().as_string_opt::<i32>()?))
    }

    pub(crate) fn get(&self, row: usize) -> &'a str {
        match self {
            Texts::Plain(it) => it.value(row),
            Texts::Dictionary(keys, texts) => texts.value(keys.value(row) as usize),
        }
    }

    pub(crate) fn is_null(&self, row: usize) -> bool {
        match self {
            Texts::Plain(it) => it.is_null(row),
            Texts::Dictionary(keys, _) => keys.is_null(row),
        }
    }

    pub(crate) fn is_same(&self, a: usize, b: usize) -> bool {
        match self {
            Texts::Plain(it) => it.value(a) == it.value(b),
            Texts::Dictionary(keys, _) => {
                keys.value(a) == keys.value(b) || self.get(a) == self.get(b)
            }
        }
    }
}
