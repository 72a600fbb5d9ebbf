//! Coverage: which parts of the schema events exercise, and whether that is enough.

mod class;
mod human;
mod json;
mod labels;
mod lcov;
mod minimum;
mod report;
mod run;
mod share;

pub use class::PointClass;
#[cfg(feature = "schemars")]
pub use json::schema as json_schema;
pub(crate) use labels::{field_label, missing_label};
pub use minimum::{HEADER, Minimum, MinimumScope};
pub use report::{CoverageGroup, CoverageReport, MinimumResult, PointCount};
pub use run::{CoverageFormat, CoverageResults};
pub use share::{ParsePercentError, Percent, Share};
