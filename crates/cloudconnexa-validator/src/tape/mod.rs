//! A record as a tape: its values in the order of the text, each with its byte range.
//!
//! Parsing decodes and copies nothing. A string is a slice of the text until its value is requested, so an entry takes 20
//! bytes whatever it represents, and positions come for free.

mod compact;
#[cfg(test)]
mod differential;
mod engine;
mod entries;
mod keys;
mod listed;
mod number;
mod open;
mod parser;
mod pointer;
mod repeated;
pub(crate) mod string;
#[cfg(test)]
mod tests;

pub(crate) use engine::TapeJson;
pub(crate) use entries::{HugeNumber, Index, Repeated, TOO_DEEP, Tape, Type};
pub(crate) use number::NumberFault;
pub(crate) use parser::{Expected, Fault, FaultKind};
pub(crate) use pointer::last_key;
pub(crate) use string::{StringFault, decode};
