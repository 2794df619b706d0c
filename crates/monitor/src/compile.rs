//! `pack::Expr`, node by node, to the expression library's physical expressions.
//!
//! A compiled expression reads a batch whose columns are laid out by [`Layout`]. Windows are not
//! expressions: each becomes a column of its own, computed beforehand.

use crate::functions::{arithmetic_expr, function_expr};
use crate::rows::expression_fault;
use arrow::datatypes::DataType;
use base::Diagnostic;
use datafusion_common::{Result, ScalarValue};
use datafusion_expr::Operator;
use datafusion_physical_expr::PhysicalExpr;
use datafusion_physical_expr::expressions::{
    BinaryExpr, CaseExpr, Column, IsNullExpr, Literal, NotExpr,
};
use pack::{Compare, Expr, Node, Type, WindowFunction};
use std::sync::Arc;

/// A window call taken out of its expression.
#[derive(Clone, Debug)]
pub struct WindowStep {
    /// What is made of the periods.
    pub function: WindowFunction,
    /// Evaluated in every row before.
    pub argument: Arc<dyn PhysicalExpr>,
    /// As in [`Node::Window`].
    pub periods: u32,
    /// As in [`Node::Window`].
    pub min_known: u32,
    /// The source, to find an equal call again.
    source: Expr,
}

impl WindowStep {
    /// The call as it is written.
    pub fn source(&self) -> &Expr {
        &self.source
    }

    /// The type of its column.
    pub fn data_type(&self) -> DataType {
        data_type(&self.source.ty)
    }
}

/// Where the columns of the evaluated batch stand: attributes, area-scoped parameters, the
/// judged indicator's own value and severity, the fact, then windows in the order in which they
/// can be computed.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Attribute indexes.
    pub attributes: Vec<usize>,
    /// Indexes of parameters that differ by area.
    pub area_parameters: Vec<usize>,
    /// Windows; each may read the columns before it.
    pub windows: Vec<WindowStep>,
}

/// Columns after the parameters and before the windows: own value as number and as text, own
/// severity, fact number, fact text.
pub const OWN_COLUMNS: usize = 5;
const OWN_NUMBER: usize = 0;
const OWN_TEXT: usize = 1;
const OWN_SEVERITY: usize = 2;
const FACT_NUMBER: usize = 3;
const FACT_TEXT: usize = 4;

impl Layout {
    /// Index of the first own column.
    pub fn own(&self) -> usize {
        self.attributes.len() + self.area_parameters.len()
    }

    /// Index of the first window column.
    pub fn first_window(&self) -> usize {
        self.own() + OWN_COLUMNS
    }
}

/// Compiles expressions of one pack under one set of parameter values.
pub struct Compiler<'a> {
    /// The value of each parameter of the pack; area-scoped ones are read from columns.
    pub parameters: &'a [Option<f64>],
    /// Grows by the windows that are met.
    pub layout: Layout,
}

