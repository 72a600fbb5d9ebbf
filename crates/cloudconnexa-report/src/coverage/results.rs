//! Everything that reports on coverage show.

use super::report::CoverageReport;
use crate::run::Problem;
use crate::status::RunStatus;
use crate::summary::Summary;

/// Everything that is known at the end of a run that measured coverage.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CoverageResults<'a> {
    /// The coverage.
    pub report: &'a CoverageReport,
    /// The counts.
    pub summary: &'a Summary,
    /// How the run ended.
    pub status: RunStatus,
    /// Problems that kept something from being read.
    pub problems: &'a [Problem],
    /// The config file that applies, if there is one.
    pub config: Option<&'a str>,
}

impl<'a> CoverageResults<'a> {
    /// Creates the results of a run.
    pub fn new(report: &'a CoverageReport, summary: &'a Summary, status: RunStatus) -> Self {
        Self { report, summary, status, problems: &[], config: None }
    }
}
