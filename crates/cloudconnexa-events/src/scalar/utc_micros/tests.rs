use super::*;

#[test]
fn every_day_survives_a_round_trip() {
    let mut at = MIN;
    while at <= MAX {
        let text = UtcMicros(at).to_string();
        assert_eq!(UtcMicros::parse_usual(text.as_bytes()), Some(UtcMicros(at)), "{text}");
        at += DAY + 1_234_567;
    }
    assert_eq!(UtcMicros(MIN).to_string(), "0000-01-01T00:00:00.000000Z");
    assert_eq!(UtcMicros(MAX).to_string(), "9999-12-31T23:59:59.999999Z");
}

#[test]
fn parsing_agrees_with_timestamps() {
    for text in [
        "2024-02-29T23:59:59.999999Z",
        "2023-02-29T23:59:59.999999Z",
        "2023-04-31T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2000-02-29T00:00:00Z",
        "2023-12-20T10:45:60.000000Z",
        "2023-12-20t10:45:14.000000z",
        "2023-12-20T10:45:14.5+05:30",
        "2023-13-20T10:45:14Z",
        "2023-12-00T10:45:14Z",
        "2023-12-20T24:45:14Z",
        "2023-12-20T10:45:1\u{665}Z",
        "",
    ] {
        let expected = text.parse::<Timestamp>().ok().map(|time| time.get().as_microsecond());
        assert_eq!(UtcMicros::parse(text).map(|time| time.0), expected, "{text}");
    }
}
