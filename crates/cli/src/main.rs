//! The one executable: `holdfast`. Parses the command line, shows progress, prints results.
//!
//! Knows the terminal and nothing of the domain: every command asks `app` and words the answer.

mod allocator;
mod answer;
mod commands;
mod progress;
mod show;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Which households are slipping back into poverty, why, and who must act by when.
#[derive(Parser)]
#[command(name = "holdfast", version, max_term_width = 100, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// All diagnostics and examples of a pack
    Check(commands::check::Arguments),
    /// Panel or facts in; indicators, scores and ranked warnings out
    Assess(Box<commands::assess::Arguments>),
    /// Why a household has its band, and what would help
    Explain(Box<commands::explain::Arguments>),
    /// How good the warnings were on past periods
    Backtest(Box<commands::backtest::Arguments>),
    /// A simulated city: facts and outcomes to files
    Simulate(commands::simulate::Arguments),
    /// Facts from files into a database, scored
    Import(commands::import::Arguments),
    /// Everything in a database to files, that can be imported again
    Export(commands::export::Arguments),
    /// The server: facts in over HTTP, warnings and events out
    Serve(commands::serve::Arguments),
    /// Who may sign in
    User(commands::user::Arguments),
    /// Versions of the policy: install, propose, approve, and try what one would change
    Policy(commands::policy::Arguments),
    /// Everything derived again from facts, held against what is stored
    Rebuild(commands::rebuild::Arguments),
    /// What the policy lets nobody keep any longer, forgotten
    Retain(commands::retain::Arguments),
    /// The audit chain: verify it, or write its head outside
    Audit(commands::audit::Arguments),
    /// The master key that a database is under
    Key(commands::key::Arguments),
    /// The simulated city from nothing to explained warnings
    Demo(commands::demo::Arguments),
    /// Reference pages, written from the code
    #[command(hide = true)]
    Reference(commands::reference::Arguments),
}

fn main() -> ExitCode {
    allocator::keep_freed_memory();
    let cli = Cli::parse();
    let code = match cli.command {
        Command::Check(it) => commands::check::run(&it),
        Command::Assess(it) => commands::assess::run(&it),
        Command::Explain(it) => commands::explain::run(&it),
        Command::Backtest(it) => commands::backtest::run(&it),
        Command::Simulate(it) => commands::simulate::run(&it),
        Command::Import(it) => commands::import::run(&it),
        Command::Export(it) => commands::export::run(&it),
        Command::Serve(it) => commands::serve::run(&it),
        Command::User(it) => commands::user::run(&it),
        Command::Policy(it) => commands::policy::run(&it),
        Command::Rebuild(it) => commands::rebuild::run(&it),
        Command::Retain(it) => commands::retain::run(&it),
        Command::Audit(it) => commands::audit::run(&it),
        Command::Key(it) => commands::key::run(&it),
        Command::Demo(it) => commands::demo::run(&it),
        Command::Reference(it) => commands::reference::run(&it),
    };
    ExitCode::from(code)
}
