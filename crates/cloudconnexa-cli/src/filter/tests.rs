//! Tests conditions, addresses and patterns at their edges.

use cloudconnexa_validator::Validator;
use cloudconnexa_validator::outline::Outline;

use super::address::{AddressRange, has_any};
use super::condition::Condition;
use super::field::{EventFields, Field};
use super::pattern::TextPattern;
use super::{EventFilter, whole_number};
use crate::args::EventFilterArgs;

/// Calls `f` with the outline of a record.
fn with_outline<T>(record: &str, f: impl FnOnce(&Outline<'_>) -> T) -> T {
    let validator = Validator::new();
    let mut checker = validator.checker();
    f(&checker.outline(record.as_bytes()).expect("an object"))
}

fn meets(record: &str, condition: &str) -> bool {
    let condition = Condition::parse(condition).expect("a condition");
    with_outline(record, |outline| condition.matches(&EventFields::new(outline)))
}

const FLOW: &str = r#"{"eventName":"flow-established","category":"Activity.AV","log":{"allowed":false,
    "destinationPort":443,"protocol":"6","protocolName":"TCP","category":"of \u006cog","new":{"a":[1,"two"]}},
    "timestamp":"2026-11-01T08:00:00.000000Z","b":1.50,"c":null,"big":9223372036854775807}"#;

#[test]
fn conditions_compare_numbers_as_numbers_and_text_as_text() {
    for (condition, expected) in [
        ("destinationPort=443", true),
        ("destinationPort=443.0", true),
        ("destinationPort=4430e-1", true),
        ("destinationPort!=443", false),
        ("destinationPort!=80", true),
        ("destinationPort<443", false),
        ("destinationPort<=443", true),
        ("destinationPort>442.9", true),
        ("destinationPort>=444", false),
        ("/big=9223372036854775807", true),
        ("/big>9223372036854775806", true),
        ("/big=9223372036854775806", false),
        ("protocol=6", true),
        ("protocol=6.0", false),
        ("protocol<7", true),
        ("/b=1.5", true),
        ("allowed=false", true),
        ("allowed=False", false),
        ("allowed<1", false),
        ("/c=null", true),
        ("protocolName=tcp", false),
        ("protocolName~tcp", true),
        ("protocolName~T?P", true),
        ("category=Activity.AV", true),
        ("log.category=of log", true),
        ("log.category~*LOG", true),
        ("timestamp>2026-11-01", true),
        ("timestamp<=2026-11-01T10:00:00+02:00", true),
        ("timestamp<2026-11-01T08:00:00Z", false),
        ("eventName~flow-*", true),
        ("/log/new/a/1=two", true),
        ("/log/new/a/0=1", true),
        ("/log/new/a/2=1", false),
    ] {
        assert_eq!(meets(FLOW, condition), expected, "{condition}");
    }
}

#[test]
fn an_event_without_the_field_meets_no_condition_on_it() {
    for operator in ["=", "!=", "<", "<=", ">", ">="] {
        assert!(!meets(FLOW, &format!("sessionBytesIn{operator}1")), "{operator}");
    }
    assert!(!meets(FLOW, "domain~*"));
    assert!(!meets(FLOW, "/d!=x") && meets(FLOW, "/c!=x"));
}

