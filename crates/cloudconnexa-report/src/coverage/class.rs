//! Classes of points that can be left out.

use cloudconnexa_validator::coverage::Point;
#[cfg(feature = "schemars")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

// The comments on the variants are descriptions in the JSON Schema and in the help of `ccxlog`.

/// A kind of points that can be left out of the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Class"))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PointClass {
    /// Fields that the vendor has announced to remove
    Deprecated,
    /// Values, fields and events that the schema does not know
    Open,
    /// Fields and values that have never been observed, but are likely
    Inferred,
}

impl PointClass {
    /// All classes.
    pub const ALL: &'static [Self] = &[Self::Deprecated, Self::Open, Self::Inferred];

    /// Returns the name: `deprecated`, `open` or `inferred`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deprecated => "deprecated",
            Self::Open => "open",
            Self::Inferred => "inferred",
        }
    }

    /// Describes the class in a line.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Deprecated => "Fields that the vendor has announced to remove",
            Self::Open => "Values, fields and events that the schema does not know",
            Self::Inferred => "Fields and values that have never been observed, but are likely",
        }
    }

    /// Whether a point is of this class.
    pub fn contains(self, point: &Point) -> bool {
        match self {
            Self::Deprecated => point.is_deprecated(),
            Self::Open => point.is_open(),
            Self::Inferred => point.is_inferred(),
        }
    }
}
