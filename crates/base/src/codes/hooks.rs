//! Codes of webhooks.

use super::codes;
use crate::exit::REFUSED;

codes! {
    BAD_WEBHOOK = "W001", "bad-webhook", Error, REFUSED, 422,
        "The webhook cannot be made: its address, kinds or areas cannot be used";
    NO_SUCH_WEBHOOK = "W002", "no-such-webhook", Error, REFUSED, 404,
        "There is no webhook with this id, or no such delivery of it";
    WEBHOOK_EXISTS = "W003", "webhook-exists", Error, REFUSED, 409,
        "A webhook was made under this key before, and it is another one";
}
