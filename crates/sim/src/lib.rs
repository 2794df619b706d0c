//! A seeded city: households, shocks, what departments report of them, and what became of them.
//!
//! Outcomes come from a latent consumption process of its own. This crate knows neither the
//! thresholds of any pack nor the monitor: they see the city only through noisy, delayed,
//! incomplete and duplicated facts. The same seed gives the same bytes. Assumptions and sources
//! stand in docs/reference/simulation.md.

mod areas;
mod bench_panel;
mod city;
mod config;
mod facts;
mod latent;
mod observe;
mod people;
mod registry;

pub use areas::{Area, areas};
pub use bench_panel::{BenchPanel, bench_panel};
pub use city::{Summary, simulate};
pub use config::Config;
pub use registry::people;
