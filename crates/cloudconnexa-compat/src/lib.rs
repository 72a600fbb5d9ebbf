//! The released versions of the JSON Schema of CloudConnexa log events.
//!
#![doc = include_str!("../README.md")]

pub mod released;
