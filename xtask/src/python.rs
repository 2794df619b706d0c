//! Python environments of tools that are written in it, made once under `target`.

use crate::run::{self, Result};
use std::path::PathBuf;

/// The programs of an environment with what a list of requirements pins; made again once the list
/// is another.
pub fn environment(name: &str, requirements: &str) -> Result<PathBuf> {
    let folder = run::root().join("target").join(name);
    let programs = folder.join("bin");
    let wanted = std::fs::read_to_string(run::root().join(requirements));
    let wanted = wanted.map_err(|error| format!("{requirements}: {error}"))?;
    // Written last: an environment that was begun and not finished has none.
    let made = folder.join("requirements.txt");
    if std::fs::read_to_string(&made).is_ok_and(|it| it == wanted) {
        return Ok(programs);
    }
    run::run("python3", &["-m", "venv", "--clear", &folder.to_string_lossy()])?;
    let pip = programs.join("pip");
    run::run(&pip.to_string_lossy(), &["install", "--quiet", "-r", requirements])?;
    std::fs::write(&made, wanted).map_err(|error| format!("{}: {error}", made.display()))?;
    Ok(programs)
}
