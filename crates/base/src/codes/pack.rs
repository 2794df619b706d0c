//! Codes of packs: what `check` can find.

use super::codes;
use crate::exit::REFUSED;

codes! {
    TOML_SYNTAX = "P001", "toml-syntax", Error, REFUSED, 422,
        "A file of the pack is not well-formed TOML";
}
