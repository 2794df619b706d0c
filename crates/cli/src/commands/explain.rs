//! `holdfast explain`.

use clap::Args;

#[derive(Args)]
pub struct Arguments {}

/// To be written.
pub fn run(_: &Arguments) -> u8 {
    base::exit::FAULT
}
