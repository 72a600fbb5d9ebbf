//! Masked texts contain nothing of the event: a secret planted in any field stays out of them.

use cloudconnexa_reader::records::{Item, Refused, Splitter};
use cloudconnexa_validator::{Finding, Position, Validator, rules, semantics};

const EXAMPLES: [&str; 3] = [
    include_str!("../../../tests/corpus/documented/client-disconnected-v1.json"),
    include_str!("../../../tests/corpus/valid/flow-established/as-recorded.json"),
    include_str!("../../../tests/corpus/valid/traffic-blocked/as-recorded.json"),
];

/// As text and as digits.
const SECRETS: [&str; 2] = ["Hunter2-Xyzzy", "7319375"];

/// The values to replace each field with: of each type, broken in each way.
const VALUES: [&str; 24] = [
    r#""Hunter2-Xyzzy""#,
    r#"" Hunter2-Xyzzy ""#,
    r#""Hunter2-Xyzzy@example.com""#,
    r#""2023-12-20 10:45:14 Hunter2-Xyzzy""#,
    r#""{\"Hunter2-Xyzzy\": 1}""#,
    r#""Hunter2\u002dXyzzy""#,
    r#""\u0048unter2-Xyzzy\ud800""#,
    r#""7319375""#,
    r#""-7319375""#,
    r#""2023-12-20T10:45:14.7319375""#,
    r#""203.0.113.7319375""#,
    "7319375",
    "-7319375",
    "7319375e30",
    "0.7319375",
    "7319375e999",
    "07319375",
    "[7319375]",
    r#"{"a": "Hunter2-Xyzzy"}"#,
    r#"["Hunter2-Xyzzy", {"b": 7319375e999, "b": 1}]"#,
    "Hunter2-Xyzzy",
    "'Hunter2-Xyzzy'",
    "\"Hunter2-Xyzzy\n\"",
    "\"\\Hunter2-Xyzzy\"",
];

fn assert_masked(finding: &Finding, record: &[u8]) {
    let shown = format!("{:?} {:?}", finding.masked(), finding.key());
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{shown}\n{}", String::from_utf8_lossy(record));
    }
}

/// The fields of an example, each with the text before and after its value.
fn fields(event: &str) -> impl Iterator<Item = (&str, &str)> {
    let places = event.match_indices(": ").map(|(at, _)| at + 2);
    places.filter(|&at| event.as_bytes()[at] != b'{').map(|at| {
        let value = event[at..].find(['\n']).unwrap();
        let value = event[at..at + value].trim_end_matches(',').len();
        (&event[..at], &event[at + value..])
    })
}

