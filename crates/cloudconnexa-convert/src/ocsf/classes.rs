//! The columns of the classes that events become.

use cloudconnexa_validator::view::EventView;

use super::OcsfVersion;
use crate::generated::mappings::{CLASSES_1_1, CLASSES_1_8};

/// A class that events become, with everything that [`Ocsf`](super::Ocsf) may write for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Class {
    /// Its number, such as 4014.
    pub uid: u32,
    /// Its caption, such as `Tunnel Activity`.
    pub name: &'static str,
    /// All of its attributes that the output may have. `unmapped` is JSON as text.
    pub columns: &'static [Column],
}

/// An attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// The type of its values.
    pub kind: ColumnType,
}

impl Column {
    pub(crate) const fn new(name: &'static str, kind: ColumnType) -> Self {
        Self { name, kind }
    }
}

/// The type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnType {
    /// A text.
    String,
    /// A signed 32-bit integer.
    Int,
    /// A signed 64-bit integer.
    Long,
    /// `true` or `false`.
    Boolean,
    /// Milliseconds since the Unix epoch.
    TimestampMillis,
    /// An object with these attributes.
    Struct(&'static [Column]),
    /// An array of such values.
    List(&'static ColumnType),
}

/// Returns the classes that events become, by number.
#[must_use]
pub fn classes(version: OcsfVersion) -> &'static [Class] {
    match version {
        OcsfVersion::V1_1 => CLASSES_1_1,
        OcsfVersion::V1_8 => CLASSES_1_8,
    }
}

/// Returns the number of the class that an event becomes: one of [`classes`].
#[must_use]
pub fn class_uid(version: OcsfVersion, event: &EventView<'_>) -> u32 {
    version.plan(event).map_or(0, |plan| plan.class_uid)
}
