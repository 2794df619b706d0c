//! Facts: dated, sourced observations.
