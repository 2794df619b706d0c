//! What may not be kept any longer is forgotten, and no score that can still change is another one
//! by that: on both databases, whichever attributes have a limit.

#[path = "../databases/mod.rs"]
mod databases;
#[path = "../http/mod.rs"]
mod http;

mod facts;
mod killed;
mod scores;
mod server;
mod setting;
