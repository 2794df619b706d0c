//! Codes of the registry: households, people, and who they are.

use super::codes;
use crate::exit::{DONE_WITH_REJECTS, REFUSED};

codes! {
    BAD_IDENTITY_NUMBER = "I001", "bad-identity-number", Error, DONE_WITH_REJECTS, 422,
        "An identity number is not one of its scheme: its length, date or check digit is wrong";
    BAD_PERSON = "I002", "bad-person", Error, DONE_WITH_REJECTS, 422,
        "A person or household cannot be registered as it was told";
    NO_SUCH_PERSON = "I003", "no-such-person", Error, REFUSED, 404,
        "There is no person with this id, or none in the areas of the user";
    WRONG_KEY = "I004", "wrong-key", Error, REFUSED, 503,
        "The master key is not the one that the database was sealed with";
    ERASED = "I005", "erased", Error, DONE_WITH_REJECTS, 409,
        "The person was erased: nothing can be shown or written of them any more";
    CANNOT_MERGE = "I006", "cannot-merge", Error, REFUSED, 409,
        "Two entries cannot be made one, or not be made two again, as they stand";
}
