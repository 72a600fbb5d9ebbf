//! The versions of the schema that have been released.

#[rustfmt::skip]
#[path = "generated/released.rs"]
mod generated;

pub use generated::RELEASED;

/// A version of the schema that has been released, and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Released {
    /// The version, such as `0.1.0`.
    pub version: &'static str,
    /// The text of the schema. Its `$id` ends with the version.
    pub schema: &'static str,
}

/// Returns a released version.
///
/// ```
/// use cloudconnexa_compat::released;
///
/// let first = released::find("0.1.0").expect("it was the first");
/// assert!(first.schema.contains("urn:cloudconnexa-events:schema:log-event:0.1.0"));
/// assert!(released::find("0.0.1").is_none());
/// ```
#[must_use]
pub fn find(version: &str) -> Option<&'static Released> {
    RELEASED.iter().find(|released| released.version == version)
}
