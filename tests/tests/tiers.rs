//! Tests that the fast tier accepts only what the explaining tier finds valid, and notices what that one warns about.
//!
//! `CCX_SEED` and `CCX_CASES` choose another run; a failure prints the seed and the record.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read the environment")]

use std::collections::BTreeSet;

use cloudconnexa_sample::{Options, Sample, Spelling};
use cloudconnexa_validator::outline::{Field, Member, Outline};
use cloudconnexa_validator::rules::{RULES, Rule};
use cloudconnexa_validator::{
    Checker, FastCheck, Finding, Notice, Position, Report, Severity, Subject, Validator, semantics,
};
use workspace_tests::mutate::{Random, mutate, seeds};
use workspace_tests::{samples, setting};

/// Valid samples that the fast tier does not decide, each because of a spelling that real events do not have.
const UNDECIDED: &[&str] = &["timestamps-of-every-spelling", "integers-written-as-floats"];

/// Both ways of scanning, and the explaining tier.
struct Tiers<'v> {
    validator: &'v Validator,
    native: Checkers<'v>,
    portable: Checkers<'v>,
}

/// One checker per question: a checker that has seen a record scans it differently the next time.
struct Checkers<'v> {
    fast: Checker<'v>,
    is_valid: Checker<'v>,
    outline: Checker<'v>,
    check: Checker<'v>,
}

impl<'v> Checkers<'v> {
    fn new(checker: impl Fn() -> Checker<'v>) -> Self {
        Self { fast: checker(), is_valid: checker(), outline: checker(), check: checker() }
    }
}

impl<'v> Tiers<'v> {
    fn new(validator: &'v Validator) -> Self {
        let portable = Checkers::new(|| validator.portable_checker());
        Self { validator, native: Checkers::new(|| validator.checker()), portable }
    }

    /// Returns whether the fast tier decides, and whether the record is valid. Fails if the tiers differ.
    fn agree(&mut self, record: &[u8]) -> (bool, bool) {
        // An allocation of the exact size, so that reads past the end do not go unnoticed.
        let record: Box<[u8]> = record.into();
        let expected = self.validator.check(&record, Position::START);
        let decided = agrees(self.native.fast.fast_check(&record), &record, &expected);
        let portable = agrees(self.portable.fast.fast_check(&record), &record, &expected);
        assert_eq!(decided, portable, "the ways of scanning differ: {}", shown(&record));
        let are_valid = [
            self.native.is_valid.is_valid(&record),
            self.portable.is_valid.is_valid(&record),
            self.validator.is_valid(&record),
        ];
        assert_eq!(are_valid, [expected.is_valid(); 3], "yes or no: {}", shown(&record));
        for checkers in [&mut self.native, &mut self.portable] {
            let report = checkers.check.check(&record, Position::START);
            // Otherwise the reports are equal.
            if decided {
                assert_eq!(format!("{report:?}"), format!("{expected:?}"), "{}", shown(&record));
            }
            let made = match checkers.outline.fast_check_with_outline(&record) {
                FastCheck::Valid(accepted) => {
                    Some(outline(&accepted.outline(&record).expect("it was asked for")))
                }
                FastCheck::Undecided => None,
            };
            assert_eq!(made.is_some(), decided, "decided where an outline is made: {}", shown(&record));
            if made.is_some() {
                let parsed = checkers.fast.outline(&record).expect("what is valid is an object");
                assert_eq!(made, Some(outline(&parsed)), "{}", shown(&record));
            }
        }
        (decided, expected.is_valid())
    }
}

fn shown(record: &[u8]) -> String {
    format!("{}\n{record:?}", String::from_utf8_lossy(record))
}

/// Returns everything in an outline, sorted: a `log` before the name of its event may come after the header.
fn outline(outline: &Outline<'_>) -> (Option<&'static str>, Option<String>, Vec<String>) {
    let member = |member: Member<'_>| {
        let field = match member.field {
            Field::Known { index, spec } => format!("{index} {}", spec.name),
            other => format!("{other:?}"),
        };
        let (name, value) = (member.name(), member.value());
        format!("{:?} {field} {name} {:?} {:?} {value:?}", member.scope, member.key, member.range)
    };
    let mut members: Vec<String> = outline.members().map(member).collect();
    members.sort_unstable();
    (outline.event().map(|event| event.name), outline.name().map(Into::into), members)
}

