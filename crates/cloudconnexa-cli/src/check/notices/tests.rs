//! Notices with the same hash are told apart.

use cloudconnexa_report::{Fingerprint, GroupKey};
use cloudconnexa_validator::rules::RULES;
use cloudconnexa_validator::{FastCheck, Notice, Severity, Validator};

use super::{KnownNotice, KnownNotices, notice_hash};

fn record(field: &str) -> String {
    let event = include_str!("../../../../../tests/corpus/documented/test-message-v1.json");
    event.replacen('{', &format!("{{\"{field}\": 1,"), 1)
}

#[test]
fn a_notice_with_the_hash_of_another_is_not_known() {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let (one, other) = (record("region"), record("tenant"));
    let FastCheck::Valid(accepted) = checker.fast_check(one.as_bytes()) else { panic!("it is valid") };
    let notice = accepted.notices()[0];
    let name = "test-message";
    let group = GroupKey::new(RULES[0], Severity::Warning, Fingerprint::new("", "", None, "", ""));
    let mut known = KnownNotices::default();
    let value = one.as_bytes()[notice.range()].into();
    let entry = KnownNotice { event: name.into(), kind: notice.kind(), value, group };
    let hash = notice_hash(name, &notice, one.as_bytes());
    known.all.insert(hash, entry);
    assert_eq!(known.get(hash, name, &notice, one.as_bytes()), Some(group));

    // As if the other field had the same hash, and as if the other event had.
    let entry = known.all.drain().next().expect("there is one").1;
    let hash = notice_hash(name, &notice, other.as_bytes());
    known.all.insert(hash, entry);
    assert_eq!(known.get(hash, name, &notice, other.as_bytes()), None);
    let entry = known.all.drain().next().expect("there is one").1;
    let hash = notice_hash("other-event", &notice, one.as_bytes());
    known.all.insert(hash, entry);
    assert_eq!(known.get(hash, "other-event", &notice, one.as_bytes()), None);

    // As if a notice of another kind, with the same event and value, had.
    let mut entry = known.all.drain().next().expect("there is one").1;
    let renamed = one.replace(name, "other-event");
    let FastCheck::Valid(accepted) = checker.fast_check(renamed.as_bytes()) else { panic!("it is valid") };
    let other_kind = accepted.notices().iter().map(Notice::kind).find(|kind| *kind != notice.kind());
    entry.kind = other_kind.expect("the event is unknown");
    let hash = notice_hash(name, &notice, one.as_bytes());
    known.all.insert(hash, entry);
    assert_eq!(known.get(hash, name, &notice, one.as_bytes()), None);
}
