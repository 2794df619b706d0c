//! Codes of files read and written.

use super::codes;
use crate::exit::{DONE_WITH_REJECTS, REFUSED};

codes! {
    FILE_UNREADABLE = "T001", "file-unreadable", Error, REFUSED, 400,
        "A file could not be opened or read";
    UNKNOWN_FORMAT = "T002", "unknown-format", Error, REFUSED, 415,
        "The ending of a file's name says nothing of its format";
    NOT_PARQUET = "T003", "not-parquet", Error, REFUSED, 400,
        "A file is not Parquet, or is cut short";
    COLUMN_MISSING = "T004", "column-missing", Error, REFUSED, 422,
        "A file lacks a column that is needed";
    COLUMN_TWICE = "T005", "column-twice", Error, REFUSED, 422,
        "A header names the same column twice";
    COLUMN_UNUSABLE = "T006", "column-unusable", Error, REFUSED, 422,
        "A column has a type that cannot be turned into what is needed";
    EMPTY_FILE = "T007", "empty-file", Error, REFUSED, 422,
        "A file has no header";
    NOT_UTF8 = "T008", "not-utf8", Error, DONE_WITH_REJECTS, 422,
        "Text is not UTF-8";
    ROW_LENGTH = "T009", "row-length", Error, DONE_WITH_REJECTS, 422,
        "A row has more or fewer cells than the header";
    BAD_JSON = "T010", "bad-json", Error, DONE_WITH_REJECTS, 422,
        "A line is not a JSON object";
    EMPTY_KEY = "T011", "empty-key", Error, DONE_WITH_REJECTS, 422,
        "A cell that identifies its row is empty";
    BAD_HOUSEHOLD_ID = "T012", "bad-household-id", Error, DONE_WITH_REJECTS, 422,
        "A household id is longer than 64 bytes";
    BAD_CATEGORY = "T013", "bad-category", Error, DONE_WITH_REJECTS, 422,
        "A cell holds none of the categories of its column";
    BAD_NUMBER = "T014", "bad-number", Error, DONE_WITH_REJECTS, 422,
        "A cell is not a number";
    OUT_OF_RANGE = "T015", "out-of-range", Error, DONE_WITH_REJECTS, 422,
        "A number lies outside the plausible range of its column";
    BAD_BOOLEAN = "T016", "bad-boolean", Error, DONE_WITH_REJECTS, 422,
        "A cell is neither true nor false";
    BAD_PERIOD = "T017", "bad-period", Error, DONE_WITH_REJECTS, 422,
        "A cell is not a period of the kind that the pack uses";
    BAD_DATE = "T018", "bad-date", Error, DONE_WITH_REJECTS, 422,
        "A cell is not a day or an instant";
    UNSORTED = "T019", "unsorted", Note, 0, 200,
        "A Parquet file is not sorted by household and period and was sorted first";
    COLUMN_IGNORED = "T020", "column-ignored", Note, 0, 200,
        "A file has columns that nothing asks for";
    COLUMN_ABSENT = "T021", "column-absent", Note, 0, 200,
        "A file lacks a column that is wanted but not needed; it is unknown throughout";
    CANNOT_WRITE = "T022", "cannot-write", Error, REFUSED, 500,
        "A result could not be written";
}
