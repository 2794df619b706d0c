//! What the pages of the web UI read, as its users meet it.

#[path = "../databases/mod.rs"]
mod databases;
#[path = "../http/mod.rs"]
mod http;

mod areas;
mod explained;
mod setting;
mod situation;
