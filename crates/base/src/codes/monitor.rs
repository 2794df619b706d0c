//! Codes of the chain: what a run can find in a household's rows.

use super::codes;

codes! {
    ARITHMETIC_UNKNOWN = "M001", "arithmetic-unknown", Note, 0, 200,
        "A value became unknown although everything it was computed from was known";
}
