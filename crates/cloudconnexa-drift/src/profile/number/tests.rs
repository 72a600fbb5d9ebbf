use super::Number;

#[test]
fn numbers_are_ordered_and_survive_a_round_trip() {
    let texts = [
        "-1e300",
        "-9223372036854775809",
        "-1.5",
        "-1",
        "0",
        "1e-9",
        "1",
        "1.5",
        "9007199254740992",
        "9007199254740993",
        "9223372036854775807",
        "1e19",
        "1e300",
    ];
    let numbers: Vec<_> = texts.iter().map(|text| Number::parse(text).expect("a number")).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    assert!(numbers.iter().all(|number| Number::parse(&number.to_string()) == Some(*number)));
    assert_eq!(
        (Number::parse("4.0"), Number::parse("1e999"), Number::parse("x")),
        (Some(Number::Integer(4)), None, None)
    );
}
