//! A record as a tape: its values in the order of the text, each with the bytes that it stands in.
//!
//! Nothing is decoded or copied while parsing. A string is its slice of the text until somebody asks for its value,
//! so that an entry takes 20 bytes whatever it stands for, and a position comes for free.

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
