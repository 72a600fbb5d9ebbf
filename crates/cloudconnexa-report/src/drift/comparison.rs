//! The two sides of a comparison, and the level of detail of its report.

use cloudconnexa_drift::Profile;

use crate::run::Problem;

/// The two sides of a comparison.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Comparison<'a> {
    /// The profile of the events.
    pub profile: &'a Profile,
    /// The name of the earlier profile that it was compared with, if there is one.
    pub against: Option<String>,
    /// The name of the schema that it was compared with, unless it is the one built in.
    pub schema: Option<String>,
    /// The config file that applies, if there is one.
    pub config: Option<String>,
    /// Problems that kept events from being read, so that the profile lacks them.
    pub problems: &'a [Problem],
}

impl<'a> Comparison<'a> {
    /// Creates the comparison of a profile with the schema that is built in.
    pub fn new(profile: &'a Profile) -> Self {
        Self { profile, against: None, schema: None, config: None, problems: &[] }
    }
}

/// How much the report for people says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DriftDetail {
    /// Differences, notes and a summary.
    #[default]
    Full,
    /// Differences only.
    DifferencesOnly,
}
