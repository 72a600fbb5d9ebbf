//! The options of a report.

use crate::masking::Masking;
use crate::paths::PathRoot;

/// The default of [`ReportOptions::max_entries`].
pub(crate) const MAX_ENTRIES: usize = 1000;

/// Options of a [`Reporter`](crate::Reporter).
///
/// ```
/// use cloudconnexa_report::{Masking, ReportOptions};
///
/// let options = ReportOptions::new().masking(Masking::Shown).max_entries(100);
/// assert_eq!(options.max_entries, 100);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportOptions {
    /// Whether values of events are shown. Masked by default.
    pub masking: Masking,
    /// The maximum number of entries in `sarif`, `github`, `gitlab` and `html`; further findings are counted. 1,000 by
    /// default.
    pub max_entries: usize,
    /// Columns of `human`, from 40. 100 by default.
    pub width: usize,
    /// The folder that paths of inputs are relative to. By default, names stay as they are.
    pub root: PathRoot,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl ReportOptions {
    /// Creates the default options.
    pub fn new() -> Self {
        Self { masking: Masking::Masked, max_entries: MAX_ENTRIES, width: 100, root: PathRoot::default() }
    }

    /// Sets whether values of events are shown.
    #[must_use]
    pub fn masking(self, masking: Masking) -> Self {
        Self { masking, ..self }
    }

    /// Sets the maximum number of entries.
    #[must_use]
    pub fn max_entries(self, max_entries: usize) -> Self {
        Self { max_entries, ..self }
    }

    /// Sets the columns of `human`; fewer than 40 are taken for 40.
    #[must_use]
    pub fn width(self, width: usize) -> Self {
        Self { width: width.max(40), ..self }
    }

    /// Sets where paths of inputs start.
    #[must_use]
    pub fn root(self, root: PathRoot) -> Self {
        Self { root, ..self }
    }
}
