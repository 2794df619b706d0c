//! Codes of signing in and of what may be seen and done.

use super::codes;
use crate::exit::REFUSED;

codes! {
    NOT_SIGNED_IN = "A001", "not-signed-in", Error, REFUSED, 401,
        "The request says nobody's name, or its session or token is not valid any more";
    FORBIDDEN = "A002", "forbidden", Error, REFUSED, 403,
        "The role or the areas of the user do not go so far";
    WRONG_PASSWORD = "A003", "wrong-password", Error, REFUSED, 401,
        "Name and password do not belong together";
    LOCKED = "A004", "locked", Error, REFUSED, 429,
        "Too many wrong passwords: the user is locked for a while";
    WEAK_PASSWORD = "A005", "weak-password", Error, REFUSED, 422,
        "The password is too short, or too long to be meant";
    NO_SUCH_USER = "A006", "no-such-user", Error, REFUSED, 404,
        "There is no user of this name";
    BAD_USER = "A007", "bad-user", Error, REFUSED, 422,
        "The user cannot be made: its name, role or areas cannot be used";
}
