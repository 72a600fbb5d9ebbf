//! The fast tier says "valid" only where the explaining tier finds no error, and notices what that one warns of.
//!
//! `CCX_SEED` and `CCX_CASES` choose another run; a failure prints the seed and the record.

#![allow(clippy::disallowed_methods, reason = "tests read the environment")]

use std::collections::BTreeSet;

use cloudconnexa_sample::{Options, Sample, Spelling};
use cloudconnexa_validator::outline::{Field, Member, Outline};
use cloudconnexa_validator::rules::RULES;
use cloudconnexa_validator::{
    Checker, Finding, Judgement, Notice, Position, Report, Severity, Subject, Validator, semantics,
};
use workspace_tests::mutate::{Random, mutate};
use workspace_tests::{samples, setting};

/// Valid samples that the fast tier leaves to the other, each for a spelling that real events do not have.
const LEFT: &[&str] = &["timestamps-of-every-spelling", "escaped-keys", "integers-written-as-floats"];

/// Both ways of scanning, and what the explaining tier says.
struct Tiers<'v> {
    validator: &'v Validator,
    native: Asked<'v>,
    portable: Asked<'v>,
}

/// A checker for each question: one that has seen a record goes over it another way the next time.
struct Asked<'v> {
    judge: Checker<'v>,
    is_valid: Checker<'v>,
    outline: Checker<'v>,
    check: Checker<'v>,
}

impl<'v> Asked<'v> {
    fn new(checker: impl Fn() -> Checker<'v>) -> Self {
        Self { judge: checker(), is_valid: checker(), outline: checker(), check: checker() }
    }
}

impl<'v> Tiers<'v> {
    fn new(validator: &'v Validator) -> Self {
        let portable = Asked::new(|| validator.portable_checker());
        Self { validator, native: Asked::new(|| validator.checker()), portable }
    }

    /// Whether the fast tier decides, and whether the record is valid; fails where the tiers differ.
    fn agree(&mut self, record: &[u8]) -> (bool, bool) {
        // Of its exact size, so that nothing behind it can be read unnoticed.
        let record: Box<[u8]> = record.into();
        let expected = self.validator.check(&record, Position::START);
        let decided = agrees(self.native.judge.judge(&record), &record, &expected);
        let portable = agrees(self.portable.judge.judge(&record), &record, &expected);
        assert_eq!(decided, portable, "the ways of scanning differ: {}", shown(&record));
        let verdicts = [
            self.native.is_valid.is_valid(&record),
            self.portable.is_valid.is_valid(&record),
            self.validator.is_valid(&record),
        ];
        assert_eq!(verdicts, [expected.is_valid(); 3], "yes or no: {}", shown(&record));
        for asked in [&mut self.native, &mut self.portable] {
            let report = asked.check.check(&record, Position::START);
            // Otherwise it is the very report.
            if decided {
                assert_eq!(format!("{report:?}"), format!("{expected:?}"), "{}", shown(&record));
            }
            let made = match asked.outline.judge_with_outline(&record) {
                Judgement::Valid(accepted) => {
                    Some(outline(&accepted.outline(&record).expect("it was asked for")))
                }
                Judgement::Undecided => None,
            };
            assert_eq!(made.is_some(), decided, "decided where an outline is made: {}", shown(&record));
            if made.is_some() {
                let parsed = asked.judge.outline(&record).expect("what is valid is an object");
                assert_eq!(made, Some(outline(&parsed)), "{}", shown(&record));
            }
        }
        (decided, expected.is_valid())
    }
}

fn shown(record: &[u8]) -> String {
    format!("{}\n{record:?}", String::from_utf8_lossy(record))
}

/// All that an outline says. A `log` in front of the name of its event may come behind the header, so the order is its own.
fn outline(outline: &Outline<'_>) -> (Option<&'static str>, Option<String>, Vec<String>) {
    let member = |member: Member<'_>| {
        let field = match member.field {
            Field::Known { place, spec } => format!("{place} {}", spec.name),
            other => format!("{other:?}"),
        };
        let (name, value) = (member.name(), member.value());
        format!("{:?} {field} {name} {:?} {:?} {value:?}", member.owner, member.key, member.range)
    };
    let mut members: Vec<String> = outline.members().map(member).collect();
    members.sort_unstable();
    (outline.event().map(|event| event.name), outline.name().map(Into::into), members)
}

