//! The kernels of the functions that packs may call, and of arithmetic.
//!
//! Each file computes one entry of `pack::functions`. A kernel takes and gives 64-bit floats; a
//! result that is not a number is unknown. Minus zero never leaves a kernel, because comparisons
//! would tell it from zero.

mod arithmetic;
mod choice;
mod ratio;
mod single;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type};
use datafusion_common::config::ConfigOptions;
use datafusion_common::{Result, ScalarValue, exec_err};
use datafusion_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion_physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use pack::{Arithmetic, Function};
use std::hash::Hash;
use std::sync::Arc;

/// What a kernel computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    Arithmetic(ArithmeticKind),
    Function(Function),
}

/// [`Arithmetic`] in a hashable form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum ArithmeticKind {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// The physical form of an arithmetic node.
pub fn arithmetic_expr(
    operator: Arithmetic,
    left: Arc<dyn PhysicalExpr>,
    right: Arc<dyn PhysicalExpr>,
) -> Arc<dyn PhysicalExpr> {
    let kind = match operator {
        Arithmetic::Add => ArithmeticKind::Add,
        Arithmetic::Subtract => ArithmeticKind::Subtract,
        Arithmetic::Multiply => ArithmeticKind::Multiply,
        Arithmetic::Divide => ArithmeticKind::Divide,
    };
    call(Operation::Arithmetic(kind), vec![left, right])
}

/// The physical form of a function call.
pub fn function_expr(
    function: Function,
    arguments: Vec<Arc<dyn PhysicalExpr>>,
) -> Arc<dyn PhysicalExpr> {
    call(Operation::Function(function), arguments)
}

fn call(operation: Operation, arguments: Vec<Arc<dyn PhysicalExpr>>) -> Arc<dyn PhysicalExpr> {
    let signature = Signature::any(arguments.len(), Volatility::Immutable);
    let function = Arc::new(ScalarUDF::from(Kernel { operation, signature }));
    let field = Arc::new(Field::new("value", DataType::Float64, true));
    let options = Arc::new(ConfigOptions::default());
    Arc::new(ScalarFunctionExpr::new("kernel", function, arguments, field, options))
}

/// One operation as the expression library wants it.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Kernel {
    operation: Operation,
    signature: Signature,
}

impl ScalarUDFImpl for Kernel {
    fn name(&self) -> &str {
        "kernel"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn return_field_from_args(&self, _: datafusion_expr::ReturnFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(Field::new("value", DataType::Float64, true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let operands = args.args.iter().map(Operand::of).collect::<Result<Vec<_>>>()?;
        let all_scalar = operands.iter().all(|it| matches!(it, Operand::Scalar(_)));
        let rows = if all_scalar { 1 } else { args.number_rows };
        let result = match (self.operation, operands.as_slice()) {
            (Operation::Arithmetic(kind), [l, r]) => arithmetic::apply(kind, l, r, rows),
            (Operation::Function(Function::Ratio), [a, b]) => ratio::apply(a, b, rows),
            (Operation::Function(Function::Coalesce), all) => choice::coalesce(all, rows),
            (Operation::Function(Function::Least), all) => choice::least(all, rows),
            (Operation::Function(Function::Greatest), all) => choice::greatest(all, rows),
            (Operation::Function(function), [a]) => single::apply(function, a, rows),
            _ => return exec_err!("a function was called with {} arguments", operands.len()),
        };
        if all_scalar {
            let value = result.is_valid(0).then(|| result.value(0));
            return Ok(ColumnarValue::Scalar(ScalarValue::Float64(value)));
        }
        Ok(ColumnarValue::Array(Arc::new(result) as ArrayRef))
    }
}

/// An argument: one number for all rows, or a column.
enum Operand<'a> {
    Scalar(Option<f64>),
    Column(&'a Float64Array),
}

impl<'a> Operand<'a> {
    fn of(value: &'a ColumnarValue) -> Result<Self> {
        match value {
            ColumnarValue::Scalar(ScalarValue::Float64(it)) => Ok(Operand::Scalar(*it)),
            ColumnarValue::Scalar(ScalarValue::Null) => Ok(Operand::Scalar(None)),
            ColumnarValue::Array(it) => match it.as_primitive_opt::<Float64Type>() {
                Some(it) => Ok(Operand::Column(it)),
                None => exec_err!("a number was expected, not {}", it.data_type()),
            },
            ColumnarValue::Scalar(it) => exec_err!("a number was expected, not {it}"),
        }
    }

    fn nulls(&self) -> Option<&NullBuffer> {
        match self {
            Operand::Scalar(_) => None,
            Operand::Column(it) => it.nulls(),
        }
    }
}

/// A column of results: unknown where an operand is, and where the result is not a number.
fn finish(mut values: Vec<f64>, nulls: Option<NullBuffer>) -> Float64Array {
    let mut has_nan = false;
    for value in &mut values {
        has_nan |= value.is_nan();
        // Adding zero turns minus zero into zero and changes nothing else.
        *value += 0.0;
    }
    let nulls = if has_nan {
        let numbers = BooleanBuffer::collect_bool(values.len(), |row| !values[row].is_nan());
        NullBuffer::union(nulls.as_ref(), Some(&NullBuffer::new(numbers)))
    } else {
        nulls
    };
    Float64Array::new(values.into(), nulls)
}

/// Applies `kernel` to one operand; NaN means unknown.
fn unary(a: &Operand<'_>, rows: usize, kernel: impl Fn(f64) -> f64) -> Float64Array {
    match a {
        Operand::Scalar(a) => finish(vec![a.map_or(f64::NAN, kernel); rows], None),
        Operand::Column(a) => {
            finish(a.values().iter().map(|a| kernel(*a)).collect(), a.nulls().cloned())
        }
    }
}

/// Applies `kernel` to two operands; NaN means unknown.
fn binary(
    a: &Operand<'_>,
    b: &Operand<'_>,
    rows: usize,
    kernel: impl Fn(f64, f64) -> f64,
) -> Float64Array {
    match (a, b) {
        (Operand::Scalar(Some(a)), Operand::Scalar(Some(b))) => {
            finish(vec![kernel(*a, *b); rows], None)
        }
        (Operand::Scalar(None), _) | (_, Operand::Scalar(None)) => {
            finish(vec![f64::NAN; rows], None)
        }
        (Operand::Column(_), Operand::Scalar(Some(b))) => unary(a, rows, |a| kernel(a, *b)),
        (Operand::Scalar(Some(a)), Operand::Column(_)) => unary(b, rows, |b| kernel(*a, b)),
        (Operand::Column(x), Operand::Column(y)) => {
            let pairs = x.values().iter().zip(y.values());
            let values = pairs.map(|(x, y)| kernel(*x, *y)).collect();
            finish(values, NullBuffer::union(a.nulls(), b.nulls()))
        }
    }
}
