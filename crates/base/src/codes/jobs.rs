//! Codes of long work: imports and exports. J007 was one and is not given out again.

use super::codes;
use crate::exit::REFUSED;

codes! {
    UPLOAD_GONE = "J001", "upload-gone", Error, REFUSED, 410,
        "The file of a job is not there any more, so that the job cannot go on";
    JOB_CANCELLED = "J002", "job-cancelled", Error, REFUSED, 409,
        "Somebody ended the job before it was done";
    JOB_FAILED = "J003", "job-failed", Error, REFUSED, 500,
        "The job ended in a way that nobody foresaw";
    TOO_LARGE = "J004", "upload-too-large", Error, REFUSED, 413,
        "The file is larger than the server takes, or there is no room for it";
    NOT_ENDED = "J005", "job-not-ended", Error, REFUSED, 409,
        "This can be asked of a job only when it has ended";
    NO_SUCH_MAPPING = "J006", "no-such-mapping", Error, REFUSED, 404,
        "No mapping of columns is kept under this name for this kind of file";
    NO_DATE = "J008", "no-date", Error, crate::exit::DONE_WITH_REJECTS, 422,
        "A cell has a value and no day on which it was so";
    CANNOT_UNDO = "J009", "cannot-undo", Error, REFUSED, 409,
        "What a job did cannot be taken back, or nothing of it";
}
