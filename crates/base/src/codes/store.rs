//! Codes of the store.

use super::codes;
use crate::exit::{FAULT, REFUSED};

codes! {
    UNREACHABLE = "S001", "store-unreachable", Error, REFUSED, 503,
        "The database cannot be opened, or went away";
    UNFIT = "S002", "store-unfit", Error, REFUSED, 503,
        "The database was made by a newer program, or is none of ours";
    NOT_THE_WRITER = "S003", "not-the-writer", Error, REFUSED, 503,
        "Another server holds the right to write to this database";
    FULL = "S004", "store-full", Error, REFUSED, 507,
        "There is no room left for what is to be written";
    STORE_FAULT = "S005", "store-fault", Error, FAULT, 500,
        "The database refused a statement that no input should make it refuse";
    TOO_SLOW = "S006", "too-slow", Error, REFUSED, 503,
        "The request took longer than requests may take";
}
