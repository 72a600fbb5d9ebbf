//! ccxlog.
fn main() {}