/// Records that are not events, or not as they were written, with secrets in them.
fn others() -> Vec<String> {
    let event = |log: &str| {
        format!(
            r#"{{"CloudConnexaLogVersion":1,"timestamp":"2023-12-20T10:45:14.000000Z","cloudId":"Hunter2-Xyzzy",
            "service":"CloudConnexa","traceId":"693bbbde-626d-4940-ac2b-4e75efb49bf7","publicIp":null,
            "initiator":"Hunter2-Xyzzy","initiatorType":"User","initiatorName":"Hunter2-Xyzzy","initiatorRole":null,
            "initiatorPublicIp":null,"parentEntity":null,"parentEntityType":null,"parentEntityName":null,
            "userAgent":null,"category":"Hunter2-Xyzzy","eventName":"client-connected","log":{log}}}"#
        )
        .replace("\n            ", "")
    };
    let log =
        r#"{"clientUUID":"Hunter2-Xyzzy","clientSessionId":"Hunter2-Xyzzy","domain":null,"allowed":null}"#;
    let text = event(log).replace('\\', "\\\\").replace('"', "\\\"");
    vec![
        event(log),
        event("\"Hunter2-Xyzzy\""),
        event(&format!("\"{}\"", log.replace('"', "\\\""))),
        event(log).to_lowercase(),
        format!(r#"{{"message":"{text}","host":"Hunter2-Xyzzy"}}"#),
        format!(r#"{{"Records":[{}]}}"#, event(log)),
        r#"{"level":"Hunter2-Xyzzy"}"#.to_owned(),
        "<!DOCTYPE html><p>Hunter2-Xyzzy</p>".to_owned(),
        "{'eventName': 'Hunter2-Xyzzy', 'allowed': True, 'log': None}".to_owned(),
        "<<<<<<< Hunter2-Xyzzy".to_owned(),
    ]
}

#[test]
fn a_secret_stays_where_it_is() {
    let validator = Validator::new();
    let mut found: Vec<&str> = Vec::new();
    let mut shown = 0;
    let mut check = |record: &[u8]| {
        for finding in validator.check(record, Position::START).findings {
            assert_masked(&finding, record);
            let text = format!("{:?}", finding.text());
            shown += usize::from(SECRETS.iter().any(|secret| text.contains(secret)));
            found.push(finding.rule().id);
        }
    };
    for (before, after) in EXAMPLES.into_iter().flat_map(fields) {
        for value in VALUES {
            check(format!("{before}{value}{after}").as_bytes());
            check(format!("{before}{value}").as_bytes());
            check(format!("{before}{value} {value}{after}").as_bytes());
            check(format!("{before}\"\", \"extra\": {value}{after}").as_bytes());
            check(format!("{before}\"\", \"CLOUDID\": {value}{after}").as_bytes());
        }
        check(format!("{before}\"Hunter2-Xyzzy\", Hunter2-Xyzzy{after}").as_bytes());
        check(&[before.as_bytes(), b"\"Hunter2-Xyzzy\xff7319375\"", after.as_bytes()].concat());
    }
    for value in VALUES {
        check(value.as_bytes());
        // Names of fields may be shown: they are not values.
        if !value.starts_with('"') {
            check(format!("{{{value}: 1}}").as_bytes());
        }
    }
    check("[".repeat(200).as_bytes());
    for record in others() {
        check(record.as_bytes());
    }
    assert!(shown > 1000, "{shown} texts show the secret: the test finds what it looks for");
    let not_checked = ["too-long", "empty-input", "schema-violation"];
    // Rules beyond the schema need valid values: `tests/tests/semantic.rs` looks at their samples.
    let is_semantic = |rule| semantics::is_record_rule(rule) || semantics::is_stream_rule(rule);
    for rule in rules::RULES.iter().filter(|rule| !not_checked.contains(&rule.id) && !is_semantic(rule)) {
        assert!(found.contains(&rule.id), "{} is not tried", rule.id);
    }
}

#[test]
fn findings_between_records_are_masked() {
    for input in
        ["[{}Hunter2-Xyzzy{}]", "[{}] Hunter2-Xyzzy", "[{},] {}", "[,{}{}", "{}{\"Hunter2-Xyzzy\":1}"]
    {
        let mut findings = 0;
        let mut splitter = Splitter::with_limit(10);
        let mut sink = |item: Item<'_>| {
            if let Item::Fault(span, fault) | Item::Refused(Refused { why: Some((span, fault)), .. }) = item {
                let finding = Finding::framing(span, fault);
                assert_masked(&finding, input.as_bytes());
                assert!(!finding.key().is_empty() || finding.rule().id == "too-long");
                findings += 1;
            }
        };
        splitter.push(input.as_bytes(), &mut sink);
        splitter.finish(&mut sink);
        assert!(findings > 0, "{input}");
    }
}

