//! The one table of message codes: id, name, severity, exit code, HTTP status, summary.
//!
//! Each crate's codes have a file here; numbers are never reused. The docs gallery and the API
//! reference are generated from [`all`].

use std::fmt;

pub mod access;
pub mod hooks;
pub mod jobs;
pub mod live;
pub mod monitor;
pub mod pack;
pub mod people;
pub mod policy;
pub mod run;
pub mod store;
pub mod tables;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something worth knowing.
    Note,
    /// Should be otherwise, but the run goes on.
    Warning,
    /// Must be otherwise.
    Error,
}

/// One row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Short id, e.g. `P003`; never reused.
    pub id: &'static str,
    /// Lower-case name with hyphens, e.g. `unknown-key`; also the name of its reproducing file.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The exit code it asks for where it is an error; see [`crate::exit`].
    pub exit: u8,
    /// The HTTP status it maps to.
    pub http_status: u16,
    /// One sentence for the gallery: what it means.
    pub summary: &'static str,
}

/// Declares the codes of one crate and the list `ALL` of them, in order.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $slug:literal, $severity:ident, $exit:expr,
       $http:literal, $summary:literal;)*) => {
        $(
            $(#[$doc])*
            #[doc = $summary]
            pub static $name: $crate::codes::Code = $crate::codes::Code {
                id: $id,
                name: $slug,
                severity: $crate::codes::Severity::$severity,
                exit: $exit,
                http_status: $http,
                summary: $summary,
            };
        )*
        /// Every code of this file, in order.
        pub static ALL: &[&$crate::codes::Code] = &[$(&$name),*];
    };
}
pub(crate) use codes;

/// Every code, in the order of the files and of their rows.
pub fn all() -> impl Iterator<Item = &'static Code> {
    let files = [pack::ALL, tables::ALL, monitor::ALL, run::ALL, store::ALL, live::ALL];
    files
        .into_iter()
        .chain([access::ALL, policy::ALL, jobs::ALL, hooks::ALL, people::ALL])
        .flatten()
        .copied()
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_id_and_no_name_is_used_twice_and_only_errors_ask_for_an_exit_code() {
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for code in all() {
            assert!(ids.insert(code.id), "{} twice", code.id);
            assert!(names.insert(code.name), "{} twice", code.name);
            assert_eq!(code.severity == Severity::Error, code.exit > 0, "{}", code.id);
        }
    }
}
