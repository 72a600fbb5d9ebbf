//! Lists of findings, as a run writes them.

use cloudconnexa_report::FindingWriter;

/// A list of findings, and whether it is cut off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub(crate) writer: FindingWriter,
    /// Whether the list ends after the first findings.
    pub(crate) is_limited: bool,
}
