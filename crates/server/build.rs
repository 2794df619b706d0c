//! Lists the files of the web UI, so that they become part of the executable. Where nobody built
//! them the list is empty, and the server says how to.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let built = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo:rerun-if-changed={}", built.display());
    println!("cargo:rerun-if-changed=build.rs");
    let ui = built.join("ui");
    let mut files = Vec::new();
    if ui.is_dir() {
        collect(&ui, &mut files)?;
    }
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&ui).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let place = file.canonicalize()?;
        let line = format!("    (\"/{name}\", include_bytes!({:?})),", place.to_string_lossy());
        writeln!(list, "{line}").map_err(std::io::Error::other)?;
    }
    list.push_str("]\n");
    let out = std::env::var("OUT_DIR").map_err(std::io::Error::other)?;
    std::fs::write(Path::new(&out).join("ui.rs"), list)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
