//! Collects an overview from records.

use std::sync::LazyLock;

use cloudconnexa_drift::{Collector, Drift, Known, Profile, Validity, compare};
use cloudconnexa_validator::coverage::Coverage;
use cloudconnexa_validator::outline::Outline;
use cloudconnexa_validator::sessions::{ConnectionLimits, ConnectionSpans, Connections, DEAD_AFTER};

use super::traffic::{Traffic, TrafficCollector};
use crate::coverage::CoverageReport;
use crate::masking::Masking;

/// A collector has at most this many events of sessions when it is asked for them.
const MAX_OWN_CONNECTIONS: usize = 1 << 12;

static SCHEMA: LazyLock<Known> = LazyLock::new(Known::built_in);

/// The parts of the HTML page other than findings.
#[derive(Debug)]
#[non_exhaustive]
pub struct Overview {
    /// Events and sessions over time.
    pub traffic: Traffic,
    /// Who was connected when.
    pub connections: ConnectionOverview,
    /// Coverage of the schema.
    pub coverage: CoverageReport,
    /// Differences from the schema and the earlier profile.
    pub drift: DriftOverview,
}

/// Who was connected when, as far as that is known.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConnectionOverview {
    /// It is known exactly.
    Known(ConnectionSpans),
    /// There are more sessions or users than are kept.
    TooMany,
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
    connections: Connections,
    limits: ConnectionLimits,
    coverage: Coverage,
    profile: Collector,
}

/// The counts of an [`OverviewCollector`].
#[derive(Debug)]
pub struct OverviewCounts {
    traffic: Traffic,
    connections: Connections,
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
        Self::with_limits(ConnectionLimits::default())
    }

    /// Creates a collector that keeps at most this much of connections.
    pub fn with_limits(limits: ConnectionLimits) -> Self {
        Self {
            traffic: TrafficCollector::new(),
            connections: Connections::new(limits),
            limits,
            coverage: Coverage::default(),
            profile: Collector::new(),
        }
    }

    /// Counts a record that is not an event; `kind` says what it is.
    pub fn add_other(&mut self, outline: &Outline<'_>, kind: &str) {
        self.traffic.add(outline, false);
        self.profile.observe_other(kind);
    }

    /// Counts a record; `is_valid` if none of its findings is an error.
    pub fn add(&mut self, record: &[u8], outline: &Outline<'_>, is_valid: bool) {
        self.traffic.add(outline, is_valid);
        // What says neither which session it is about nor when is of no use here.
        let _ = self.connections.observe(outline);
        if is_valid {
            self.coverage.count(outline);
        }
        self.profile.observe(record, outline, Validity::from(is_valid));
    }

    /// Returns what it has of connections if that is much, and starts anew. Give it to
    /// [`OverviewCounts::merge_connections`], so that memory does not depend on the number of threads.
    pub fn take_connections(&mut self) -> Option<Connections> {
        let is_much = self.connections.is_full() || self.connections.len() >= MAX_OWN_CONNECTIONS;
        is_much.then(|| std::mem::replace(&mut self.connections, Connections::new(self.limits)))
    }

    /// Returns the counts.
    pub fn finish(self) -> OverviewCounts {
        let Self { traffic, connections, coverage, profile, .. } = self;
        OverviewCounts { traffic: traffic.finish(), connections, coverage, profile: profile.finish() }
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
        self.connections.append(other.connections);
        self.coverage.merge(&other.coverage);
        self.profile.merge(other.profile);
    }

    /// Adds what a collector had of connections.
    pub fn merge_connections(&mut self, connections: Connections) {
        self.connections.append(connections);
    }

    /// Compares with the schema, and with an earlier profile if there is one.
    pub fn finish(self, earlier: Option<EarlierProfile>, masking: Masking) -> Overview {
        let Self { traffic, connections, coverage, mut profile } = self;
        if masking == Masking::Masked {
            profile.mask();
        }
        let before = earlier.as_ref().map(|earlier| &earlier.profile);
        let drift = compare(&profile, &SCHEMA, before);
        Overview {
            traffic,
            connections: match connections.finish(DEAD_AFTER) {
                Ok(spans) => ConnectionOverview::Known(spans),
                Err(_) => ConnectionOverview::TooMany,
            },
            coverage: CoverageReport::new(&coverage, &[], &[]),
            drift: DriftOverview {
                drift,
                against: earlier.map(|earlier| earlier.name),
                records: profile.records,
            },
        }
    }
}
