//! Unit tests of JSON values in any format.

use super::*;

#[test]
fn texts_that_mean_the_same_have_the_same_canonical_form() {
    for texts in [
        &["1", "1.0", "10e-1", "0.1E+1", "1e0"][..],
        &["-0", "0", "0.00", "0e7"],
        &["-1.50", "-15e-1"],
        &["123456789012345678901234567890", "12345678901234567890123456789e1"],
        &[r#""a\u0062\/""#, r#""ab/""#],
        &[r#"{"a":1,"b":[1,{}]}"#, " { \"b\" : [ 1.0 , { } ] ,\n \"\\u0061\" : 1 }"],
        &["[]", "[ ]"],
    ] {
        for text in texts {
            assert_eq!(canonical(text), canonical(texts[0]), "{text}");
        }
    }
}

#[test]
fn texts_that_mean_something_else_have_another_canonical_form() {
    let texts = [
        "0",
        "1",
        "10",
        "-1",
        "1e30",
        "100000000000000000000000000000000001e-35",
        "1.0000000000000000000000000000000001",
        "null",
        "true",
        "false",
        r#""""#,
        r#""1""#,
        r#""null""#,
        "[]",
        "[1]",
        "[[1]]",
        "[1,1]",
        "{}",
        r#"{"a":1}"#,
        r#"{"a":2}"#,
        r#"{"a":{"b":1}}"#,
        r#"["a",1]"#,
    ];
    for (index, one) in texts.iter().enumerate() {
        for other in &texts[..index] {
            assert_ne!(canonical(one), canonical(other), "{one} {other}");
        }
    }
}

/// Fails if `serde_json` changes how raw values are read.
#[test]
fn text_of_serde_json_is_kept_to_the_digit() {
    for text in ["1.50", "123456789012345678901234567890.10", r#"{"b":[1, 2],"a":"\u00e9"}"#] {
        let Json(raw) = serde_json::from_str(text).unwrap();
        assert_eq!(raw.get(), text);
        let Json(raw) = serde_json::from_reader(text.as_bytes()).unwrap();
        assert_eq!(raw.get(), text);
        assert_eq!(serde_json::to_string(&AsValue(&raw)).unwrap(), text);
    }
}

/// Some formats do not limit it, and a stack does.
#[test]
fn values_that_nest_too_deep_are_refused() {
    use serde::de::DeserializeSeed;

    for (depth, is_accepted) in [(127, true), (128, false), (300, false)] {
        for wrap in [|value| serde_json::json!([value]), |value| serde_json::json!({ "a": value })] {
            let value = (0..depth).fold(serde_json::Value::Null, |value, _| wrap(value));
            let mut text = String::new();
            let captured = capture::Any::new(&mut text).deserialize(&value);
            assert_eq!(captured.is_ok(), is_accepted, "{depth}: {captured:?}");
        }
    }
}

#[test]
fn an_object_that_looks_like_a_number_of_serde_json_is_an_object() {
    let text = r#"{"$serde_json::private::Number":"7"}"#;
    let Json(raw) = serde_json::from_str(text).unwrap();
    assert_eq!(raw.get(), text);
}
