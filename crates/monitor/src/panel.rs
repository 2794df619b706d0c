//! Panel: household × period.
