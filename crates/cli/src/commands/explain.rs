//! `holdfast explain HOUSEHOLD`.

mod data;
pub mod reading;

use super::{Input, load, no_input, refuse};
use crate::answer::{Answer, Form};
use crate::show;
use app::words::{self, Language};
use base::exit;
use clap::{Args, ValueEnum};

/// Whom the explanation is for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Reader {
    /// Everything, with figures
    Officer,
    /// Plain words for the person concerned
    Household,
}

/// The language of the words.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Tongue {
    /// English
    En,
    /// Chinese
    Zh,
}

#[derive(Args)]
#[command(
    after_help = "Example:\n  holdfast explain H000042 --pack packs/tongchuan --facts city/facts.parquet"
)]
pub struct Arguments {
    /// The household's id
    household: String,
    #[command(flatten)]
    input: Input,
    /// The period (default: the latest of the input)
    #[arg(long)]
    period: Option<String>,
    /// Whom it is for
    #[arg(long = "for", value_enum, default_value = "officer")]
    reader: Reader,
    /// The language of labels
    #[arg(long, value_enum, default_value = "en")]
    language: Tongue,
    /// What is printed; as csv and parquet: one row per indicator
    #[arg(long, value_enum, default_value = "table")]
    format: Form,
    /// Periods of history to show
    #[arg(long, default_value = "11")]
    history: u32,
    /// Facts to show
    #[arg(long, default_value = "12")]
    facts_shown: usize,
}

/// Explains and prints.
pub fn run(arguments: &Arguments) -> u8 {
    if !arguments.input.rows.is_given() {
        return no_input();
    }
    let loaded = match load(&arguments.input.pack) {
        Ok(loaded) => loaded,
        Err(code) => return code,
    };
    let mut request = arguments.input.rows.request();
    request.period.clone_from(&arguments.period);
    let report = match app::explain::run(&loaded, &request, &arguments.household, arguments.history)
    {
        Ok(report) => report,
        Err(findings) => return refuse(&findings),
    };
    let language = match arguments.language {
        Tongue::En => Language::En,
        Tongue::Zh => Language::Zh,
    };
    let pack = loaded.pack();
    show::findings(&report.notes);
    let done = if report.notes.is_empty() { exit::DONE } else { exit::DONE_WITH_REJECTS };
    let answer = Answer {
        read: || match arguments.reader {
            Reader::Household => {
                let lines = words::for_household(pack, &report.explanation, language);
                lines.iter().for_each(|it| show::line(it));
            }
            Reader::Officer => reading::tell(pack, &report, language, arguments.facts_shown),
        },
        whole: || data::whole(pack, &report, language),
        main: || data::main(pack, &report, language),
    };
    answer.print(arguments.format, done)
}
