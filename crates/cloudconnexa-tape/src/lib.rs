//! A JSON text as a tape of values with positions.
//!
#![doc = include_str!("../README.md")]
//!
//! # Which one do I use?
//!
//! | to | use |
//! |---|---|
//! | parse a text | [`Tape::parse`] |
//! | read values | [`Tape::type_of`], [`Tape::members`], [`Tape::elements`], [`Tape::string`], [`Tape::number`] |
//! | find where in the text a value is | [`Tape::range`] |
//! | name a value, or find one by its name | [`Tape::pointer`], [`Tape::resolve`] |
//! | validate | [`CompiledSchema`] |

mod engine;
mod entries;
mod number;
mod parser;
mod pointer;
mod schema;
mod string;

pub use entries::{Duplicate, Elements, Index, MAX_DEPTH, Members, Tape, Type};
pub use number::NumberFault;
pub use parser::{Expected, Fault, FaultKind, fingerprint};
pub use pointer::{Pointers, last_key};
pub use schema::{CompiledSchema, FormatCheck};
pub use string::{StringFault, characters, decode};
