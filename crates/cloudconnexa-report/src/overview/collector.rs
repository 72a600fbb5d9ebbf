//! Collects an overview from records.

use std::sync::LazyLock;

use cloudconnexa_drift::{Collector, Drift, Known, Profile, Validity, compare};
use cloudconnexa_validator::coverage::Coverage;
use cloudconnexa_validator::outline::Outline;

use super::traffic::{Traffic, TrafficCollector};
use crate::coverage::CoverageReport;
use crate::masking::Masking;

static SCHEMA: LazyLock<Known> = LazyLock::new(Known::built_in);

/// The parts of the HTML page other than findings.
#[derive(Debug)]
#[non_exhaustive]
pub struct Overview {
    /// Events and sessions over time.
    pub traffic: Traffic,
    /// Coverage of the schema.
    pub coverage: CoverageReport,
    /// Differences from the schema and the earlier profile.
    pub drift: DriftOverview,
}

/// The differences of events from the schema and the earlier profile.
#[derive(Debug)]
#[non_exhaustive]
pub struct DriftOverview {
    /// The differences.
    pub drift: Drift,
    /// The name of the earlier profile that they were compared with, in addition to the schema.
    pub against: Option<String>,
    /// How many records were compared.
    pub records: u64,
}

/// The profile of an earlier run, to compare with.
#[derive(Clone, Debug)]
pub struct EarlierProfile {
    /// Its name in the report.
    pub name: String,
    /// The profile.
    pub profile: Profile,
}

/// Collects an overview from records that are JSON objects.
///
/// Several threads can each have one: merge what they [`finish`](Self::finish) with in any order.
#[derive(Debug)]
pub struct OverviewCollector {
    traffic: TrafficCollector,
    coverage: Coverage,
    profile: Collector,
}

/// The counts of an [`OverviewCollector`].
#[derive(Debug)]
pub struct OverviewCounts {
    traffic: Traffic,
    coverage: Coverage,
    profile: Profile,
}

impl Default for OverviewCollector {
    fn default() -> Self {
        Self::new()
    }
}

impl OverviewCollector {
    /// Creates a collector that has counted nothing.
    pub fn new() -> Self {
        Self { traffic: TrafficCollector::new(), coverage: Coverage::default(), profile: Collector::new() }
    }

    /// Counts a record; `is_valid` if none of its findings is an error.
    pub fn add(&mut self, record: &[u8], outline: &Outline<'_>, is_valid: bool) {
        self.traffic.add(outline, is_valid);
        if is_valid {
            self.coverage.count(outline);
        }
        self.profile.observe(record, outline, Validity::from(is_valid));
    }

    /// Returns the counts.
    pub fn finish(self) -> OverviewCounts {
        let Self { traffic, coverage, profile } = self;
        OverviewCounts { traffic: traffic.finish(), coverage, profile: profile.finish() }
    }
}

impl Default for OverviewCounts {
    fn default() -> Self {
        OverviewCollector::new().finish()
    }
}

impl OverviewCounts {
    /// Adds what another collector has counted.
    pub fn merge(&mut self, other: Self) {
        self.traffic.append(other.traffic);
        self.coverage.merge(&other.coverage);
        self.profile.merge(other.profile);
    }

    /// Compares with the schema, and with an earlier profile if there is one.
    pub fn finish(self, earlier: Option<EarlierProfile>, masking: Masking) -> Overview {
        let Self { traffic, coverage, mut profile } = self;
        if masking == Masking::Masked {
            profile.mask();
        }
        let before = earlier.as_ref().map(|earlier| &earlier.profile);
        let drift = compare(&profile, &SCHEMA, before);
        Overview {
            traffic,
            coverage: CoverageReport::new(&coverage, &[], &[]),
            drift: DriftOverview {
                drift,
                against: earlier.map(|earlier| earlier.name),
                records: profile.records,
            },
        }
    }
}
