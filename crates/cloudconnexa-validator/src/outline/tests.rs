//! Tests outlines of odd, unknown and invalid records.

use serde_json::Value;

use super::{Field, Raw};
use crate::fast::FastCheck;
use crate::scope::Scope;
use crate::testing::TEST_MESSAGE;
use crate::validator::Validator;

#[test]
fn an_unknown_field_can_be_read() {
    let region = r#"{"region": {"a": [1, {"b": "\"]"}, "x"], "c" : null}, "#;
    let record = TEST_MESSAGE.replacen('{', region, 1);
    let validator = Validator::new();
    let mut checker = validator.checker();
    let FastCheck::Valid(accepted) = checker.fast_check_with_outline(record.as_bytes()) else { panic!() };
    let outline = accepted.outline(record.as_bytes()).expect("it was asked for");
    let region =
        outline.members().find(|member| matches!(member.field, Field::Unknown)).expect("it is there");
    let members: Vec<_> = region.value().members().collect();
    assert_eq!(members[0].0, "a");
    let elements: Vec<_> = members[0].1.elements().map(Raw::as_str).collect();
    assert_eq!(elements, ["1", r#"{"b": "\"]"}"#, "\"x\""]);
    assert_eq!((&*members[1].0, members[1].1.as_str()), ("c", "null"));
}

#[test]
fn an_invalid_record_has_an_outline_if_it_is_an_object() {
    let record = r#"{"eventName":"test\u002dmessage","cloudId":7,"cloudId":"x","log":{}}"#;
    let validator = Validator::new();
    let mut checker = validator.checker();
    let outline = checker.outline(record.as_bytes()).expect("it is an object");
    assert_eq!(outline.name().as_deref(), Some("test-message"));
    let cloud =
        crate::catalog::HEADER.iter().position(|field| field.name == "cloudId").expect("there is one");
    assert_eq!(outline.at(Scope::Header, cloud).map(|member| member.value().as_str()), Some("\"x\""));
    for other in ["", "[]", "7", "{", "{\"a\":}"] {
        assert!(checker.outline(other.as_bytes()).is_none(), "{other}");
    }
}

/// Whatever their depth and layout.
#[test]
fn raw_values_agree_with_serde_json() {
    fn same(raw: Raw<'_>, value: &Value) {
        match value {
            Value::Object(object) => {
                let members: Vec<_> = raw.members().collect();
                assert_eq!(members.len(), object.len());
                for (key, raw) in members {
                    same(raw, &object[&*key]);
                }
            }
            Value::Array(array) => {
                assert_eq!(raw.elements().count(), array.len());
                raw.elements().zip(array).for_each(|(raw, value)| same(raw, value));
            }
            Value::String(text) => assert_eq!(raw.text().as_deref(), Some(&**text)),
            other => assert_eq!(raw.as_str(), other.to_string()),
        }
    }
    for text in [
        "{}",
        "[]",
        "[ ]",
        r#"{ "a" : [ 1 , 2.5 , [ ] , { } , "," , "\\" , "\"" ] , "b\n" : { "c" : null , "d" : [ [ [ true ] ] ] } }"#,
        r#"[[],[[]],{"":""},"ü\u00e9","[{"]"#,
    ] {
        let value = serde_json::from_str(text).expect("it is JSON");
        same(Raw::of(text.as_bytes(), 0..text.len()).expect("it is a value"), &value);
    }
}
