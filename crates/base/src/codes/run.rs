//! Codes of commands and use cases.

use super::codes;
use crate::exit::REFUSED;

codes! {
    NO_SUCH_PERIOD = "R001", "no-such-period", Error, REFUSED, 422,
        "The period asked for is not one, or the input has no row in it";
}
