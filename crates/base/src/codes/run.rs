//! Codes of commands and use cases.

use super::codes;
use crate::exit::REFUSED;

codes! {
    NO_SUCH_PERIOD = "R001", "no-such-period", Error, REFUSED, 422,
        "The period asked for is not one, or the input has no row in it";
    EXAMPLE_FAILED = "R002", "example-failed", Error, REFUSED, 422,
        "An example of the pack does not come out as it says";
    CONFLICTING_ROWS = "R003", "conflicting-rows", Error, crate::exit::DONE_WITH_REJECTS, 422,
        "Two rows say different things of one household in one period";
    NO_SUCH_HOUSEHOLD = "R004", "no-such-household", Error, REFUSED, 404,
        "The input has no household with this id";
    NO_OUTCOME = "R005", "no-outcome", Error, REFUSED, 422,
        "No outcome could be computed for any household";
    BAD_OPTION = "R006", "bad-option", Error, REFUSED, 422,
        "An option has a value that cannot be used";
    NOTHING_TO_ASSESS = "R007", "nothing-to-assess", Error, REFUSED, 422,
        "The input has no household";
    HOUSEHOLD_WITH_REJECTS = "R008", "household-with-rejects", Warning, 0, 200,
        "A household was assessed without those of its rows that could not be read";
    FACTS_LEFT_OUT = "R009", "facts-left-out", Note, 0, 200,
        "Facts were not used: nothing asks for them, they came after the cut, or lack something";
    BAD_REQUEST = "R011", "bad-request", Error, REFUSED, 400,
        "A request over HTTP cannot be understood, or asks for what is not there";
    NOT_REUSED = "R010", "not-reused", Note, 0, 200,
        "Stored scores of closed periods could not be used, or none were stored";
}
