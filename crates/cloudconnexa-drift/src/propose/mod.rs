//! Drafts the change to a schema that describes what was observed.
//!
//! Differences that the schema cannot express, because no types could be generated from it (a field that is a number here
//! and a string there, a list, a name that Rust does not have), go into `x-unmodelled` and `x-known-values`: known to occur, and not described.

mod diff;
mod draft;
mod field;
mod names;
mod patch;

use cloudconnexa_schema::SchemaError;

use crate::compare::{Finding, FindingKind, compare};
use crate::known::Known;
use crate::profile::Profile;
use draft::Draft;
use patch::PatchedDocument;

/// A change to a schema.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Proposal {
    old: String,
    new: String,
    patch: String,
    /// The differences that no change to the schema describes, each as a sentence with the reason.
    pub unresolved: Vec<String>,
}

impl Proposal {
    /// Returns whether there is nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patch == "[]\n"
    }

    /// Returns the change as a JSON Patch (RFC 6902).
    #[must_use]
    pub fn patch(&self) -> &str {
        &self.patch
    }

    /// Returns the change as a unified diff of the text, in which the file is called `name`.
    #[must_use]
    pub fn diff(&self, name: &str) -> String {
        if self.is_empty() { String::new() } else { diff::unified(&self.old, &self.new, name) }
    }

    /// Returns the text of the schema with the change applied.
    #[must_use]
    pub fn schema(&self) -> &str {
        if self.is_empty() { &self.old } else { &self.new }
    }
}

/// Drafts the change to `schema` after which the contents of `profile` are not drift any more.
///
/// Only kinds of differences for which `includes` returns true are considered. For a masked profile, no new values are proposed.
///
/// # Errors
///
/// Returns an error if [`Known::parse`] does for `schema`.
pub fn propose(
    schema: &str,
    profile: &Profile,
    includes: impl Fn(FindingKind) -> bool,
) -> Result<Proposal, SchemaError> {
    let known = Known::parse(schema)?;
    let findings: Vec<Finding> = compare(profile, &known, None)
        .findings
        .into_iter()
        .filter(|finding| includes(finding.kind))
        .collect();
    let document = PatchedDocument::new(known.schema().document().root().clone());
    let mut draft = Draft::new(document, &known, profile);
    for finding in &findings {
        draft.describe(finding);
    }
    draft.undescribe_empty_logs();
    draft.remove_unused_definitions();
    let Draft { document, unresolved, .. } = draft;
    Ok(Proposal {
        old: schema.to_owned(),
        new: document.json.to_pretty_string(),
        patch: document.patch(),
        unresolved,
    })
}
