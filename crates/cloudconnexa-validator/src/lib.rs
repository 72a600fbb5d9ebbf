//! Validates CloudConnexa log events against their JSON Schema: bytes in, findings with positions out.

pub mod catalog;
mod finding;
mod position;
pub mod records;
pub mod rules;
mod validator;

pub use finding::{Finding, Severity, Text};
pub use position::{Position, Span};
pub use validator::{Report, Subject, Validator};
