//! What must hold of a baseline, whatever stands in it.

use super::{Baseline, Draft};

/// It is refused in a sentence, or knows what stands in it, and is written as what is read again.
pub(crate) fn baseline(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let baseline = match Baseline::parse(text) {
        Ok(baseline) => baseline,
        Err(told) => return assert!(!told.is_empty()),
    };
    let mut sum = 0_u64;
    for entry in &baseline.entries {
        let fingerprint = entry.fingerprint();
        assert!(baseline.has(fingerprint));
        assert_eq!(baseline.count(fingerprint), entry.count);
        sum += entry.count;
    }
    let draft = Draft { entries: baseline.entries.clone(), is_too_long: false };
    let (again, count) = draft.finish().expect("a text");
    assert_eq!(count, sum);
    let again = Baseline::parse(&again).expect("what was written");
    let mut entries = baseline.entries;
    entries.sort();
    assert_eq!(again.entries, entries);
}
