//! Codes of files read and written.

use super::codes;
use crate::exit::REFUSED;

codes! {
    FILE_UNREADABLE = "T001", "file-unreadable", Error, REFUSED, 400,
        "A file could not be opened or read";
}
