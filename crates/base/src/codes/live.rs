//! Codes of the live monitor.

use super::codes;
use crate::exit::{DONE_WITH_REJECTS, REFUSED};

codes! {
    FACT_EXISTS = "L001", "fact-exists", Error, DONE_WITH_REJECTS, 409,
        "A fact with this id is there already and says something else";
    NO_PERIOD = "L002", "no-period", Error, REFUSED, 422,
        "There is no period under watch yet, because no fact was ever taken";
    PACK_WITHOUT_CALENDAR = "L003", "pack-without-calendar", Error, REFUSED, 422,
        "A pack of waves cannot be run over dated facts";
    NOT_THE_SAME = "L004", "not-the-same", Error, REFUSED, 500,
        "What is stored differs from what the facts give";
    NO_SUCH_WARNING = "L006", "no-such-warning", Error, REFUSED, 404,
        "There is no warning with this id that still holds";
    BAD_AREA = "L020", "bad-area", Error, DONE_WITH_REJECTS, 422,
        "A row cannot be an area: its code, its names or the area around it cannot be used";
    BAD_BOUNDARY = "L021", "bad-boundary", Error, DONE_WITH_REJECTS, 422,
        "A feature is no boundary of an area";
    WATCHED_ALREADY = "L022", "watched-already", Error, REFUSED, 409,
        "The first period under watch is set already and does not move to a later one";
    NOT_KNOWN_THEN = "L023", "not-known-then", Error, REFUSED, 404,
        "Nothing was known of the household at the time that is asked about";
    CANNOT_ASSIGN = "L024", "cannot-assign", Error, REFUSED, 422,
        "A warning can be assigned only to a user who may see it and see to it";
    CANNOT_SUPPRESS = "L025", "cannot-suppress", Error, REFUSED, 422,
        "A warning is held back with a reason and until a later day";
    FORGOTTEN = "L026", "forgotten", Error, REFUSED, 410,
        "What is asked for rests on facts that were forgotten, as the policy asks for it";
    PAST_RETENTION = "L027", "past-retention", Error, DONE_WITH_REJECTS, 422,
        "A fact is older than the policy lets facts of its kind be kept";
    AUDIT_BROKEN = "L005", "audit-broken", Error, REFUSED, 500,
        "A row of the audit chain was changed, removed or put elsewhere";
}
