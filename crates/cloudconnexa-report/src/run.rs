//! Everything that is known at the end of a run.

#[cfg(feature = "schemars")]
use schemars::JsonSchema;
use serde::Serialize;

use crate::groups::FindingGroups;
use crate::overview::Overview;
use crate::paths::PathRoot;
use crate::status::RunStatus;
use crate::summary::Summary;

/// Something that could not be done, so that not everything was checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// The name of the input, if it is about one.
    pub input: Option<String>,
    /// The failure, as a lower-case fragment.
    pub message: String,
}

/// Something that could not be done, so that not all was checked.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProblemLine<'a> {
    /// The input concerned, if it is a single one.
    file: Option<&'a str>,
    message: &'a str,
}

impl<'a> From<&'a Problem> for ProblemLine<'a> {
    fn from(problem: &'a Problem) -> Self {
        Self { file: problem.input.as_deref(), message: &problem.message }
    }
}

/// Findings that the baseline knows and that no longer occur.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GoneFinding {
    /// The file, from the root of the repository.
    pub path: String,
    /// The id of the rule.
    pub rule: String,
    /// The name of the event.
    pub event: Option<String>,
    /// JSON Pointer to the value within the event.
    pub pointer: String,
    /// How many the baseline knows beyond those that are still there.
    pub count: u64,
}

/// Everything that is known at the end of a run, for the formats that report on a whole run.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RunResults<'a> {
    /// The counts.
    pub summary: &'a Summary,
    /// The findings.
    pub groups: &'a FindingGroups,
    /// The folder that paths of inputs are relative to.
    pub root: &'a PathRoot,
    /// Problems that kept something from being checked.
    pub problems: &'a [Problem],
    /// How many problems there are beyond `problems`.
    pub more_problems: u64,
    /// Findings of the baseline that are gone.
    pub gone: &'a [GoneFinding],
    /// The maximum number of entries in a report.
    pub max_entries: usize,
    /// How the run ended.
    pub status: RunStatus,
    /// The config file that applies, if there is one.
    pub config: Option<&'a str>,
    /// The parts of the HTML page other than findings.
    pub overview: Option<&'a Overview>,
}

impl<'a> RunResults<'a> {
    /// Creates the results of a run that ended well, with up to 1,000 entries in reports.
    pub fn new(summary: &'a Summary, groups: &'a FindingGroups, root: &'a PathRoot) -> Self {
        Self {
            summary,
            groups,
            root,
            problems: &[],
            more_problems: 0,
            gone: &[],
            max_entries: crate::options::MAX_ENTRIES,
            status: RunStatus::Clean,
            config: None,
            overview: None,
        }
    }
}
