//! Findings as groups: those of one rule about one field of one kind of event are reported once, with their number.
//!
//! Reports for CI services cannot be cut off anywhere, and cannot have a million entries. So each input keeps one group
//! per [`GroupKey`], and the run keeps the first inputs of each. What is kept does not depend on how the work was divided:
//! it is always the first by severity, rule and fingerprint; the rest is counted.

mod group;
mod input;
mod results;
mod run;
#[cfg(test)]
mod tests;

pub use group::{FindingGroup, GroupDetails, GroupKey};
pub use input::InputFindings;
pub(crate) use results::more;
pub use results::{Elsewhere, ReportEntries, ReportEntry};
pub use run::FindingGroups;
