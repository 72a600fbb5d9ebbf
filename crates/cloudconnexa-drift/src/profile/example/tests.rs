use super::Example;

#[test]
fn a_masked_example_keeps_its_shape() {
    let example = |raw| Example::new(raw, None).masked;
    assert_eq!(example(r#""us-ord-DC1: ü""#), r#""aa-aaa-AA9: x""#);
    assert_eq!((example("-3.5e7"), example("null")), ("-9.9a9".to_owned(), "null".to_owned()));
    let long = Example::new(&"ü".repeat(100), None);
    assert_eq!((long.masked.chars().count(), long.masked.ends_with("x…")), (61, true));
}
