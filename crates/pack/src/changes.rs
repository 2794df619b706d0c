//! Small changes of a pack – a weight, an anchor, a line, an edge – as an overlay on its files.
//!
//! What comes out is a layer like any other: it is read, checked and hashed with the rest, so that
//! a change that is tried is the very change that is installed.

use crate::files::{Layer, PackFile};
use crate::model::{Indicator, Pack, SeverityRule};
use base::codes::policy as codes;
use base::{Diagnostic, Period};
use std::collections::BTreeMap;
use toml::{Table, Value};

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// The weight of an indicator in its dimension, of a dimension in its module, or of a module:
    /// then those of its dimensions grow or shrink together.
    Weight,
    /// The value at which an indicator reaches `none`, `yellow`, `orange`, `red` or `full`.
    Anchor,
    /// A parameter's value from a period on.
    Parameter,
    /// The least composite of a band.
    Edge,
}

/// A change of one number.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it is about.
    pub kind: ChangeKind,
    /// Id of the indicator, dimension, module or parameter; the band's name for an edge.
    pub id: String,
    /// For a weight `indicator`, `dimension` or `module` where an id means several; for an anchor
    /// its name; for a parameter the area in which it holds.
    pub key: Option<String>,
    /// The number.
    pub value: f64,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [ChangeKind; 4] =
        [ChangeKind::Weight, ChangeKind::Anchor, ChangeKind::Parameter, ChangeKind::Edge];

    /// The word used in requests.
    pub const fn name(self) -> &'static str {
        match self {
            ChangeKind::Weight => "weight",
            ChangeKind::Anchor => "anchor",
            ChangeKind::Parameter => "parameter",
            ChangeKind::Edge => "edge",
        }
    }

    /// Reads [`ChangeKind::name`].
    pub fn parse(text: &str) -> Option<ChangeKind> {
        ChangeKind::ALL.into_iter().find(|it| it.name() == text)
    }
}

/// Lays changes over a pack. `layers` are its files; changed parameters hold from `from` on, always
/// where that is absent. `version` is what the changed pack calls itself.
///
/// # Errors
/// V010 for each change that names what the pack does not have. Whether what comes out is a pack
/// is seen when it is read.
pub fn overlay(
    layers: &[Layer],
    pack: &Pack,
    changes: &[Change],
    from: Option<Period>,
    version: Option<&str>,
) -> Result<Layer, Vec<Diagnostic>> {
    let mut overlay = Overlay { layers, pack, from, files: BTreeMap::new() };
    let mut findings = Vec::new();
    for change in changes {
        let done = match change.kind {
            _ if !change.value.is_finite() => Err(bad(change, "the value is no number", &[])),
            ChangeKind::Weight => overlay.weight(change),
            ChangeKind::Anchor => overlay.anchor(change),
            ChangeKind::Parameter => overlay.parameter(change),
            ChangeKind::Edge => overlay.edge(change),
        };
        findings.extend(done.err());
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    if let Some(version) = version {
        overlay.put("pack.toml", "version", Value::String(version.to_owned()));
    }
    let file = |(path, table): (String, Table)| PackFile { path, text: table.to_string() };
    let files = overlay.files.into_iter().map(file).collect();
    Ok(Layer { shown: String::new(), name: String::new(), files })
}

/// The overlay under construction.
struct Overlay<'a> {
    layers: &'a [Layer],
    pack: &'a Pack,
    from: Option<Period>,
    files: BTreeMap<String, Table>,
}

type Done = Result<(), Diagnostic>;

fn bad(change: &Change, why: &str, names: &[&str]) -> Diagnostic {
    let message = format!("{} `{}`: {why}", change.kind.name(), change.id);
    let hint = match names {
        [] => "give a number".to_owned(),
        names => format!("names are: {}", names.join(", ")),
    };
    Diagnostic::new(&codes::BAD_CHANGE, message).hint(hint)
}

