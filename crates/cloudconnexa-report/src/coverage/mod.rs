//! Coverage: which parts of the schema events exercise, and whether that is enough.

mod class;
mod format;
mod human;
mod json;
mod labels;
mod lcov;
mod minimum;
mod report;
mod results;
mod share;

pub use class::PointClass;
pub use format::CoverageFormat;
#[cfg(feature = "schemars")]
pub use json::schema as json_schema;
pub(crate) use labels::{field_label, missing_label};
pub use minimum::{HEADER, Minimum, MinimumScope};
pub use report::{CoverageGroup, CoverageReport, MinimumResult, PointCount};
pub use results::CoverageResults;
pub use share::{ParsePercentError, Percent, Share};
