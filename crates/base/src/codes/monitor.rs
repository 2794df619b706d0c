//! Codes of the chain: what a run can find in a household's rows.

use super::codes;
use crate::exit::{FAULT, REFUSED};

codes! {
    ARITHMETIC_UNKNOWN = "M001", "arithmetic-unknown", Note, 0, 200,
        "A value became unknown although everything it was computed from was known";
    ENGINE_FAULT = "M002", "engine-fault", Error, FAULT, 500,
        "The engine failed in a way that no input should make it fail";
    SCALE_UNUSABLE = "M003", "scale-unusable", Warning, 0, 200,
        "An indicator cannot be judged in a period because of its parameters";
    PACK_TOO_LARGE = "M004", "pack-too-large", Error, REFUSED, 422,
        "A pack has more key judgements or indicators than the engine can keep apart";
}
