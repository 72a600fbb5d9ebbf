//! Classes of points that need not count.

use cloudconnexa_validator::coverage::Point;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A class of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Class {
    /// Fields that the vendor has announced to remove
    Deprecated,
    /// Values, fields and events that the schema does not know
    Open,
    /// Fields and values that have never been observed, but are likely
    Inferred,
}

impl Class {
    /// Returns whether a point is of this class.
    pub(crate) fn has(self, point: &Point) -> bool {
        match self {
            Self::Deprecated => point.is_deprecated(),
            Self::Open => point.is_open(),
            Self::Inferred => point.is_inferred(),
        }
    }
}
