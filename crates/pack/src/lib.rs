//! A policy pack: a folder of TOML in, a checked [`Pack`] out.
//!
//! A pack can do nothing but compute. This crate knows no household, no database, no evaluation
//! engine and not what day it is. Everything wrong is handed back as diagnostics with file, line
//! and column; nothing is printed and the first error does not hide the rest.

pub mod expr;
pub mod functions;
pub mod model;
pub mod unit;

pub use expr::{Arithmetic, Compare, Expr, Node, Type};
pub use functions::{Function, WindowFunction};
pub use model::*;
pub use unit::Unit;
