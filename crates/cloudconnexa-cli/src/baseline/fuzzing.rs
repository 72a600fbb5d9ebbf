//! Properties of baselines, whatever bytes the file has.

use super::{Baseline, BaselineBuilder};

/// A baseline is refused with a message, or all its entries are found, and writing it again loses nothing.
pub(crate) fn baseline(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let baseline = match Baseline::parse(text) {
        Ok(baseline) => baseline,
        Err(message) => return assert!(!message.is_empty()),
    };
    let mut sum = 0_u64;
    for entry in &baseline.entries {
        let fingerprint = entry.fingerprint();
        assert!(baseline.contains(fingerprint) && baseline.files.contains(&entry.file));
        assert_eq!(baseline.count(fingerprint), entry.count);
        sum += entry.count;
    }
    let builder = BaselineBuilder { entries: baseline.entries.clone(), ..BaselineBuilder::default() };
    let (again, count) = builder.finish().expect("a text");
    assert_eq!(count, sum);
    let again = Baseline::parse(&again).expect("what was written");
    let mut entries = baseline.entries;
    entries.sort();
    assert_eq!(again.entries, entries);
}