#[test]
fn a_field_of_log_is_found_in_events_that_the_schema_does_not_describe() {
    for name in ["client-reconnected", "test-message", "domain-blocked"] {
        let record =
            format!(r#"{{"eventName":"{name}","log":{{"\u0061llowed":true,"allowed":false,"port":1}}}}"#);
        assert!(meets(&record, "allowed=false"), "{name}");
        assert!(meets(&record, "/log/port=1"), "{name}");
    }
}

#[test]
fn wrong_conditions_are_refused_with_what_is_right() {
    for (condition, expected) in [
        ("allowed", "`allowed` is not a condition; write `FIELD=VALUE`"),
        ("=1", "`=1` is not a condition"),
        ("allowed!true", "`allowed!true` is not a condition"),
        ("allowed==true", "has two `=`; write `allowed=true`"),
        ("alowed=true", "no field `alowed`; did you mean `allowed`?"),
        ("log.categry=x", "no field `log.categry`; did you mean `log.category`?"),
        ("destination_port=1", "no field `destination_port`; did you mean `destinationPort`?"),
        ("colour=1", "no field `colour`; `ccxlog events NAME` lists those of an event"),
        ("domain<b", "compares with `b`, which is neither a number nor a time"),
        ("destinationPort>inf", "compares with `inf`, which is neither"),
    ] {
        let message = Condition::parse(condition).expect_err(condition);
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn addresses_are_compared_as_addresses() {
    for (range, address, expected) in [
        ("192.0.2.1", "192.0.2.1", true),
        ("192.0.2.1", "192.0.2.10", false),
        ("192.0.2.1", "::ffff:192.0.2.1", true),
        ("::ffff:c000:201", "192.0.2.1", true),
        ("2001:db8::1", "2001:DB8:0:0:0:0:0:1", true),
        ("2001:db8::1", "2001:db8::2", false),
        ("192.0.2.0/24", "192.0.2.255", true),
        ("192.0.2.77/24", "192.0.2.1", true),
        ("192.0.2.0/24", "192.0.3.0", false),
        ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("192.0.2.1/32", "192.0.2.1", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false),
        ("2001:db8::/32", "192.0.2.1", false),
        ("10.0.0.0/7", "11.2.3.4", true),
        ("10.0.0.0/8", "101.2.3.4", false),
        ("192.0.2.0/25", "192.0.2.127", true),
        ("192.0.2.0/25", "192.0.2.128", false),
        ("192.0.2.0/24", "0:0:0:0:0:FFFF:C000:2FF", true),
        ("192.0.2.0/24", "0000:0:0:0:0:ffff:192.0.2.9", true),
        ("192.0.2.0/24", "::192.0.2.9", false),
        ("::ffff:192.0.2.0/120", "192.0.2.9", true),
        ("::ffff:0:0/95", "192.0.2.9", true),
        ("::/0", "192.0.2.9", true),
        ("::/97", "192.0.2.9", false),
        ("::/0", "2001:db8::1", true),
    ] {
        let range = AddressRange::parse(range).expect("a range");
        let range = [range];
        for record in [
            format!(r#"{{"publicIp":"{address}"}}"#),
            format!(r#"{{"eventName":"domain-blocked","log":{{"new":[{{"x":"{address}"}}]}}}}"#),
        ] {
            let found = with_outline(&record, |outline| has_any(outline, record.as_bytes(), &range));
            assert_eq!(found, expected, "{record} {range:?}");
        }
    }
    for wrong in ["", "192.0.2", "192.0.2.1/33", "2001:db8::/129", "192.0.2.0/x", "example.com", "/24"] {
        let message = AddressRange::parse(wrong).expect_err(wrong);
        assert!(message.contains("is not an address; write one such as"), "{message}");
    }
}

#[test]
fn an_address_is_found_wherever_it_is_and_however_it_is_written() {
    let range = [AddressRange::parse("203.0.113.7").expect("an address")];
    for record in [
        r#"{"publicIp":"203.0.113.7"}"#,
        r#"{"publicIp":"\u00320\u0033.0.113.7"}"#,
        r#"{"eventName":"client-connected","log":{"clientPublicIp":"203.0.113.7"}}"#,
        r#"{"eventName":"unheard-of","log":{"a":{"b":["203.0.113.7"]}}}"#,
        r#"{"initiator":"203.0.113.7"}"#,
    ] {
        assert!(with_outline(record, |outline| has_any(outline, record.as_bytes(), &range)), "{record}");
    }
    for record in [r#"{"a":"203.0.113.70"}"#, r#"{"203.0.113.7":1}"#, r#"{"a":"at 203.0.113.7"}"#, "{}"] {
        assert!(!with_outline(record, |outline| has_any(outline, record.as_bytes(), &range)), "{record}");
    }
}

#[test]
fn patterns_match_all_of_a_text_and_ignore_case() {
    for (pattern, text, expected) in [
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("**", "any/thing", true),
        ("Ann", "ann", true),
        ("ann", "Anne", false),
        ("ÄNN*", "ännchen", true),
        ("*@example.com", "Bob@Example.Com", true),
        ("*@example.com", "bob@example.com.org", false),
        ("a*b*c", "a-b-b-c", true),
        ("a*b*c", "a-c-b", false),
        ("?", "ü", true),
        ("?", "", false),
        ("a?c", "abc", true),
        ("*ab", "aab", true),
        ("*a?", "aaab", true),
        ("[x]", "[X]", true),
    ] {
        assert_eq!(TextPattern::new(pattern).matches(text), expected, "{pattern} {text}");
    }
}

/// As a differential test: all patterns and texts of few characters, against the definition.
#[test]
fn any_short_pattern_matches_as_its_definition_says() {
    fn is_match(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|skipped| is_match(rest, &text[skipped..])),
            Some(('?', rest)) => !text.is_empty() && is_match(rest, &text[1..]),
            Some((c, rest)) => text.first() == Some(c) && is_match(rest, &text[1..]),
        }
    }
    fn all(alphabet: &str, length: usize) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut start = 0;
        for _ in 0..length {
            let end = texts.len();
            for index in start..end {
                let longer = alphabet.chars().map(|c| format!("{}{c}", texts[index]));
                texts.extend(longer.collect::<Vec<_>>());
            }
            start = end;
        }
        texts
    }
    let mut matches = 0;
    for pattern in all("ab*?", 5) {
        let (compiled, chars) = (TextPattern::new(&pattern), pattern.chars().collect::<Vec<_>>());
        for text in all("ab", 5) {
            let expected = is_match(&chars, &text.chars().collect::<Vec<_>>());
            assert_eq!(compiled.matches(&text), expected, "{pattern} {text}");
            matches += u64::from(expected);
        }
    }
    assert!(matches > 1000);
}

#[test]
fn whole_numbers_are_exact() {
    for (text, expected) in [
        ("0", Some(0)),
        ("18446744073709551615", Some(i128::from(u64::MAX))),
        ("18446744073709551616", None),
        ("-9223372036854775808", Some(i128::from(i64::MIN))),
        ("4.0", Some(4)),
        ("4e3", Some(4000)),
        ("1e16", None),
        ("4.5", None),
        ("true", None),
        ("", None),
        ("+4", None),
        ("infinity", None),
    ] {
        assert_eq!(whole_number(text), expected, "{text}");
    }
}

#[test]
fn a_misspelt_event_is_refused_and_a_new_one_is_not() {
    let filter = |name: &str| {
        EventFilter::new(&EventFilterArgs { event: vec![name.to_owned()], ..EventFilterArgs::default() })
    };
    assert!(filter("client-disconnected").is_ok() && filter("user-created").is_ok());
    let message = filter("client-disconected").expect_err("it is misspelt");
    assert!(
        message.starts_with("no event `client-disconected`; did you mean `client-disconnected`?"),
        "{message}"
    );
}

#[test]
fn a_name_of_both_objects_is_that_of_the_header() {
    let namesake = |name: &str| Field::parse(name).expect("a field").namesake();
    assert_eq!(namesake("category").as_deref(), Some("log.category"));
    assert_eq!(namesake("clientPublicIp").as_deref(), Some("log.clientPublicIp"));
    for name in ["log.category", "domain", "eventName", "log.eventName", "userId", "/category"] {
        assert_eq!(namesake(name), None, "{name}");
    }
}
