//! The typed form of an expression: what the reader hands to whoever evaluates it.
//!
//! An expression is written as SQL, parsed with `sqlparser`, checked and turned into this small
//! tree. Names are resolved to indexes, types and units are known to agree, and nothing but a
//! window call can look at another period.

use crate::functions::{Function, WindowFunction};
use crate::unit::Unit;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// A number in a unit; `None` is a bare literal, which takes the unit of its neighbour.
    Number(Option<Unit>),
    /// True, false or unknown.
    Boolean,
    /// A category.
    Text,
}

/// A checked expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it does.
    pub node: Node,
    /// What it gives.
    pub ty: Type,
}

/// One node of the tree. Indexes point into the lists of the [`crate::Pack`] it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A finite number.
    Number(f64),
    /// A truth value.
    Boolean(bool),
    /// A category.
    Text(String),
    /// `NULL`: unknown.
    Unknown,
    /// An attribute of the household in the row's period, by index into `Pack::attributes`.
    Attribute(usize),
    /// A parameter in force for the household's area in the assessed period, by index into
    /// `Pack::parameters`.
    Parameter(usize),
    /// The value of the fact a trigger looks at (`fact_value`): a number.
    FactNumber,
    /// The text of the fact a trigger looks at (`fact_text`).
    FactText,
    /// The indicator's own value (`value`), in a key judgement.
    OwnValue,
    /// The indicator's own severity 0–100 (`severity`), in a key judgement.
    OwnSeverity,
    /// Three-valued NOT.
    Not(Box<Expr>),
    /// Arithmetic minus.
    Negate(Box<Expr>),
    /// `+ - * /` on numbers; division by zero is unknown.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// `= <> < <= > >=` on two of one type; unknown if either is.
    Compare(Compare, Box<Expr>, Box<Expr>),
    /// Three-valued AND.
    And(Box<Expr>, Box<Expr>),
    /// Three-valued OR.
    Or(Box<Expr>, Box<Expr>),
    /// `IS NULL`; never unknown.
    IsUnknown(Box<Expr>),
    /// `x IN (…)`: literals of the type of `x`; unknown if `x` is.
    InList(Box<Expr>, Vec<Expr>),
    /// `CASE WHEN … THEN … ELSE … END`: first true branch; unknown conditions are not true.
    Case {
        /// Condition and result, in order.
        branches: Vec<(Expr, Expr)>,
        /// The result where no condition is true; unknown if absent.
        otherwise: Option<Box<Expr>>,
    },
    /// A function of the table.
    Call(Function, Vec<Expr>),
    /// A look back over calendar periods; the only node that reads history.
    Window {
        /// What is made of the periods.
        function: WindowFunction,
        /// Evaluated in each period looked at.
        argument: Box<Expr>,
        /// `lag`: how many periods back. Others: how many calendar periods, the current included.
        periods: u32,
        /// How many of them must be known, else the result is unknown. 1 for `lag`.
        min_known: u32,
    },
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Expr {
    /// Calls `visit` on this node and every node below it, parents first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        self.children().into_iter().for_each(|it| it.walk(visit));
    }

    /// The nodes directly below, in reading order.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.node {
            Node::Not(it) | Node::Negate(it) | Node::IsUnknown(it) => vec![it],
            Node::Arithmetic(_, l, r) | Node::Compare(_, l, r) => vec![l, r],
            Node::And(l, r) | Node::Or(l, r) => vec![l, r],
            Node::InList(it, list) => std::iter::once(&**it).chain(list).collect(),
            Node::Case { branches, otherwise } => {
                let pairs = branches.iter().flat_map(|(when, then)| [when, then]);
                pairs.chain(otherwise.as_deref()).collect()
            }
            Node::Call(_, args) => args.iter().collect(),
            Node::Window { argument, .. } => vec![argument],
            _ => Vec::new(),
        }
    }

    /// How many periods before the current one it may read: 0 without a window.
    pub fn lookback(&self) -> u32 {
        let below = self.children().into_iter().map(Expr::lookback).max().unwrap_or(0);
        match &self.node {
            Node::Window { function: WindowFunction::Lag, periods, .. } => below + periods,
            Node::Window { periods, .. } => below + periods.saturating_sub(1),
            _ => below,
        }
    }

    /// Indexes of the attributes it reads, ascending, each once.
    pub fn attributes(&self) -> Vec<usize> {
        let mut found = Vec::new();
        self.walk(&mut |it| {
            if let Node::Attribute(index) = it.node {
                found.push(index);
            }
        });
        found.sort_unstable();
        found.dedup();
        found
    }
}
