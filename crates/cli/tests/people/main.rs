//! The registry on both databases: people in, found, sealed, suspected, made one and apart again.

#[path = "../databases/mod.rs"]
mod databases;

mod found;
mod homes;
mod merges;
mod put;
mod sealed;
mod setting;
