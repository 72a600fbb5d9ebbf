//! Validates CloudConnexa log events against their JSON Schema: bytes in, findings with positions out.

pub mod catalog;
mod check;
mod fields;
mod finding;
mod formats;
mod position;
pub mod records;
pub mod rules;
mod similar;
mod tape;
#[cfg(test)]
mod testing;
mod validator;
mod verdict;
mod wording;

pub use finding::{Finding, Severity, Text};
pub use position::{Position, Span};
pub use validator::{Report, Subject, Validator};
