//! The one executable: `holdfast`.
fn main() {}
