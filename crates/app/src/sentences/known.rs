//! What is known of a household in a period, for sentences: its row, and the lines in force for it.

use base::{AreaCode, Period};
use monitor::explain::Value;
use pack::expr::{Arithmetic, Node};
use pack::functions::Function;
use pack::{Expr, Pack};

/// What is known of a household in a period.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The pack that judges it.
    pub pack: &'a Pack,
    /// The period.
    pub period: Period,
    /// Where it lives then.
    pub area: Option<&'a AreaCode>,
    /// What its row says of an attribute, by its index in the pack.
    pub row: &'a dyn Fn(usize) -> Option<Value>,
}

impl Known<'_> {
    /// What its row says of an attribute.
    pub fn attribute(&self, index: usize) -> Option<Value> {
        (self.row)(index)
    }

    /// The value of a parameter in force.
    pub fn parameter(&self, index: usize) -> Option<f64> {
        self.pack.parameters[index].at(self.period, self.area)
    }

    /// The value of an expression of plain amounts; `None` where something of it is not known, or
    /// it looks back or decides.
    pub fn number(&self, expr: &Expr) -> Option<f64> {
        if let Some((above, below)) = operands(expr) {
            let below = self.number(below)?;
            return (below != 0.0).then_some(self.number(above)? / below);
        }
        match &expr.node {
            Node::Number(it) => Some(*it),
            Node::Attribute(index) => match self.attribute(*index)? {
                Value::Number(it) => Some(it),
                _ => None,
            },
            Node::Parameter(index) => self.parameter(*index),
            Node::Arithmetic(operator, l, r) => {
                let (l, r) = (self.number(l)?, self.number(r)?);
                match operator {
                    Arithmetic::Add => Some(l + r),
                    Arithmetic::Subtract => Some(l - r),
                    Arithmetic::Multiply => Some(l * r),
                    Arithmetic::Divide => None,
                }
            }
            _ => None,
        }
    }

    /// An expression as an attribute times a factor that is known and above nothing: which
    /// attribute, and the factor.
    pub fn factor(&self, expr: &Expr) -> Option<(usize, f64)> {
        if let Node::Attribute(index) = expr.node {
            return Some((index, 1.0));
        }
        let (above, below) = operands(expr)?;
        let (index, factor) = self.factor(above)?;
        let below_known = self.number(below).filter(|it| *it > 0.0)?;
        let is_apart = below.attributes().into_iter().all(|it| it != index);
        is_apart.then_some((index, factor / below_known))
    }
}

/// The two sides of a ratio or quotient.
pub fn operands(expr: &Expr) -> Option<(&Expr, &Expr)> {
    match &expr.node {
        Node::Call(Function::Ratio, arguments) => Some((arguments.first()?, arguments.get(1)?)),
        Node::Arithmetic(Arithmetic::Divide, above, below) => Some((above, below)),
        _ => None,
    }
}
