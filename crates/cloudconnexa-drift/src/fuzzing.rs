//! What fuzz targets call, in `fuzz/`; it panics where something does not hold that must. `cargo test` calls it with all
//! seeds.

#![allow(clippy::missing_panics_doc, reason = "that is how it tells")]

use std::sync::LazyLock;

use crate::hash::hash;
use crate::{Known, Profile, compare, propose};

static KNOWN: LazyLock<Known> = LazyLock::new(Known::built_in);

/// What comes in front of the checksum of a profile.
const CHECK: &str = ",\n  \"check\": \"";

/// A profile, as it lies there, and with a checksum that is right, which bytes by chance never have.
pub fn profile(bytes: &[u8]) {
    file(bytes);
    let text = String::from_utf8_lossy(bytes);
    let front = text.rsplit_once(CHECK).map_or(&*text, |(front, _)| front);
    file(format!("{front}{CHECK}{:016x}\"\n}}\n", hash(front.as_bytes())).as_bytes());
}

/// It is refused with a word on why, or written as what is read again, merged, masked and compared.
fn file(bytes: &[u8]) {
    let profile = match Profile::from_text(bytes) {
        Ok(profile) => profile,
        Err(told) => return assert!(!told.to_string().is_empty()),
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
            let _ = finding.found();
        }
    }
    let proposal = propose(cloudconnexa_events::SCHEMA, &profile, |_| true).expect("our own schema");
    let _ = proposal.diff("schema.json");
}

/// A schema that somebody compares with: it is refused with a word on why, or can be compared with and changed.
pub fn schema(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let known = match Known::parse(text) {
        Ok(known) => known,
        Err(told) => return assert!(!told.to_string().is_empty()),
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

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "seeds are files")]
mod tests {
    use std::fs;
    use std::path::Path;

    fn hold(target: fn(&[u8]), folder: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(folder);
        let mut seeds = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            let held = std::panic::catch_unwind(|| target(&bytes));
            assert!(held.is_ok(), "{} does not hold, as is said above", path.display());
            seeds += 1;
        }
        assert!(seeds > 0);
    }

    #[test]
    fn seeds_of_profiles_hold() {
        hold(super::profile, "profile");
    }

    #[test]
    fn seeds_of_schemas_hold() {
        hold(super::schema, "schema");
    }
}
