//! TOML with positions, and the walker over it that reports many errors in one go.
//!
//! Knows the shape of TOML and nothing of policy.

pub(crate) mod fields;
pub(crate) mod sink;
pub(crate) mod source;
pub(crate) mod suggest;
pub(crate) mod tree;

pub(crate) use fields::Fields;
pub(crate) use sink::Sink;
pub(crate) use source::{At, Source};
