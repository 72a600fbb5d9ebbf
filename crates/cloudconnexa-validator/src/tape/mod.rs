//! A record as a tape: its values in the order of the text, each with its byte range.
//!
//! Parsing decodes and copies nothing. A string is a slice of the text until its value is requested, so an entry takes 20
//! bytes whatever it represents, and positions come for free.

#[cfg(test)]
mod differential;
mod engine;
mod entries;
mod number;
mod parser;
mod pointer;
pub(crate) mod string;

pub(crate) use engine::TapeJson;
pub(crate) use entries::{Duplicate, Index, TOO_DEEP, Tape, Type};
pub(crate) use number::NumberFault;
pub(crate) use parser::{Expected, Fault, FaultKind};
pub(crate) use pointer::last_key;
pub(crate) use string::{StringFault, decode};