impl Compiler<'_> {
    /// The physical form of a checked expression.
    pub fn compile(&mut self, expr: &Expr) -> Result<Arc<dyn PhysicalExpr>, Diagnostic> {
        self.lower(expr).map_err(expression_fault)
    }

    fn lower(&mut self, expr: &Expr) -> Result<Arc<dyn PhysicalExpr>> {
        Ok(match &expr.node {
            Node::Number(it) => literal(ScalarValue::Float64(Some(*it))),
            Node::Boolean(it) => literal(ScalarValue::Boolean(Some(*it))),
            Node::Text(it) => literal(ScalarValue::Utf8(Some(it.clone()))),
            Node::Unknown => literal(null_of(&expr.ty)),
            Node::Attribute(index) => self.column(self.attribute(*index)),
            Node::Parameter(index) => self.parameter(*index),
            Node::FactNumber => self.column(self.layout.own() + FACT_NUMBER),
            Node::FactText => self.column(self.layout.own() + FACT_TEXT),
            Node::OwnValue if expr.ty == Type::Text => self.column(self.layout.own() + OWN_TEXT),
            Node::OwnValue => self.column(self.layout.own() + OWN_NUMBER),
            Node::OwnSeverity => self.column(self.layout.own() + OWN_SEVERITY),
            Node::Not(it) => Arc::new(NotExpr::new(self.lower(it)?)),
            Node::Negate(it) => {
                let zero = literal(ScalarValue::Float64(Some(0.0)));
                arithmetic_expr(pack::Arithmetic::Subtract, zero, self.lower(it)?)
            }
            Node::Arithmetic(operator, l, r) => {
                arithmetic_expr(*operator, self.lower(l)?, self.lower(r)?)
            }
            Node::Compare(compare, l, r) => self.binary(compare_operator(*compare), l, r)?,
            Node::And(l, r) => self.binary(Operator::And, l, r)?,
            Node::Or(l, r) => self.binary(Operator::Or, l, r)?,
            Node::IsUnknown(it) => Arc::new(IsNullExpr::new(self.lower(it)?)),
            Node::InList(it, list) => {
                let it = self.lower(it)?;
                let mut any = literal(ScalarValue::Boolean(Some(false)));
                for listed in list {
                    let equal = BinaryExpr::new(it.clone(), Operator::Eq, self.lower(listed)?);
                    any = Arc::new(BinaryExpr::new(any, Operator::Or, Arc::new(equal)));
                }
                any
            }
            Node::Case { branches, otherwise } => self.case(branches, otherwise.as_deref())?,
            Node::Call(function, arguments) => {
                let lowered = arguments.iter().map(|it| self.lower(it));
                function_expr(*function, lowered.collect::<Result<Vec<_>>>()?)
            }
            Node::Window { .. } => self.window(expr)?,
        })
    }

    fn binary(&mut self, operator: Operator, l: &Expr, r: &Expr) -> Result<Arc<dyn PhysicalExpr>> {
        Ok(Arc::new(BinaryExpr::new(self.lower(l)?, operator, self.lower(r)?)))
    }

    fn case(
        &mut self,
        branches: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
    ) -> Result<Arc<dyn PhysicalExpr>> {
        let lower_pair = |(when, then): &(Expr, Expr)| Ok((self.lower(when)?, self.lower(then)?));
        let pairs = branches.iter().map(lower_pair).collect::<Result<Vec<_>>>()?;
        let otherwise = otherwise.map(|it| self.lower(it)).transpose()?;
        Ok(Arc::new(CaseExpr::try_new(None, pairs, otherwise)?))
    }

    /// A window's argument is computed in a pass of its own; the call itself is a column.
    fn window(&mut self, expr: &Expr) -> Result<Arc<dyn PhysicalExpr>> {
        let Node::Window { function, argument, periods, min_known } = &expr.node else {
            return datafusion_common::internal_err!("not a window");
        };
        let known = self.layout.windows.iter().position(|it| it.source == *expr);
        let position = match known {
            Some(position) => position,
            None => {
                let argument = self.lower(argument)?;
                let (function, periods, min_known) = (*function, *periods, *min_known);
                let source = expr.clone();
                let step = WindowStep { function, argument, periods, min_known, source };
                self.layout.windows.push(step);
                self.layout.windows.len() - 1
            }
        };
        Ok(self.column(self.layout.first_window() + position))
    }

    fn attribute(&self, index: usize) -> usize {
        self.layout.attributes.binary_search(&index).unwrap_or(usize::MAX)
    }

    fn parameter(&self, index: usize) -> Arc<dyn PhysicalExpr> {
        match self.layout.area_parameters.binary_search(&index) {
            Ok(position) => self.column(self.layout.attributes.len() + position),
            Err(_) => literal(ScalarValue::Float64(self.parameters.get(index).copied().flatten())),
        }
    }

    fn column(&self, index: usize) -> Arc<dyn PhysicalExpr> {
        Arc::new(Column::new("column", index))
    }
}

/// The column type that holds a type of the pack.
pub fn data_type(ty: &Type) -> DataType {
    match ty {
        Type::Number(_) => DataType::Float64,
        Type::Boolean => DataType::Boolean,
        Type::Text => DataType::Utf8,
    }
}

fn null_of(ty: &Type) -> ScalarValue {
    match ty {
        Type::Number(_) => ScalarValue::Float64(None),
        Type::Boolean => ScalarValue::Boolean(None),
        Type::Text => ScalarValue::Utf8(None),
    }
}

fn literal(value: ScalarValue) -> Arc<dyn PhysicalExpr> {
    Arc::new(Literal::new(value))
}

fn compare_operator(compare: Compare) -> Operator {
    match compare {
        Compare::Equal => Operator::Eq,
        Compare::NotEqual => Operator::NotEq,
        Compare::Less => Operator::Lt,
        Compare::LessOrEqual => Operator::LtEq,
        Compare::Greater => Operator::Gt,
        Compare::GreaterOrEqual => Operator::GtEq,
    }
}
