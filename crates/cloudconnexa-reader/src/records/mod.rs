//! Splits an input into records: chunks of bytes in, complete records and their positions out, no I/O.

mod block;
mod fault;
mod item;
mod scan;
mod separator;
mod splitter;
#[cfg(test)]
mod tests;
mod text;

pub use block::{boundary, is_array};
pub use fault::FramingFault;
pub use item::{Item, Record, Refused};
pub use separator::Separator;
pub use splitter::{DEFAULT_LIMIT, Splitter};