fn agrees(judgement: Judgement<'_>, record: &[u8], expected: &Report) -> bool {
    let Judgement::Valid(accepted) = judgement else { return false };
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
fn over_the_corpus() {
    let validator = Validator::new();
    let mut tiers = Tiers::new(&validator);
    let mut left = Vec::new();
    let mut noticed = BTreeSet::new();
    for sample in samples("") {
        let (decided, is_valid) = tiers.agree(&sample.bytes);
        if let Judgement::Valid(accepted) = tiers.native.judge.judge(&sample.bytes) {
            noticed.extend(accepted.notices().iter().map(|notice| notice.rule().id));
        }
        if is_valid && !decided {
            left.push(sample.name);
        }
    }
    assert_eq!(left, LEFT);
    // All that is no error is noticed; what is beyond the schema is no business of either tier.
    let is_beyond = |rule| semantics::is_of_a_record(rule) || semantics::is_of_a_stream(rule);
    let all =
        RULES.iter().filter(|rule| rule.severity < Severity::Error && !is_beyond(rule)).map(|rule| rule.id);
    assert_eq!(noticed, all.collect());
}

#[test]
fn over_every_prefix_of_the_corpus() {
    let validator = Validator::new();
    let mut tiers = Tiers::new(&validator);
    for sample in ["documented", "noticed", "valid"].into_iter().flat_map(samples) {
        for end in 0..sample.bytes.len() {
            let prefix: Box<[u8]> = sample.bytes[..end].into();
            for checker in [&mut tiers.native.judge, &mut tiers.portable.judge] {
                if let Judgement::Valid(_) = checker.judge(&prefix) {
                    assert!(validator.check(&prefix, Position::START).is_valid(), "{}", shown(&prefix));
                }
            }
        }
    }
}

/// Where keys come in no order, texts are judged behind the last of them.
#[test]
fn over_events_without_order() {
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
    let mut sorts = [
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
        let sort = random.below(sorts.len());
        sorts[sort].event(&mut record);
        // Of those that are broken already, some are no JSON.
        if sort + 1 < sorts.len() && random.once_in(2) {
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

/// The record with `value` in one of its fields instead of the text there.
fn with_another_value(record: &[u8], value: &str, random: &mut Random) -> Vec<u8> {
    let text = str::from_utf8(record).unwrap();
    let places: Vec<usize> = text.match_indices("\":\"").map(|(at, _)| at + 2).collect();
    let start = places[random.below(places.len())];
    let end = start + 2 + text[start + 1..].find('"').unwrap();
    [&text[..start], value, &text[end..]].concat().into_bytes()
}

/// The record with another field in it, whose name and text are as long as a look at bytes reaches, or nearly.
fn with_another_field(record: &[u8], random: &mut Random) -> Vec<u8> {
    let mut length = || [0, 8, 32, 64][random.below(4)] + random.below(9);
    let field = format!("{}\":\"{}\",\"", "n".repeat(length()), "t".repeat(length()));
    let text = str::from_utf8(record).unwrap();
    let places: Vec<usize> = text.match_indices("\",\"").map(|(at, _)| at + 3).collect();
    let at = places[random.below(places.len())];
    [&text[..at], &field, &text[at..]].concat().into_bytes()
}

#[test]
fn over_mutated_events() {
    let seed = setting("CCX_SEED", 0x2025_0910);
    let cases = setting("CCX_CASES", 100_000);
    println!("CCX_SEED={seed} CCX_CASES={cases}");
    let seeds: Vec<String> = ["documented", "valid", "noticed"]
        .into_iter()
        .flat_map(samples)
        .map(|sample| String::from_utf8(sample.bytes).unwrap())
        .collect();
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
