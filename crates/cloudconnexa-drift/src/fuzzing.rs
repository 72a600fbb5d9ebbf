//! The functions that the fuzz targets in `fuzz/` call; they panic if a property does not hold. `cargo test` calls them with all
//! seeds.

#![allow(clippy::missing_panics_doc, reason = "a panic is how they report")]

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use crate::hash::hash;
use crate::{Known, Profile, compare, propose};

static KNOWN: LazyLock<Known> = LazyLock::new(Known::built_in);

/// The text before the checksum of a profile.
const CHECK: &str = ",\n  \"check\": \"";

/// Checks a profile as it is, and with a correct checksum, which random bytes never have.
pub fn profile(bytes: &[u8]) {
    check_profile(bytes);
    let text = String::from_utf8_lossy(bytes);
    let checked = text.rsplit_once(CHECK).map_or(&*text, |(checked, _)| checked);
    check_profile(format!("{checked}{CHECK}{:016x}\"\n}}\n", hash(checked.as_bytes())).as_bytes());
}

/// A profile is refused with a reason, or it can be written and read again, merged, masked and compared.
fn check_profile(bytes: &[u8]) {
    let profile = match Profile::from_text(bytes) {
        Ok(profile) => profile,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let text = profile.to_text();
    assert_eq!(Profile::from_text(text.as_bytes()).as_ref(), Ok(&profile));
    let mut masked = profile.clone();
    masked.mask();
    assert_eq!(Profile::from_text(masked.to_text().as_bytes()).as_ref(), Ok(&masked));
    let mut merged = profile.clone();
    merged.merge(profile.clone());
    let mut other = masked.clone();
    other.merge(merged.clone());
    for before in [None, Some(&profile), Some(&merged), Some(&other)] {
        for finding in compare(&profile, &KNOWN, before).findings {
            assert!(!finding.message().is_empty() && !finding.remedy().is_empty());
            let _ = finding.found_types();
        }
    }
    let proposal = propose(cloudconnexa_events::SCHEMA, &profile, |_| true).expect("our own schema");
    let _ = proposal.diff("schema.json");
}

/// A schema to compare with is refused with a reason, or it can be compared with and changed.
pub fn schema(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let known = match Known::parse(text) {
        Ok(known) => known,
        Err(error) => {
            assert!(!error.to_string().is_empty() && !error.problems().is_empty());
            let document = cloudconnexa_schema::Document::parse(text);
            let is_located =
                |pointer: &str| document.as_ref().is_ok_and(|it| it.locate_nearest(pointer).is_some());
            assert!(document.is_err() || error.problems().iter().all(|problem| is_located(&problem.pointer)));
            return;
        }
    };
    let profile = Profile::default();
    let drift = compare(&profile, &known, None);
    assert!(drift.findings.iter().all(|finding| !finding.message().is_empty()));
    let proposal = propose(text, &profile, |_| true).expect("it was read before");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(proposal.patch()).map(|patch| patch.is_array()).ok(),
        Some(true)
    );
    let _ = proposal.diff("schema.json");
}
