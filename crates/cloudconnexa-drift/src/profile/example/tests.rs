//! Tests of examples.

use std::cmp::Ordering;

use super::{Example, RawExample};

fn example(raw: &str) -> Example {
    RawExample::new(raw).finish(None)
}

#[test]
fn a_masked_example_keeps_its_shape() {
    let masked = |raw| example(raw).masked;
    assert_eq!(masked(r#""us-ord-DC1: ü""#), r#""aa-aaa-AA9: x""#);
    assert_eq!((masked("-3.5e7"), masked("null")), ("-9.9a9".to_owned(), "null".to_owned()));
    let long = example(&"ü".repeat(100));
    assert_eq!((long.masked.chars().count(), long.masked.ends_with("x…")), (61, true));
}

#[test]
fn a_long_value_is_shown_as_long_as_possible() {
    for length in 115..130 {
        for letter in ["a", "ü", "東", "😀"] {
            let raw = format!("{}{}", "b".repeat(length), letter.repeat(9));
            let value = example(&raw).value.expect("it is not masked");
            let kept = value.strip_suffix('…').expect("it is too long");
            assert!(raw.starts_with(kept) && kept.len() <= 120 && 120 < kept.len() + letter.len(), "{value}");
        }
        let raw = "c".repeat(length);
        assert_eq!(example(&raw).value.expect("it is not masked").ends_with('…'), length > 120, "{length}");
    }
}

#[test]
fn of_values_at_the_same_time_the_one_with_the_least_example_is_kept() {
    let long = "z".repeat(200);
    let longer = format!("{}y", "z".repeat(200));
    let values = [
        "null",
        "\"\"",
        "\"a\"",
        "\"b\"",
        "\"ü\"",
        "\"Z\"",
        "1",
        "10",
        "-1",
        "true",
        &long,
        &longer,
        &long[..120],
        &long[..121],
    ];
    for one in values {
        for other in values {
            let mut kept = RawExample::new(one);
            kept.keep_least(other);
            // As merging does, which compares complete examples.
            let mut expected = example(one);
            expected.keep_first(example(other));
            assert_eq!(kept.finish(None), expected, "{one} {other}");
            let order = |raw| (example(raw).masked, example(raw).value);
            if order(one).cmp(&order(other)) == Ordering::Equal {
                assert_eq!(example(one), example(other));
            }
        }
    }
}
