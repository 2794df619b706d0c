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
    NO_SUCH_TOKEN = "A008", "no-such-token", Error, REFUSED, 404,
        "There is no token with this id, or it is somebody else's";
    NO_SUCH_PROVIDER = "A009", "no-such-provider", Error, REFUSED, 404,
        "Nobody of this name signs users in here";
    NOT_VOUCHED = "A010", "not-vouched", Error, REFUSED, 401,
        "What the sign-in service said cannot be believed, or is about nobody who may sign in";
    AWAY = "A011", "sign-in-service-away", Error, REFUSED, 502,
        "The sign-in service cannot be reached, or does not answer as it should";
}
