//! How events differ from what is known: what the command line asks for, and how it is told.

mod args;
mod human;
mod json;
mod lens;

pub(crate) use args::{DriftArgs, FormatName, ProposeFormat};
pub(crate) use human::{render as human, share};
pub(crate) use json::{Subject, profile_schema, render as json, schema as json_schema};
pub(crate) use lens::ProfileCollector;

use std::path::Path;

use cloudconnexa_drift::Profile;

/// Reads a profile; says in a sentence why that is not possible.
pub(crate) fn read_profile(path: &Path) -> Result<Profile, String> {
    let bytes = std::fs::read(path)
        .map_err(|error| format!("cannot read the profile `{}`: {error}", path.display()))?;
    Profile::from_text(&bytes).map_err(|problem| format!("`{}` {problem}", path.display()))
}
