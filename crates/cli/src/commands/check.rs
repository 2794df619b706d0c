//! `holdfast check PACK`.

use crate::show;
use base::{Severity, exit};
use clap::Args;
use std::path::PathBuf;

/// Example: holdfast check packs/tongchuan
#[derive(Args)]
#[command(
    after_help = "Example:\n  holdfast check packs/tongchuan\n\nExit code 0: nothing wrong; 1: \
                        errors, or an example that does not come out."
)]
pub struct Arguments {
    /// Folder of the policy pack
    pack: PathBuf,
    /// Only errors
    #[arg(long)]
    quiet: bool,
}

/// Prints findings and what the pack is made of.
pub fn run(arguments: &Arguments) -> u8 {
    let report = app::check::run(&arguments.pack);
    let shown: Vec<_> =
        report.diagnostics.iter().filter(|it| !arguments.quiet || it.is_error()).cloned().collect();
    show::findings(&shown);
    let of = |severity| report.diagnostics.iter().filter(|it| it.code.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let Some(pack) = &report.pack else {
        show::error_line(&format!("errors {errors}, warnings {warnings}"));
        return base::worst_exit(&report.diagnostics).max(exit::REFUSED);
    };
    show::line(&format!("{} {} ({})", pack.id, pack.version, pack.label.get("en")));
    show::line(&format!("  hash           {}", pack.hash));
    show::line(&format!(
        "  holds          {} modules, {} dimensions, {} indicators, {} triggers, {} attributes, \
         {} parameters",
        pack.modules.len(),
        pack.dimensions.len(),
        pack.indicators.len(),
        pack.triggers.len(),
        pack.attributes.len(),
        pack.parameters.len()
    ));
    show::line(&format!(
        "  history depth  {} {}s (expressions look back {}, a band's memory and trend the rest)",
        pack.history_depth(),
        pack.period_kind.name(),
        pack.lookback()
    ));
    let passed = report.examples - report.failed.min(report.examples);
    show::line(&format!("  examples       {passed} of {} come out", report.examples));
    show::line(&format!("  findings       errors {errors}, warnings {warnings}"));
    base::worst_exit(&report.diagnostics)
}
