//! The reader must survive whatever lies in a folder: it never panics, says why it refuses, and
//! places every finding in a file.

use pack::{Layer, PackFile, from_layers};
use proptest::prelude::*;
use std::path::Path;

fn folder(name: &str) -> Layer {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    let mut files = Vec::new();
    collect(&root, "", &mut files);
    files.sort_by(|a: &PackFile, b| a.path.cmp(&b.path));
    let own = name.rsplit('/').next().unwrap_or(name).to_owned();
    Layer { shown: format!("{name}/"), name: own, files }
}

fn collect(root: &Path, below: &str, files: &mut Vec<PackFile>) {
    for entry in std::fs::read_dir(root.join(below)).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.path().is_dir() {
            collect(root, &path, files);
        } else if path.ends_with(".toml") {
            let text = std::fs::read_to_string(entry.path()).expect("text");
            files.push(PackFile { path, text });
        }
    }
}

/// What must hold of any answer.
fn is_sound(layers: &[Layer]) -> Result<(), TestCaseError> {
    let (pack, findings) = from_layers(layers);
    let errors = findings.iter().filter(|it| it.is_error()).count();
    prop_assert_eq!(pack.is_none(), errors > 0, "{:?}", findings);
    for finding in &findings {
        prop_assert!(!finding.message.is_empty());
        prop_assert!(finding.place.is_some(), "no place: {finding}");
        prop_assert!(finding.hint.is_some(), "no next step: {finding}");
    }
    Ok(())
}

/// A change to a text: where, what is taken out, what is put in.
fn change() -> impl Strategy<Value = (prop::sample::Index, usize, String)> {
    let words = prop_oneof![
        Just(String::new()),
        "[a-z_]{1,6}",
        "[-+*/()=<>,.\"\\[\\]{}0-9]{1,4}",
        Just("\n[[example]]\n".to_owned()),
        Just("99999999999999999999999".to_owned()),
        Just("nan".to_owned()),
        Just("(((((((((((((((((((((((((((((((((((((((".to_owned()),
        Just("户".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    (any::<prop::sample::Index>(), 0..12usize, words)
}

fn changed(text: &str, (at, taken, put): &(prop::sample::Index, usize, String)) -> String {
    let characters: Vec<char> = text.chars().collect();
    let start = at.index(characters.len() + 1);
    let end = (start + taken).min(characters.len());
    characters[..start]
        .iter()
        .chain(put.chars().collect::<Vec<_>>().iter())
        .chain(&characters[end..])
        .collect()
}

proptest! {
    #[test]
    fn a_pack_with_any_change_is_read_or_refused_with_a_place(
        which in 0..3usize,
        file in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let mut layer = folder(["tests/errors/base", "packs/bench_score", "packs/teen_poverty"][which]);
        let position = file.index(layer.files.len());
        for it in &changes {
            layer.files[position].text = changed(&layer.files[position].text, it);
        }
        is_sound(&[layer])?;
    }

    #[test]
    fn a_pack_without_one_of_its_files_is_read_or_refused(file in any::<prop::sample::Index>()) {
        let mut layer = folder("packs/tongchuan");
        let position = file.index(layer.files.len());
        if layer.files[position].path != "pack.toml" {
            layer.files.remove(position);
        }
        is_sound(&[layer])?;
    }

    #[test]
    fn any_text_in_place_of_a_file_is_read_or_refused(text in any::<String>()) {
        let mut layer = folder("tests/errors/base");
        layer.files.push(PackFile { path: "indicators/any.toml".to_owned(), text });
        is_sound(&[layer])?;
    }

    #[test]
    fn any_expression_is_read_or_refused(text in "[a-z0-9_ ()+*/<>=,.'-]{0,60}") {
        let mut layer = folder("tests/errors/base");
        let text = format!("value = {}\n", toml::Value::String(text));
        let file = layer.files.iter_mut().find(|it| it.path.ends_with("income_to_line.toml"));
        let file = file.expect("the indicator");
        let rest: Vec<&str> = file.text.lines().filter(|it| !it.starts_with("value")).collect();
        file.text = format!("{text}{}\n", rest.join("\n"));
        is_sound(&[layer])?;
    }

    #[test]
    fn an_overlay_of_anything_on_a_pack_is_read_or_refused(
        file in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..3),
    ) {
        let base = folder("tests/errors/base");
        let mut over = folder("tests/errors/base");
        let position = file.index(over.files.len());
        over.files = vec![over.files.swap_remove(position)];
        for it in &changes {
            over.files[0].text = changed(&over.files[0].text, it);
        }
        is_sound(&[base, over])?;
    }
}

#[test]
fn the_hash_of_a_pack_is_that_of_its_text_and_not_of_its_line_ends() {
    let layer = folder("tests/errors/base");
    let mut windows = layer.clone();
    windows.files.iter_mut().for_each(|it| it.text = it.text.replace('\n', "\r\n"));
    let mut other = layer.clone();
    other.files[0].text.push_str("# a word\n");
    let hash = |it: Layer| from_layers(&[it]).0.map(|it| it.hash).expect("a pack");
    assert_eq!(hash(layer.clone()), hash(windows));
    assert_ne!(hash(layer), hash(other));
}
