//! A pack's files in one piece, and what comes out of them.

use crate::check;
use crate::{Loaded, Refused};
use base::Diagnostic;
use base::codes::pack as codes;
use pack::{Layer, Pack, PackFile};
use std::path::Path;
use std::sync::Arc;

/// Changes with the shape of what is stored.
const FORMAT: u8 = 1;
/// Most overlays on one another.
const LAYERS_MAX: usize = 32;

/// A pack that may be installed: nothing stands against it and its examples come out.
pub struct Package {
    /// Its files, the base first.
    pub layers: Vec<Layer>,
    /// The pack, ready to judge.
    pub loaded: Loaded,
}

impl Package {
    /// Reads, checks and runs the examples of a pack.
    ///
    /// # Errors
    /// Every finding, where one is an error or an example fails.
    pub fn of(layers: Vec<Layer>) -> Result<Self, Refused> {
        if layers.len() > LAYERS_MAX {
            let message = format!("{} overlays lie on one another", layers.len());
            let hint = "install the pack as a whole, as a new base";
            return Err(vec![Diagnostic::new(&codes::BAD_OVERLAY, message).hint(hint)]);
        }
        let (pack, findings) = pack::from_layers(&layers);
        let report = check::of(pack, findings);
        match report.loaded {
            Some(loaded) if !report.diagnostics.iter().any(Diagnostic::is_error) => {
                let loaded = Loaded { diagnostics: report.diagnostics, ..loaded };
                Ok(Self { layers, loaded })
            }
            _ => Err(report.diagnostics),
        }
    }

    /// As [`Package::of`], from a folder and those that it extends.
    ///
    /// # Errors
    /// As [`Package::of`].
    pub fn read(folder: &Path) -> Result<Self, Refused> {
        let (layers, findings) = pack::read_layers(folder);
        if findings.iter().any(Diagnostic::is_error) {
            return Err(findings);
        }
        Self::of(layers)
    }

    /// The pack.
    pub fn pack(&self) -> &Arc<Pack> {
        self.loaded.pack()
    }
}

/// Files as they are stored.
pub fn to_bytes(layers: &[Layer]) -> Vec<u8> {
    let file = |it: &PackFile| (it.path.clone(), it.text.clone());
    let layers = layers.iter().map(|it| it.files.iter().map(file).collect());
    let layers: Vec<Vec<(String, String)>> = layers.collect();
    let mut bytes = vec![FORMAT];
    // Texts in lists: there is nothing in it that cannot be written.
    bytes.extend(postcard::to_stdvec(&layers).unwrap_or_default());
    bytes
}

/// Reads stored files; messages show paths alone.
pub fn from_bytes(bytes: &[u8]) -> Option<Vec<Layer>> {
    let (format, rest) = bytes.split_first()?;
    let layers: Vec<Vec<(String, String)>> =
        (*format == FORMAT).then(|| postcard::from_bytes(rest).ok()).flatten()?;
    let layer = |files: Vec<(String, String)>| Layer {
        shown: String::new(),
        name: String::new(),
        files: files.into_iter().map(|(path, text)| PackFile { path, text }).collect(),
    };
    Some(layers.into_iter().map(layer).collect())
}
