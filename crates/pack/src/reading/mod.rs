//! Layers of files to a checked pack.

mod attributes;
mod common;
mod dimensions;
mod examples;
mod header;
mod indicators;
mod lints;
mod parameters;
mod people;
mod scoring;
mod triggers;

use crate::files::Layer;
use crate::model::Pack;
use crate::raw::tree::{self, Item, Value};
use crate::raw::{Sink, Source};
use base::codes::pack as codes;
use base::{Diagnostic, Place};
use common::Context;
use std::collections::BTreeMap;

/// A file after all layers were laid on one another.
pub(crate) struct MergedFile {
    /// Path within the pack.
    pub(crate) path: String,
    /// Its contents.
    pub(crate) item: Item,
}

/// Checks layers, the base first. Pure: for tests, fuzzing and servers that keep packs elsewhere.
/// The pack is there exactly when no finding is an error.
pub fn from_layers(layers: &[Layer]) -> (Option<Pack>, Vec<Diagnostic>) {
    let sink = Sink::default();
    let files = merged(layers, &sink);
    let pack = assemble(layers, &files, &sink);
    let is_whole = sink.errors() == 0;
    (pack.filter(|_| is_whole), sink.into_sorted())
}

fn merged(layers: &[Layer], sink: &Sink) -> Vec<MergedFile> {
    let mut files: BTreeMap<String, Item> = BTreeMap::new();
    for layer in layers {
        for file in &layer.files {
            let source = Source::new(&format!("{}{}", layer.shown, file.path), &file.text);
            let Some(item) = tree::parse(&source, sink) else { continue };
            if file.path == "pack.toml" {
                remove(&item, &mut files, sink);
            }
            match files.get_mut(&file.path) {
                Some(below) => tree::merge(below, item),
                None => {
                    files.insert(file.path.clone(), item);
                }
            }
        }
    }
    if let Some(header) = files.get_mut("pack.toml") {
        header.drop_keys(&["extends", "removes"]);
    }
    files.into_iter().map(|(path, item)| MergedFile { path, item }).collect()
}

/// Takes out the files of lower layers that an overlay removes.
fn remove(header: &Item, files: &mut BTreeMap<String, Item>, sink: &Sink) {
    let Some(entry) = header.entry("removes") else { return };
    let Value::List(list) = &entry.item.value else { return };
    for it in list {
        let Value::Text(path) = &it.value else { continue };
        if files.remove(path).is_none() {
            let message = format!("the base has no file `{path}` to remove");
            let hint = "name the file relative to the pack, for example indicators/x.toml";
            sink.report(it.at.finding(&codes::BAD_OVERLAY, message).hint(hint));
        }
    }
}

fn assemble(layers: &[Layer], files: &[MergedFile], sink: &Sink) -> Option<Pack> {
    let name = layers.last().map(|it| it.name.clone()).unwrap_or_default();
    let Some(root) = files.iter().find(|it| it.path == "pack.toml") else {
        if sink.errors() == 0 {
            let finding = Diagnostic::new(&codes::PACK_UNREADABLE, "there is no pack.toml");
            sink.report(finding.at(Place::file("pack.toml")).hint("add the file pack.toml"));
        }
        return None;
    };
    let header = header::read(&root.item, &name, sink)?;
    let context = Context { sink, header: &header };
    misplaced(files, sink);
    let attributes = attributes::read(files, &context);
    let parameters = parameters::read(files, &context);
    let (modules, dimensions) = dimensions::read(files, &context);
    let indicators = indicators::read(files, &context, &attributes, &parameters, &dimensions);
    let triggers = triggers::read(files, &context, &attributes, &parameters);
    let scoring = scoring::read(files, &context);
    let people = people::read(files, &context);
    let pack = Pack {
        hash: hash(layers),
        attributes,
        parameters,
        modules,
        dimensions,
        indicators,
        triggers,
        people,
        scoring: scoring?,
        id: header.id,
        version: header.version,
        label: header.label,
        authority: header.authority,
        effective_from: header.effective_from,
        period_kind: header.period_kind,
        currency: header.currency,
        languages: header.languages,
        area_levels: header.area_levels,
        columns: header.columns,
    };
    // A rule that could not be read would make what it uses look unused.
    if sink.errors() == 0 {
        lints::run(&pack, sink);
    }
    Some(pack)
}

fn misplaced(files: &[MergedFile], sink: &Sink) {
    let roots = ["pack.toml", "dimensions.toml", "scoring.toml", "people.toml"];
    let folders = ["attributes/", "parameters/", "indicators/", "triggers/"];
    for file in files {
        let is_placed = roots.contains(&file.path.as_str())
            || folders.iter().any(|it| file.path.starts_with(it));
        if !is_placed {
            let message = format!("the format has no place for `{}`", file.path);
            let hint = "use attributes/, parameters/, indicators/, triggers/, dimensions.toml, \
                        scoring.toml, people.toml; other material goes into data/ or docs/";
            sink.report(file.item.at.finding(&codes::MISPLACED_FILE, message).hint(hint));
        }
    }
}

/// BLAKE3 over every layer's files in order: path, length and bytes with plain line ends.
fn hash(layers: &[Layer]) -> String {
    let mut hasher = blake3::Hasher::new();
    for layer in layers {
        let mut files: Vec<_> = layer.files.iter().collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        hasher.update(&(files.len() as u64).to_le_bytes());
        for file in files {
            let text = file.text.replace("\r\n", "\n");
            for part in [file.path.as_bytes(), text.as_bytes()] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
        }
    }
    hasher.finalize().to_hex().to_string()
}
