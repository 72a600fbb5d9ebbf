//! Events that this version does not know.

use crate::fields::Fields;

/// An event that this version does not know, with all its fields.
///
/// Audit events are an example: there are many of them, and none is documented. [`audit`](Self::audit) reads what is known
/// of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[non_exhaustive]
pub struct UnknownEvent {
    /// The name of the event.
    #[serde(rename = "eventName")]
    pub event_name: String,
    /// The fields of its `log`, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<Fields>,
}
