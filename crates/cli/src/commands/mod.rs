//! One file per command: its arguments, and the way from them to what is printed.

pub mod assess;
pub mod audit;
pub mod backtest;
pub mod check;
pub mod database;
pub mod demo;
pub mod explain;
pub mod export;
pub mod import;
pub mod key;
pub mod policy;
pub mod rebuild;
pub mod reference;
pub mod retain;
pub mod serve;
pub mod simulate;
pub mod user;

use base::Diagnostic;
use std::path::Path;

/// The pack and the rows of a command.
#[derive(clap::Args, Clone, Debug)]
pub struct Input {
    /// Folder of the policy pack
    #[arg(long, value_name = "FOLDER")]
    pub pack: std::path::PathBuf,
    #[command(flatten)]
    pub rows: Rows,
}

/// Panel or facts of a command.
#[derive(clap::Args, Clone, Debug)]
pub struct Rows {
    /// Panel file(s): CSV, XLSX, NDJSON or Parquet; one row per household and period
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "facts")]
    pub panel: Vec<std::path::PathBuf>,
    /// Fact file(s): one row per dated observation
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub facts: Vec<std::path::PathBuf>,
    /// Which column of the input holds what, e.g. period=年月; may be repeated
    #[arg(long, value_name = "TARGET=COLUMN")]
    pub column: Vec<String>,
    /// The cut through what was known, e.g. 2020-07-05 (default: everything)
    #[arg(long, value_name = "INSTANT")]
    pub as_of: Option<String>,
}

impl Rows {
    /// A request over this input.
    pub fn request(&self) -> app::assess::Request {
        let files = |paths: &[std::path::PathBuf]| app::input::Files {
            paths: paths.to_vec(),
            columns: self.column.clone(),
        };
        app::assess::Request {
            panel: files(&self.panel),
            facts: files(&self.facts),
            as_of: self.as_of.clone(),
            ..app::assess::Request::new()
        }
    }

    /// Whether there is anything to read.
    pub fn is_given(&self) -> bool {
        !self.panel.is_empty() || !self.facts.is_empty()
    }
}

/// Reads a pack, or prints why not and gives the exit code.
pub fn load(pack: &Path) -> Result<app::Loaded, u8> {
    app::load(pack).map_err(|findings| refuse(&findings))
}

/// Prints findings and gives the exit code they ask for.
pub fn refuse(findings: &[Diagnostic]) -> u8 {
    crate::show::findings(findings);
    match base::worst_exit(findings).max(base::exit::REFUSED) {
        // Nothing was done, whatever the finding would mean in a run that goes on.
        base::exit::DONE_WITH_REJECTS => base::exit::REFUSED,
        code => code,
    }
}

/// The finding for a command without input.
pub fn no_input() -> u8 {
    let finding = Diagnostic::new(&base::codes::run::BAD_OPTION, "there is no input")
        .hint("name files with --panel or --facts; `holdfast COMMAND --help` shows an example");
    refuse(&[finding])
}
