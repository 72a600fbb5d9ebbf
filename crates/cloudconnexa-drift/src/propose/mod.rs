//! Drafts the change to a schema that would describe what was seen.
//!
//! What the schema can't say, because types could not be made of it (a field that is a number here and a text there, a list,
//! a name that Rust does not have), goes into `x-unmodelled` and `x-known-values`: known to come, and not described.

mod diff;
mod draft;
mod field;
mod json;
mod names;
mod patch;

use crate::compare::{Finding, FindingKind, compare};
use crate::known::{Known, SchemaError};
use crate::profile::Profile;
use draft::Draft;
use json::Json;
use patch::Edited;

/// A change to a schema.
#[derive(Clone, Debug)]
pub struct Proposal {
    old: String,
    new: String,
    patch: String,
    /// What no change to the schema describes, and why, in a sentence each.
    pub left: Vec<String>,
}

impl Proposal {
    /// Whether there is nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patch == "[]\n"
    }

    /// The change as a JSON Patch (RFC 6902).
    #[must_use]
    pub fn patch(&self) -> &str {
        &self.patch
    }

    /// The change as a unified diff of the text, which is called `name` in it.
    #[must_use]
    pub fn diff(&self, name: &str) -> String {
        if self.is_empty() { String::new() } else { diff::unified(&self.old, &self.new, name) }
    }

    /// The schema with the change in it.
    #[must_use]
    pub fn schema(&self) -> &str {
        if self.is_empty() { &self.old } else { &self.new }
    }
}

/// Drafts the change to `schema` after which what `profile` has is no drift. Of kinds of differences that `wants` refuses nothing
/// is drafted. A profile without values gives no new values.
pub fn propose(
    schema: &str,
    profile: &Profile,
    wants: impl Fn(FindingKind) -> bool,
) -> Result<Proposal, SchemaError> {
    let known = Known::parse(schema)?;
    let json: Json = serde_json::from_str(schema).map_err(|error| SchemaError::not_json(&error))?;
    let findings: Vec<Finding> =
        compare(profile, &known, None).findings.into_iter().filter(|finding| wants(finding.kind)).collect();
    let mut draft = Draft::new(Edited::new(json), &known, profile);
    // First what is there is changed, then what is new comes behind it.
    for finding in &findings {
        draft.describe(finding);
    }
    draft.undescribe_empty();
    draft.remove_unused();
    let Draft { edited, left, .. } = draft;
    Ok(Proposal { old: schema.to_owned(), new: edited.json.pretty(), patch: edited.patch(), left })
}
