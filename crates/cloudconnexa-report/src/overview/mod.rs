//! The parts of the HTML page other than findings: traffic over time, connections, coverage of the schema, and drift.

mod collector;
mod timeline;
mod traffic;

pub use collector::{
    ConnectionOverview, DriftOverview, EarlierProfile, Overview, OverviewCollector, OverviewCounts,
};
pub use timeline::{TimeBucket, TimeWindow, Timeline};
pub use traffic::{DisconnectReasons, Traffic};