impl Overlay<'_> {
    fn weight(&mut self, change: &Change) -> Done {
        let pack = self.pack;
        let is = |name: &str| change.key.as_deref().is_none_or(|it| it == name);
        let indicator = pack.indicators.iter().position(|it| it.id == change.id);
        if let Some(index) = indicator.filter(|_| is("indicator")) {
            let path = self.path(&pack.indicators[index]);
            let table = self.files.entry(path).or_default();
            table.insert("weight".to_owned(), Value::Float(change.value));
            return Ok(());
        }
        let dimension = pack.dimensions.iter().position(|it| it.id == change.id);
        if let Some(index) = dimension.filter(|_| is("dimension")) {
            return self.dimension(change, &|other, _| (other == index).then_some(change.value));
        }
        let module = pack.modules.iter().position(|it| it.id == change.id);
        if let Some(module) = module.filter(|_| is("module")) {
            let own = pack.dimensions.iter().filter(|it| it.module == Some(module));
            let whole: f64 = own.map(|it| it.weight).sum();
            let factor = change.value / whole;
            return self.dimension(change, &|index, weight| {
                (pack.dimensions[index].module == Some(module)).then_some(weight * factor)
            });
        }
        let parts = ["indicator", "dimension", "module"];
        Err(bad(change, "the pack has no such indicator, dimension or module", &parts))
    }

    /// Dimensions stand in one list, which an overlay replaces whole.
    fn dimension(&mut self, change: &Change, weight: &dyn Fn(usize, f64) -> Option<f64>) -> Done {
        const PATH: &str = "dimensions.toml";
        let listed = self.value(PATH, "dimension");
        let Some(Value::Array(mut list)) = listed else {
            return Err(bad(change, "the pack has no list of dimensions", &[]));
        };
        for entry in list.iter_mut().filter_map(Value::as_table_mut) {
            let id = entry.get("id").and_then(Value::as_str).unwrap_or_default();
            let Some(index) = self.pack.dimensions.iter().position(|it| it.id == id) else {
                continue;
            };
            let before = entry.get("weight").and_then(number).unwrap_or(0.0);
            if let Some(weight) = weight(index, before) {
                entry.insert("weight".to_owned(), Value::Float(weight));
            }
        }
        self.put(PATH, "dimension", Value::Array(list));
        Ok(())
    }

    fn anchor(&mut self, change: &Change) -> Done {
        const NAMES: [&str; 5] = ["none", "yellow", "orange", "red", "full"];
        let Some(index) = self.pack.indicator(&change.id) else {
            let ids: Vec<&str> = self.pack.indicators.iter().map(|it| it.id.as_str()).collect();
            return Err(bad(change, "the pack has no such indicator", &ids));
        };
        let indicator = &self.pack.indicators[index];
        let rule = match &indicator.severity {
            SeverityRule::Anchors(_) => "anchors",
            SeverityRule::Steps(_) => "steps",
            SeverityRule::Map(_) | SeverityRule::Levels(_) => {
                let why = "its severity comes from a map or from levels, which have no anchors";
                return Err(bad(change, why, &NAMES));
            }
        };
        let name = change.key.as_deref().filter(|it| NAMES.contains(it));
        let Some(name) = name else { return Err(bad(change, "which anchor?", &NAMES)) };
        let path = self.path(indicator);
        let table = self.files.entry(path).or_default();
        let anchors = table.entry(rule).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(anchors) = anchors {
            anchors.insert(name.to_owned(), Value::Float(change.value));
        }
        Ok(())
    }

    fn parameter(&mut self, change: &Change) -> Done {
        let Some(parameter) = self.pack.parameters.iter().find(|it| it.id == change.id) else {
            let ids: Vec<&str> = self.pack.parameters.iter().map(|it| it.id.as_str()).collect();
            return Err(bad(change, "the pack has no such parameter", &ids));
        };
        let path = self.file("parameters/", &parameter.id);
        let listed = self.value(&path, "value");
        let Some(Value::Array(mut list)) = listed else {
            return Err(bad(change, "the parameter has no values", &[]));
        };
        let from = self.from.map(|it| it.to_string());
        let is_same = |entry: &Value| {
            let text = |name: &str| entry.get(name).and_then(Value::as_str);
            text("from") == from.as_deref() && text("area") == change.key.as_deref()
        };
        list.retain(|it| !is_same(it));
        let mut entry = Table::new();
        if let Some(from) = from {
            entry.insert("from".to_owned(), Value::String(from));
        }
        if let Some(area) = &change.key {
            entry.insert("area".to_owned(), Value::String(area.clone()));
        }
        entry.insert("value".to_owned(), Value::Float(change.value));
        let mut reference = Table::new();
        reference.insert("title".to_owned(), Value::String("A change of this policy".to_owned()));
        reference.insert("proposal".to_owned(), Value::Boolean(true));
        entry.insert("reference".to_owned(), Value::Array(vec![Value::Table(reference)]));
        list.push(Value::Table(entry));
        self.put(&path, "value", Value::Array(list));
        Ok(())
    }

    fn edge(&mut self, change: &Change) -> Done {
        const NAMES: [&str; 4] = ["blue", "yellow", "orange", "red"];
        if !NAMES.contains(&change.id.as_str()) {
            return Err(bad(change, "no band of this name has an edge", &NAMES));
        }
        let table = self.files.entry("scoring.toml".to_owned()).or_default();
        let bands = table.entry("bands").or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(bands) = bands {
            bands.insert(change.id.clone(), Value::Float(change.value));
        }
        Ok(())
    }

    fn path(&self, indicator: &Indicator) -> String {
        self.file("indicators/", &indicator.id)
    }

    /// The file below a folder that is named after an id.
    fn file(&self, folder: &str, id: &str) -> String {
        let name = format!("{id}.toml");
        let is_it = |path: &str| path.starts_with(folder) && path.rsplit('/').next() == Some(&name);
        let mut files = self.layers.iter().flat_map(|it| &it.files);
        files.find(|it| is_it(&it.path)).map_or(format!("{folder}{name}"), |it| it.path.clone())
    }

    /// What a key of a file holds after the changes so far and all layers.
    fn value(&self, path: &str, key: &str) -> Option<Value> {
        if let Some(value) = self.files.get(path).and_then(|it| it.get(key)) {
            return Some(value.clone());
        }
        self.layers.iter().rev().find_map(|layer| {
            let file = layer.files.iter().find(|it| it.path == path)?;
            let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
            text.parse::<Table>().ok()?.get(key).cloned()
        })
    }

    fn put(&mut self, path: &str, key: &str, value: Value) {
        self.files.entry(path.to_owned()).or_default().insert(key.to_owned(), value);
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|it| it as f64))
}
