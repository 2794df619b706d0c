//! One value of an indicator or attribute, out of its column.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Float64Type};

/// A value for showing.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number in the indicator's unit; infinite at the far end of a ratio.
    Number(f64),
    /// A truth value.
    Boolean(bool),
    /// A category.
    Text(String),
}

impl Value {
    /// The value in a row; `None` where it is unknown.
    pub fn at(column: &ArrayRef, row: usize) -> Option<Value> {
        if column.is_null(row) {
            return None;
        }
        match column.data_type() {
            DataType::Boolean => Some(Value::Boolean(column.as_boolean().value(row))),
            DataType::Utf8 => Some(Value::Text(column.as_string::<i32>().value(row).to_owned())),
            _ => {
                let numbers = arrow::compute::cast(&column.slice(row, 1), &DataType::Float64);
                let numbers = numbers.ok()?;
                Some(Value::Number(numbers.as_primitive::<Float64Type>().value(0)))
            }
        }
    }
}