#[test]
fn the_name_of_an_event_is_shown_if_it_is_plausible() {
    let shown = |name: &str| {
        let record = EXAMPLES[0].replace("\"client-disconnected\"", name);
        let findings = Validator::new().check(record.as_bytes(), Position::START).findings;
        let finding = findings.iter().find(|finding| finding.rule().id == "unknown-event").unwrap();
        (finding.masked().message, finding.key().to_owned())
    };
    let known = "the event `user-created` is not known: only its header is checked";
    assert_eq!(shown("\"user-created\""), (known.to_owned(), "user-created".to_owned()));
    let hidden = "the event is not known: only its header is checked";
    for name in ["\"\"", "\"Hunter2-Xyzzy\"", "\"user created\"", "\"7319375\""] {
        assert_eq!(shown(name), (hidden.to_owned(), String::new()), "{name}");
    }
}

/// Users keep keys in baselines, which a change here would break.
#[test]
fn keys_do_not_change() {
    let keys = |record: &str| -> Vec<(String, String)> {
        let findings = Validator::new().check(record.as_bytes(), Position::START).findings;
        let key = |finding: &Finding| (finding.rule().id.to_owned(), finding.key().to_owned());
        findings.iter().map(key).collect()
    };
    for (record, key) in [
        ("", "empty"),
        ("{\"a\"", "cut-off"),
        ("{\"a\": \"b", "cut-off"),
        ("{\"a\": -", "cut-off"),
        ("x", "expected-value"),
        ("{\"a\": x}", "expected-value"),
        ("{a: 1}", "expected-key"),
        ("{\"a\" 1}", "expected-colon"),
        ("{\"a\": 1 2}", "expected-comma"),
        ("{} {}", "expected-end"),
        ("{\"a\": 1,}", "trailing-comma"),
        ("{\"a\": \"\n\"}", "line-end-in-string"),
        ("{\"a\": \"\t\"}", "control-character"),
        ("{\"a\": \"\\x\"}", "bad-escape"),
        ("{\"a\": \"\\ud800\"}", "lone-surrogate"),
        ("{\"a\": 01}", "leading-zero"),
        ("{\"a\": 1.x}", "expected-digit"),
    ] {
        assert_eq!(keys(record), [("syntax".to_owned(), key.to_owned())], "{record}");
    }
    let around = |input: &str| {
        let mut keys = Vec::new();
        let mut splitter = Splitter::new();
        let mut sink = |item: Item<'_>| {
            if let Item::Fault(span, fault) | Item::Refused(Refused { why: Some((span, fault)), .. }) = item {
                let finding = Finding::framing(span, fault);
                keys.push(finding.key().to_owned());
            }
        };
        splitter.push(input.as_bytes(), &mut sink);
        splitter.finish(&mut sink);
        keys
    };
    assert_eq!(around("[{},]"), ["trailing-comma"]);
    assert_eq!(around("[,{}]"), ["expected-value"]);
    assert_eq!(around("[{}{}]"), ["expected-comma"]);
    assert_eq!(around("[{} x]"), ["expected-comma"]);
    assert_eq!(around("[{}"), ["cut-off"]);
    assert_eq!(around("[{}] x"), ["expected-end"]);
    assert_eq!(around("[{}] [{}]"), ["expected-end"]);
    for separator in ["", " ", "\r", ",", ";", "\\n", "\u{2028}", "\u{1e}"] {
        assert_eq!(
            around(&format!("{{\"a\":1}}{separator}{{\"b\":1}}")),
            ["expected-line-end"],
            "{separator:?}"
        );
    }
    assert_eq!(around("{}\0\0"), ["nul"]);
    assert_eq!(around("{}\n\u{feff}{}"), ["byte-order-mark"]);

    let missing = EXAMPLES[0].replace("\"sessionBytesIn\"", "\"received\"");
    let mut found = keys(&missing);
    found.retain(|(rule, _)| rule == "missing-field");
    assert_eq!(found, [("missing-field".to_owned(), "sessionBytesIn".to_owned())]);
    let misspelt = EXAMPLES[0].replace("\"sessionBytesIn\"", "\"session_bytes_in\"");
    assert_eq!(keys(&misspelt)[0], ("missing-field".to_owned(), "sessionBytesIn".to_owned()));
}
