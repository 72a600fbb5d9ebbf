//! The headings under which `--help` groups options.

pub(super) const BEYOND: &str = "Beyond the schema";
#[cfg(feature = "s3")]
pub(super) const BUCKETS: &str = "Buckets";
pub(super) const CONNECTIONS: &str = "Connections";
pub(super) const EVENTS: &str = "Events";
pub(super) const INPUTS: &str = "Inputs";
pub(super) const REPORTS: &str = "Reports";
pub(super) const SESSIONS: &str = "Sessions";
pub(super) const SEVERITIES: &str = "Severities";
