//! SQLite and PostgreSQL behind one [`Store`]: rows in, rows out, all of a transaction or nothing.
//!
//! Knows what its tables hold and no rule of the domain: there is no `if` on what a value means.
//! SQL stands here and nowhere else, one text for both databases.

pub mod areas;
pub mod audit;
pub mod boundaries;
mod connection;
mod error;
pub mod events;
pub mod facts;
pub mod findings;
mod insert;
pub mod jobs;
pub mod lease;
pub mod links;
pub mod mappings;
mod migrations;
pub mod people;
pub mod policies;
pub mod recorded;
mod remembered;
pub mod scored;
pub mod scores;
pub mod settings;
pub mod situation;
pub mod stale;
mod store;
mod tls;
mod transaction;
pub mod users;
mod value;
pub mod warnings;
pub mod webhooks;
mod within;

pub use error::{Error, Kind, Result};
pub use store::{Address, Store};
pub use transaction::Tx;
pub use within::Within;
