//! Drift on the command line: profiles collected during a run or read from files.

use std::path::Path;

use cloudconnexa_drift::Profile;

/// Reads a profile. An error is a sentence.
pub(crate) fn read_profile(path: &Path) -> Result<Profile, String> {
    let bytes = std::fs::read(path)
        .map_err(|error| format!("cannot read the profile `{}`: {error}", path.display()))?;
    Profile::from_text(&bytes).map_err(|problem| format!("`{}` {problem}", path.display()))
}
