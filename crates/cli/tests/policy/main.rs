//! Policies in the database: installed, approved by two, in force by period, tried beforehand.

#[path = "../databases/mod.rs"]
mod databases;

mod force;
mod setting;
mod trials;
