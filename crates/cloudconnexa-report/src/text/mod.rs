//! Text for people: numbers, colours, wrapped lines, and characters that are safe to print.
//!
//! Reports use these throughout; they are public so that programs around them can write in the same style.

mod printable;
pub mod style;
mod units;
mod wrap;

pub use printable::{escape, is_printable, printable};
pub use units::{bytes, count, counted};
pub use wrap::wrap;
