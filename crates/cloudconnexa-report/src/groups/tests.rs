//! Tests of grouping.

use std::sync::Arc;

use cloudconnexa_validator::rules::RULES;
use cloudconnexa_validator::{Position, Severity, Span, Text};

use super::input::MAX_GROUPS;
use super::{Elsewhere, FindingGroup, FindingGroups, GroupDetails, GroupKey, InputFindings};
use crate::fingerprint::Fingerprint;

fn span(line: u64) -> Span {
    let at = Position { offset: line, line, column: 1 };
    Span { start: at, end: at }
}

fn add(file: &mut InputFindings, which: u64, line: u64) {
    let severity = if which.is_multiple_of(3) { Severity::Error } else { Severity::Warning };
    let fingerprint = Fingerprint(u128::from(which.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let key = GroupKey::new(RULES[0], severity, fingerprint);
    file.add(key, 0, span(line), || GroupDetails {
        rule: RULES[0],
        severity,
        event: None,
        pointer: String::new(),
        key: which.to_string(),
        text: Text::default(),
    });
}

/// However an input is divided, the groups are the same, and every finding is counted.
#[test]
fn parts_add_up_to_the_whole() {
    let findings: Vec<u64> = (0..9000_u64).map(|n| n.wrapping_mul(2_654_435_761) % 3000).collect();
    let input: Arc<str> = "a".into();
    let collect = |size: usize| {
        let mut whole = InputFindings::new(&input);
        for (part, findings) in findings.chunks(size).enumerate() {
            let mut file = InputFindings::new(&input);
            for (nth, which) in findings.iter().enumerate() {
                add(&mut file, *which, (part * size + nth) as u64);
            }
            whole.append(file);
        }
        whole
    };
    let whole = collect(findings.len());
    let total = |file: &InputFindings| {
        file.groups.values().map(FindingGroup::count).sum::<u64>() + file.ungrouped.values().sum::<u64>()
    };
    assert_eq!((whole.groups.len(), total(&whole)), (MAX_GROUPS, 9000));
    for size in [1, 10, 997, 4000] {
        let parts = collect(size);
        assert_eq!(format!("{:?}", parts.groups), format!("{:?}", whole.groups));
        assert_eq!(parts.ungrouped, whole.ungrouped);
    }
}

#[test]
fn a_report_lists_every_group_before_any_twice() {
    let mut groups = FindingGroups::default();
    for file in 0..40 {
        let input: Arc<str> = format!("{file}.json").into();
        let mut file = InputFindings::new(&input);
        for line in 0..7 {
            add(&mut file, 3, line);
        }
        add(&mut file, 1, 9);
        groups.add(file);
    }
    let all = groups.entries(1000);
    assert_eq!((all.list.len(), all.left_out), (50, 0));
    assert_eq!(all.list[0].more(), "; 6 more like it in this file, such as on lines 1, 2, 3, 4");
    assert_eq!(all.list[24].elsewhere(), Elsewhere { findings: 15 * 7, inputs: 15 });
    assert_eq!(all.list[25].more(), "");
    assert_eq!(all.list[49].more(), "; 15 more in 15 other files");
    let kinds = groups.kinds(1000);
    let totals: Vec<_> =
        kinds.list.iter().map(|entry| (entry.input(), entry.inputs(), entry.total())).collect();
    assert_eq!((&totals[..], kinds.left_out), (&[("0.json", 40, 280), ("0.json", 40, 40)][..], 0));
    let one = groups.kinds(1);
    assert_eq!((one.list.len(), one.left_out), (1, 40));
    let few = groups.entries(26);
    assert_eq!((few.list.len(), few.left_out), (26, 24));
    assert_eq!(few.list[25].key().severity(), Severity::Warning);
}
