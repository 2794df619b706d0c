//! `holdfast import --areas` and `--boundaries`.

use super::{Arguments, tell_rejects};
use crate::commands::database::{act, user};
use crate::commands::refuse;
use crate::show;
use app::input::Files;
use app::live::{Live, Rejected};
use base::codes::tables as codes;
use base::{Diagnostic, Place, exit};
use std::path::Path;

/// Takes areas and boundaries, and says what became of them.
pub fn run(live: &Live, arguments: &Arguments) -> Result<u8, u8> {
    let mut is_whole = true;
    if !arguments.areas.is_empty() {
        let files = Files { paths: arguments.areas.clone(), columns: arguments.column.clone() };
        let name = user();
        let taken = live.import_areas(&files, &act(&name)).map_err(|it| refuse(&it))?;
        show::line(&format!(
            "{} areas were stored, {} were known, {} rows not taken",
            show::count(taken.accepted),
            show::count(taken.known),
            show::count(taken.rejected_rows() as u64),
        ));
        tell_rejects(&taken.rejects);
        is_whole &= taken.rejects.is_empty();
    }
    for path in &arguments.boundaries {
        is_whole &= boundaries(live, path, &arguments.code_property).map_err(|it| refuse(&[it]))?;
    }
    Ok(if is_whole { exit::DONE } else { exit::DONE_WITH_REJECTS })
}

fn boundaries(live: &Live, path: &Path, property: &str) -> Result<bool, Diagnostic> {
    let document = std::fs::read(path).map_err(|error| {
        Diagnostic::new(&codes::FILE_UNREADABLE, format!("the file cannot be read: {error}"))
            .at(Place::file(path.display().to_string()))
            .hint("check the path")
    })?;
    let name = user();
    let taken = live.store.write(|tx| live.put_boundaries(tx, &document, property, &act(&name)))?;
    show::line(&format!(
        "{} boundaries were stored, {} were known, {} features not taken",
        show::count(taken.accepted),
        show::count(taken.known),
        show::count(taken.rejected.len() as u64),
    ));
    Ok(tell(&taken.rejected))
}

fn tell(rejected: &[Rejected]) -> bool {
    for it in rejected.iter().take(10) {
        let hint = it.finding.hint.as_deref().unwrap_or_default();
        let (code, message) = (it.finding.code.id, &it.finding.message);
        show::line(&format!("  {} [{code}]: {message}; {hint}", it.position + 1));
    }
    rejected.is_empty()
}