fn agrees(checked: FastCheck<'_>, record: &[u8], expected: &Report) -> bool {
    let FastCheck::Valid(accepted) = checked else { return false };
    assert!(expected.is_valid(), "said to be valid: {}\n{:#?}", shown(record), expected.findings);
    let name = str::from_utf8(&record[accepted.name()]).unwrap();
    match (&expected.subject, accepted.event()) {
        (Subject::Known(event), Some(known)) => assert_eq!((event.name, event.name), (known.name, name)),
        (Subject::Unknown(event), None) => assert_eq!(event, name),
        (subject, event) => panic!("{subject:?} is said to be {event:?}: {}", shown(record)),
    }
    let same = |(notice, finding): (&Notice, &Finding)| {
        let [start, end] = [finding.span().start, finding.span().end].map(|at| usize::try_from(at.offset));
        let span = start.unwrap()..end.unwrap();
        notice.rule() == finding.rule() && notice.range() == span
    };
    let notices = accepted.notices();
    assert!(
        notices.len() == expected.findings.len() && notices.iter().zip(&expected.findings).all(same),
        "noticed {notices:?}, but expected {:#?} in {}",
        expected.findings,
        shown(record)
    );
    assert!(expected.findings.iter().all(|finding| finding.severity() < Severity::Error));
    if !notices.is_empty() {
        assert_eq!(accepted.findings(record, Position::START), expected.findings);
    }
    true
}

#[test]
fn tiers_agree_over_the_corpus() {
    let validator = Validator::new();
    let mut tiers = Tiers::new(&validator);
    let mut undecided = Vec::new();
    let mut noticed = BTreeSet::new();
    for sample in samples("") {
        let (decided, is_valid) = tiers.agree(&sample.bytes);
        if let FastCheck::Valid(accepted) = tiers.native.fast.fast_check(&sample.bytes) {
            noticed.extend(accepted.notices().iter().map(|notice| notice.rule().id));
        }
        if is_valid && !decided {
            undecided.push(sample.name);
        }
    }
    assert_eq!(undecided, UNDECIDED);
    // Everything but errors is noticed. Neither tier checks rules beyond the schema, or sees an input without a record,
    // and some hints come with errors only.
    let is_beyond = |rule: &'static Rule| {
        let is_elsewhere = matches!(rule.id, "empty-input" | "null-filled");
        semantics::is_record_rule(rule) || semantics::is_stream_rule(rule) || is_elsewhere
    };
    let all =
        RULES.iter().filter(|rule| rule.severity < Severity::Error && !is_beyond(rule)).map(|rule| rule.id);
    assert_eq!(noticed, all.collect());
}

#[test]
fn tiers_agree_over_every_prefix_of_the_corpus() {
    let validator = Validator::new();
    let mut tiers = Tiers::new(&validator);
    for sample in ["documented", "noticed", "valid"].into_iter().flat_map(samples) {
        for end in 0..sample.bytes.len() {
            let prefix: Box<[u8]> = sample.bytes[..end].into();
            for checker in [&mut tiers.native.fast, &mut tiers.portable.fast] {
                if let FastCheck::Valid(_) = checker.fast_check(&prefix) {
                    assert!(validator.check(&prefix, Position::START).is_valid(), "{}", shown(&prefix));
                }
            }
        }
    }
}

/// A `log` that comes first is checked as that of the name that seems to follow. It may be a name inside the `log`.
#[test]
fn tiers_agree_over_a_log_with_the_name_of_another_event() {
    let validator = Validator::new();
    let mut tiers = Tiers::new(&validator);
    let mut verdicts = BTreeSet::new();
    for sample in samples("documented") {
        let mut event: serde_json::Value = serde_json::from_slice(&sample.bytes).unwrap();
        let Some(mut log) = event.as_object_mut().unwrap().remove("log") else { continue };
        log["x"] = serde_json::json!({"eventName": event["eventName"]});
        let mut without_first = log.clone();
        let first = log.as_object().unwrap().keys().next().unwrap();
        without_first.as_object_mut().unwrap().remove(first);
        for other in ["client-disconnected", "domain-blocked", "log-stream-started", "of-tomorrow"] {
            event["eventName"] = other.into();
            for log in [&log, &without_first] {
                let record = format!("{{\"log\":{log},{}", &event.to_string()[1..]);
                verdicts.insert(tiers.agree(record.as_bytes()));
            }
        }
    }
    assert!(verdicts.is_superset(&[(true, true), (false, false)].into()), "{verdicts:?}");
}

