use super::{EventSpec, FieldSpec};
/// Replaced by codegen.
pub static LOG_VERSIONS: &[u64] = &[1];
/// Replaced by codegen.
pub static HEADER: &[FieldSpec] = &[];
/// Replaced by codegen.
pub static EVENTS: &[EventSpec] = &[];
