//! `cargo xtask codegen`: pages that are made from the code, so that they cannot lag behind it.

use crate::run::{self, Result};

/// Writes the generated pages, or with `is_check` fails where they are not fresh.
pub fn run(is_check: bool) -> Result {
    let holdfast = run::build(false)?.to_string_lossy().into_owned();
    let pages =
        [("docs/reference/messages.md", "messages"), ("docs/reference/commands.md", "help")];
    let mut stale = Vec::new();
    for (path, page) in pages {
        let fresh = run::output(&holdfast, &["reference", page])?;
        let target = run::root().join(path);
        let current = std::fs::read_to_string(&target).unwrap_or_default();
        if current == fresh {
            continue;
        }
        if is_check {
            stale.push(path);
            continue;
        }
        std::fs::write(&target, fresh).map_err(|error| format!("{path}: {error}"))?;
        println!("wrote {path}");
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("not fresh: {}; run `cargo xtask codegen`", stale.join(", ")))
}
