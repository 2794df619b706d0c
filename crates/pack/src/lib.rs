//! A policy pack: a folder of TOML in, a checked [`Pack`] out.
//!
//! A pack can do nothing but compute. This crate knows no household, no database, no evaluation
//! engine and not what day it is. Everything wrong is handed back as diagnostics with file, line
//! and column; nothing is printed and the first error does not hide the rest.

mod changes;
pub mod expr;
mod expression;
mod files;
pub mod functions;
pub mod model;
mod people;
mod raw;
mod reading;
pub mod unit;

pub use changes::{Change, ChangeKind, overlay};
pub use expr::{Arithmetic, Compare, Expr, Node, Type};
pub use expression::{describe, read_condition};
pub use files::{Layer, PackFile, read, read_layers};
pub use functions::{Function, WindowFunction};
pub use model::*;
pub use people::*;
pub use reading::from_layers;
pub use unit::Unit;
