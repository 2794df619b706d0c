//! What can go wrong with a database, by what a caller can do about it.

use base::codes::store as codes;
use base::{Code, Diagnostic};
use std::fmt;

/// A kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The database cannot be opened or went away; it may come back.
    Unreachable,
    /// The database was made by a newer program, or is none of ours.
    Unfit,
    /// Another server holds the right to write.
    NotTheWriter,
    /// There is no room left for what is to be written.
    Full,
    /// The statement failed for a reason that no input should cause.
    Fault,
}

/// A failure of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What a caller can do about it.
    pub kind: Kind,
    /// What the database said.
    pub message: String,
}

/// What functions of this crate give.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of a kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    fn code(&self) -> &'static Code {
        match self.kind {
            Kind::Unreachable => &codes::UNREACHABLE,
            Kind::Unfit => &codes::UNFIT,
            Kind::NotTheWriter => &codes::NOT_THE_WRITER,
            Kind::Full => &codes::FULL,
            Kind::Fault => &codes::STORE_FAULT,
        }
    }

    fn hint(&self) -> &'static str {
        match self.kind {
            Kind::Unreachable => "check the address and that the database runs, then try again",
            Kind::Unfit => "use the program that wrote it, or another database",
            Kind::NotTheWriter => "send it to the server that writes, or wait until this one does",
            Kind::Full => "make room; what was acknowledged is safe, this was not written",
            Kind::Fault => "look at the log of the database; nothing of this was written",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        let hint = error.hint();
        Diagnostic::new(error.code(), error.message).hint(hint)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Kind::Full,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Kind::Unfit,
            Some(
                ErrorCode::CannotOpen
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::SystemIoFailure
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied,
            ) => Kind::Unreachable,
            _ => Kind::Fault,
        };
        Self::new(kind, format!("the database said: {error}"))
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        use postgres::error::SqlState;
        let kind = match error.code() {
            None => Kind::Unreachable,
            Some(code) if *code == SqlState::DISK_FULL => Kind::Full,
            // Classes of connections, of operators who stop a server, and of resources.
            Some(code) if ["08", "57", "53"].iter().any(|it| code.code().starts_with(it)) => {
                Kind::Unreachable
            }
            Some(_) => Kind::Fault,
        };
        let said = error.as_db_error().map_or_else(|| error.to_string(), |it| it.to_string());
        Self::new(kind, format!("the database said: {said}"))
    }
}
