//! The one place where a pack's files are read: the folder, and the folders it extends.

use crate::model::Pack;
use crate::reading::from_layers;
use base::codes::pack as codes;
use base::{Diagnostic, Place};
use std::path::{Path, PathBuf};

/// A file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackFile {
    /// Path relative to the pack's folder, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The files of one folder: a base, or an overlay on the layers before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// What messages show before the path of a file, e.g. `packs/city/`.
    pub shown: String,
    /// The folder's own name.
    pub name: String,
    /// Its files, sorted by path.
    pub files: Vec<PackFile>,
}

/// Longest chain of overlays.
const LAYERS_MAX: usize = 8;
/// Largest file; a rule that needs more is data and belongs in a table.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Folders that may hold anything.
const FREE_FOLDERS: [&str; 2] = ["data", "docs"];

/// Most files of one layer that was not read from a folder.
const FILES_MAX: usize = 2_000;

/// Reads a pack from its folder. The pack is there exactly when no finding is an error.
pub fn read(folder: &Path) -> (Option<Pack>, Vec<Diagnostic>) {
    let (layers, mut findings) = read_layers(folder);
    if findings.iter().any(Diagnostic::is_error) {
        return (None, findings);
    }
    let (pack, more) = from_layers(&layers);
    findings.extend(more);
    (pack, findings)
}

/// Reads the files of a folder and of the folders that it extends, the base first.
pub fn read_layers(folder: &Path) -> (Vec<Layer>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let mut layers = Vec::new();
    let mut next = Some(folder.to_path_buf());
    let mut seen: Vec<PathBuf> = Vec::new();
    while let Some(folder) = next.take() {
        let canonical = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        if seen.contains(&canonical) || seen.len() >= LAYERS_MAX {
            let message = "an overlay extends itself, or the chain of overlays is too long";
            let finding = Diagnostic::new(&codes::BAD_OVERLAY, message);
            let place = Place::file(folder.join("pack.toml").display().to_string());
            findings
                .push(finding.at(place).hint("let `extends` name a pack that stands by itself"));
            break;
        }
        seen.push(canonical);
        let layer = read_layer(&folder, &mut findings);
        next = extends(&layer).map(|base| folder.join(base));
        layers.insert(0, layer);
    }
    (layers, findings)
}

impl Layer {
    /// A layer of texts by path, for packs that lie in no folder: messages show paths alone, and
    /// the id need not be any folder's name.
    ///
    /// # Errors
    /// P002 for each path or text that no folder could hold.
    pub fn of_texts(
        texts: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (mut files, mut findings) = (Vec::new(), Vec::new());
        for (path, text) in texts {
            match path_fault(&path).or_else(|| text_fault(&text)) {
                Some(why) => findings.push(unreadable(Path::new(&shown(&path)), &why)),
                None => files.push(PackFile { path, text }),
            }
        }
        if files.len() > FILES_MAX {
            let why = format!("{} files are more than {FILES_MAX}", files.len());
            findings.push(unreadable(Path::new("pack.toml"), &why));
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Ok(Self { shown: String::new(), name: String::new(), files })
    }
}

/// A path that is no path, cut for a message.
fn shown(path: &str) -> String {
    path.chars().filter(|it| !it.is_control()).take(80).collect()
}

fn path_fault(path: &str) -> Option<String> {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "_-.".contains(it);
    let is_part = |it: &str| !it.is_empty() && !it.starts_with('.') && it.chars().all(is_plain);
    let is_path = path.len() <= 200 && path.ends_with(".toml") && path.split('/').all(is_part);
    (!is_path).then(|| "a file is named like indicators/health/self_pay.toml".to_owned())
}

fn text_fault(text: &str) -> Option<String> {
    let size = text.len() as u64;
    let is_large = size > FILE_BYTES_MAX;
    is_large.then(|| format!("the file has {size} bytes, more than {FILE_BYTES_MAX}"))
}

fn extends(layer: &Layer) -> Option<String> {
    let text = &layer.files.iter().find(|it| it.path == "pack.toml")?.text;
    let table: toml::Table = text.parse().ok()?;
    Some(table.get("extends")?.as_str()?.to_owned())
}

fn read_layer(folder: &Path, findings: &mut Vec<Diagnostic>) -> Layer {
    let mut shown = folder.display().to_string().replace('\\', "/");
    shown.push('/');
    let name = folder
        .canonicalize()
        .ok()
        .and_then(|it| it.file_name().map(|it| it.to_string_lossy().into_owned()));
    let mut files = Vec::new();
    walk(folder, "", &mut files, findings);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if !files.iter().any(|it| it.path == "pack.toml") && findings.is_empty() {
        let finding = Diagnostic::new(&codes::PACK_UNREADABLE, "the folder has no pack.toml");
        let hint = "name the folder of a pack: the one that holds pack.toml";
        findings.push(finding.at(Place::file(shown.clone())).hint(hint));
    }
    Layer { shown, name: name.unwrap_or_default(), files }
}

fn walk(root: &Path, below: &str, files: &mut Vec<PackFile>, findings: &mut Vec<Diagnostic>) {
    let folder = root.join(below);
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) => return findings.push(unreadable(&folder, &error.to_string())),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let is_free = below.is_empty() && FREE_FOLDERS.contains(&name.as_str());
        if name.starts_with('.') || is_free {
            continue;
        }
        let full = root.join(&path);
        if full.is_dir() {
            walk(root, &path, files, findings);
        } else if name.ends_with(".toml") {
            match read_file(&full) {
                Ok(text) => files.push(PackFile { path, text }),
                Err(why) => findings.push(unreadable(&full, &why)),
            }
        }
    }
}

fn read_file(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > FILE_BYTES_MAX {
        return Err(format!("the file has {size} bytes, more than {FILE_BYTES_MAX}"));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| {
        format!("the text is not UTF-8 at byte {}", error.utf8_error().valid_up_to())
    })
}

fn unreadable(path: &Path, why: &str) -> Diagnostic {
    Diagnostic::new(&codes::PACK_UNREADABLE, format!("cannot be read: {why}"))
        .at(Place::file(path.display().to_string().replace('\\', "/")))
        .hint("check the path, and save texts as UTF-8")
}
