//! A JSON text as a tape of values with positions.
//!
#![doc = include_str!("../README.md")]
//!
//! # Which one do I use?
//!
//! | to | use |
//! |---|---|
//! | parse a text | [`Tape::parse`] |
//! | parse a text that may be hostile, in bounded memory | [`Tape::parse_partly`] |
//! | read values | [`Tape::type_of`], [`Tape::members`], [`Tape::elements`], [`Tape::string`], [`Tape::number`] |
//! | find where in the text a value is | [`Tape::range`] |
//! | name a value, or find one by its name | [`Tape::pointer`], [`Tape::resolve`] |
//! | validate | [`CompiledSchema`] |

mod compact;
mod engine;
mod entries;
mod keys;
mod listed;
mod number;
mod open;
mod parser;
mod pointer;
mod repeated;
mod schema;
mod string;
#[cfg(test)]
mod tests;

pub use entries::{Elements, HugeNumber, Index, MAX_DEPTH, Members, Repeated, Tape, Type};
pub use listed::Listed;
pub use number::NumberFault;
pub use parser::{Expected, Fault, FaultKind, fingerprint};
pub use pointer::{Pointers, last_key};
pub use schema::{CompiledSchema, FormatCheck};
pub use string::{StringFault, characters, decode};
