//! `holdfast reference PAGE`: pages of the docs that are made from the code.

use crate::show;
use clap::{Args, CommandFactory, ValueEnum};

/// A page.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Page {
    /// Every message code
    Messages,
    /// Every command
    Help,
}

#[derive(Args)]
pub struct Arguments {
    #[arg(value_enum)]
    page: Page,
}

/// Prints a page.
pub fn run(arguments: &Arguments) -> u8 {
    match arguments.page {
        Page::Messages => messages(),
        Page::Help => help(),
    }
    base::exit::DONE
}

fn messages() {
    show::line("# Messages\n\nWritten by `cargo xtask codegen`; do not edit.\n");
    show::line(
        "Every message has a code. An error says what is wrong, where, and what to do next. The \
         exit code is that of the worst error: 0 done, 1 refused and nothing written, 2 the command \
         line was not understood, 3 done with some rows set aside, 70 a fault of the program.\n",
    );
    show::line("| code | name | severity | exit | HTTP | meaning |\n|---|---|---|---|---|---|");
    for code in base::codes::all() {
        show::line(&format!(
            "| {} | {} | {} | {} | {} | {} |",
            code.id, code.name, code.severity, code.exit, code.http_status, code.summary
        ));
    }
    show::line("\n## What they look like\n");
    let mut shown: Vec<(String, String)> = Vec::new();
    for entry in std::fs::read_dir("tests/errors").into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Ok(expected) = std::fs::read_to_string(entry.path().join("expected")) {
            shown.push((name, expected));
        }
    }
    shown.sort();
    for (name, expected) in shown {
        show::line(&format!("### {name}\n\n```text\n{}\n```\n", expected.trim_end()));
    }
}

fn help() {
    show::line("# Commands\n\nWritten by `cargo xtask codegen`; do not edit.\n");
    let mut root = crate::Cli::command();
    root.build();
    show::line(&format!("```text\n{}```\n", root.render_long_help()));
    for command in
        root.get_subcommands_mut().filter(|it| !it.is_hide_set() && it.get_name() != "help")
    {
        let name = command.get_name().to_owned();
        let help = command.render_long_help().to_string();
        let help: Vec<&str> = help.lines().map(str::trim_end).collect();
        show::line(&format!("## holdfast {name}\n\n```text\n{}\n```\n", help.join("\n")));
    }
}
