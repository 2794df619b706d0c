//! Codes of policies in the database.

use super::codes;
use crate::exit::REFUSED;

codes! {
    NO_POLICY = "V001", "no-policy", Error, REFUSED, 422,
        "The database has no policy in force, and no pack was given";
    NO_SUCH_VERSION = "V002", "no-such-version", Error, REFUSED, 404,
        "No version of a policy is installed under this hash";
    VERSION_EXISTS = "V003", "version-exists", Error, REFUSED, 409,
        "A pack of this id and version is installed already and says something else";
    PACK_REFUSED = "V004", "pack-refused", Error, REFUSED, 422,
        "The pack has errors, or an example does not come out: nothing was installed";
    OTHER_CALENDAR = "V005", "other-calendar", Error, REFUSED, 422,
        "The pack's periods are of another kind than those under watch";
    CLOSED_PERIOD = "V006", "closed-period", Error, REFUSED, 422,
        "A policy cannot come into force in a period that is closed";
    NO_SUCH_PROPOSAL = "V007", "no-such-proposal", Error, REFUSED, 404,
        "There is no proposal with this number";
    ALREADY_DECIDED = "V008", "already-decided", Error, REFUSED, 409,
        "Somebody has approved or refused this proposal before";
    SAME_PERSON = "V009", "same-person", Error, REFUSED, 403,
        "Who proposes a policy may not approve it";
    BAD_CHANGE = "V010", "bad-change", Error, REFUSED, 422,
        "A change of a policy names what the pack does not have, or gives no usable value";
    OTHER_PACK = "V011", "other-pack", Warning, 0, 200,
        "The pack that was given is not the policy in force, which counts";
}