/// If keys come in no order, strings are checked after the last key.
#[test]
fn tiers_agree_over_events_without_order() {
    let seed = setting("CCX_SEED", 0x2025_0910);
    let cases = setting("CCX_CASES", 100_000) / 5;
    println!("CCX_SEED={seed} CCX_CASES={}", 5 * cases);
    let validator = Validator::new();
    let mut tiers = Tiers::new(&validator);
    let mut random = Random::new(seed);
    let options = |invalid, unknown_field, spelling| {
        let options = Options::default().seed(seed).shuffle_keys(true);
        options.invalid(invalid).unknown_field(unknown_field).spelling(spelling)
    };
    let mut kinds = [
        options(0, false, Spelling::Plain),
        options(0, true, Spelling::NonAscii),
        options(0, false, Spelling::Escaped),
        options(1_000_000, false, Spelling::Plain),
    ]
    .map(|options| Sample::new(&options));
    let (mut decided, mut valid) = (0, 0);
    let mut record = Vec::new();
    for _ in 0..cases {
        record.clear();
        let kind = random.below(kinds.len());
        kinds[kind].event(&mut record);
        // Some broken samples are not JSON.
        if kind + 1 < kinds.len() && random.once_in(2) {
            record = mutate(str::from_utf8(&record).unwrap(), &mut random);
        } else if random.once_in(4) {
            let value = ["\"null\"", "\"\"", "\"other\"", "null", "7", "\"::1\""][random.below(6)];
            record = with_another_value(&record, value, &mut random);
        } else if random.once_in(2) {
            record = with_another_field(&record, &mut random);
        }
        let (is_decided, is_valid) = tiers.agree(&record);
        (decided, valid) = (decided + u64::from(is_decided), valid + u64::from(is_valid));
    }
    println!("{decided} of {valid} valid records decided, {cases} in all");
    assert!(valid > cases / 3 && decided > valid * 3 / 4, "{decided} of {valid} valid records decided");
}

/// Restarts the string of one field with `value`.
fn with_another_value(record: &[u8], value: &str, random: &mut Random) -> Vec<u8> {
    let text = str::from_utf8(record).unwrap();
    let starts: Vec<usize> = text.match_indices("\":\"").map(|(at, _)| at + 2).collect();
    let start = starts[random.below(starts.len())];
    let end = start + 2 + text[start + 1..].find('"').unwrap();
    [&text[..start], value, &text[end..]].concat().into_bytes()
}

/// Adds a field whose name and string are about as long as the window of the scanner.
fn with_another_field(record: &[u8], random: &mut Random) -> Vec<u8> {
    let mut length = || [0, 8, 32, 64][random.below(4)] + random.below(9);
    let field = format!("{}\":\"{}\",\"", "n".repeat(length()), "t".repeat(length()));
    let text = str::from_utf8(record).unwrap();
    let starts: Vec<usize> = text.match_indices("\",\"").map(|(at, _)| at + 3).collect();
    let at = starts[random.below(starts.len())];
    [&text[..at], &field, &text[at..]].concat().into_bytes()
}

#[test]
fn tiers_agree_over_mutated_events() {
    let seed = setting("CCX_SEED", 0x2025_0910);
    let cases = setting("CCX_CASES", 100_000);
    println!("CCX_SEED={seed} CCX_CASES={cases}");
    let seeds = seeds();
    let validator = Validator::new();
    let mut tiers = Tiers::new(&validator);
    let mut random = Random::new(seed);
    let (mut decided, mut valid) = (0_u64, 0_u64);
    for _ in 0..cases {
        let record = mutate(&seeds[random.below(seeds.len())], &mut random);
        let (is_decided, is_valid) = tiers.agree(&record);
        (decided, valid) = (decided + u64::from(is_decided), valid + u64::from(is_valid));
    }
    println!("{decided} of {valid} valid records decided, {cases} in all");
    assert!(valid > cases / 10 && decided > valid * 3 / 4, "{decided} of {valid} valid records decided");
}
