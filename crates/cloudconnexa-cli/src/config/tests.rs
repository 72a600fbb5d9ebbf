use std::path::Path;

use super::parse;

const EVERY_KEY: &str = r#"
inputs = ["fixtures", "-"]
exclude = ["**/broken/**"]
format = ["human", "sarif=findings.sarif"]
show-values = true
skip-unreadable = true
unwrap = "message"
strict = true
semantic = true
stateful = true
deny = ["unknown-event"]
warn = ["wrong-format"]
allow = ["unknown-field"]
baseline = "known.json"

[limits]
max-findings = 5
max-record-bytes = "1MiB"
max-inflated-bytes = "1GiB"
max-ratio = 100
horizon = "7d"
max-open = 1000
threads = 2

[coverage]
min = ["90%", "header=80%"]
without = ["open"]

[test]
valid = ["fixtures/**"]

[[overrides]]
paths = ["old/**"]
events = ["test-message"]
allow = ["wrong-type"]

[[schema-diff.accept]]
rule = "value-narrowed"
pointer = "/log/sessionBytesIn"
event = "client-disconnected"
reason = "confirmed by the vendor"
"#;

#[test]
fn every_key_is_read_and_is_in_the_schema() {
    let config = parse(EVERY_KEY.as_bytes(), "ccxlog.toml", Path::new("sub")).unwrap();
    insta::assert_debug_snapshot!(config);
    let schema = super::schema().to_value();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let value: toml::Value = toml::from_str(EVERY_KEY).unwrap();
    let value = serde_json::to_value(value).unwrap();
    assert!(validator.is_valid(&value));
    for name in value.as_object().unwrap().keys() {
        assert!(schema["properties"].get(name).is_some(), "{name}");
    }
    let names = schema["properties"].as_object().unwrap().len();
    assert_eq!(names, value.as_object().unwrap().len(), "the test has every key");
    assert!(parse(b"", "ccxlog.toml", Path::new(".")).unwrap().inputs.is_none());
}

#[test]
fn errors_are_reported_with_their_location_and_a_remedy() {
    let refused = |text: &str| parse(text.as_bytes(), "ccxlog.toml", Path::new(".")).unwrap_err();
    insta::assert_snapshot!(
        [
            refused("inputs = ["),
            refused("inputs = [\"a\"]\ninputs = [\"b\"]"),
            refused("\n  inptus = [\"a\"]"),
            refused("something = 1"),
            refused("[limits]\nmax-finding = 1"),
            refused("[[overrides]]\npath = [\"a\"]"),
            refused("inputs = \"a\""),
            refused("strict = true\nexclude = 'a/**'"),
            refused("baseline = [\"known.json\"]"),
            refused("strict = [true]"),
            refused("[limits]\nthreads = 0"),
            refused("[limits]\nmax-findings = -1"),
            refused("[limits]\nmax-record-bytes = \"lots\""),
            refused("[limits]\nmax-inflated-bytes = \"0\""),
            refused("[limits]\nmax-ratio = 0"),
            refused("[limits]\nhorizon = \"long\""),
            refused("deny = [\n  \"wrong-type\",\n  \"wrong-tpye\",\n]"),
            refused("allow = [\"syntax\"]"),
            refused("deny = [\"wrong-type\"]\nallow = [\"wrong-type\"]"),
            refused("exclude = [\"a/***\"]"),
            refused("[[overrides]]\nwarn = [\"warnings\"]"),
            refused("[coverage]\nmin = [\"90%\", \"0.9\"]"),
            refused("[coverage]\nmin = [\n  \"90%\",\n  \"80%\",\n]"),
            refused("[coverage]\nwithout = [\"deprecatd\"]"),
            refused("[test]\nvalid = [\"a/***\"]"),
        ]
        .join("\n")
    );
}
