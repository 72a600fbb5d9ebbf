use super::Json;

#[test]
fn text_written_back_is_unchanged() {
    let text = "{\n  \"b\": [\n    1,\n    -2,\n    0.5,\n    null,\n    true\n  ],\n  \"a\": {\n    \"c/d~\": \"\\u0007ü\"\n  }\n}\n";
    let json = Json::parse(text).unwrap();
    assert_eq!(json.to_pretty_string(), text);
    assert_eq!(Json::parse(&json.to_value().to_string()).unwrap().get("b"), json.get("b"));
}

#[test]
fn duplicate_keys_are_refused() {
    let error = Json::parse(r#"{"a": {"b": 1, "b": 2}}"#).unwrap_err();
    assert!(error.to_string().starts_with("`b` appears twice in one object"), "{error}");
}

#[test]
fn pointers_resolve_in_objects_and_arrays() {
    let mut json = Json::parse(r#"{"a": [{"c/d~": 7}]}"#).unwrap();
    assert_eq!(json.pointer("/a/0/c~1d~0").and_then(Json::as_u64), Some(7));
    assert_eq!((json.pointer("/a/1"), json.pointer("/a/x"), json.pointer("/b")), (None, None, None));
    *json.pointer_mut("/a/0").unwrap() = Json::object([("e", Json::strings(["f"]))]);
    assert_eq!(json.pointer("/a/0/e/0").and_then(Json::as_str), Some("f"));
    assert_eq!(json.pointer_mut("/a/0/e/0/g"), None);
}
