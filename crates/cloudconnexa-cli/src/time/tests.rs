use super::{format_duration, instant, parse_duration, parse_instant, parse_micros};

#[test]
fn durations_are_read_as_they_are_formatted() {
    for (text, seconds) in [("0s", 0), ("90m", 5400), ("12h", 43_200), ("30d", 2_592_000)] {
        assert_eq!(parse_duration(text), Ok(seconds * 1_000_000));
        assert_eq!(format_duration(seconds * 1_000_000), text);
    }
    assert_eq!(parse_duration("2w"), Ok(14 * 86_400 * 1_000_000));
    for wrong in ["", "d", "30", "1y", "-1d", "1 d", "é", "99999999999999999999d", "9999999999w"] {
        assert!(parse_duration(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn instants_are_timestamps_dates_or_ages() {
    let now = 1_000_000_000;
    for (text, expected) in [
        ("0s", Some(now)),
        ("90m", Some(now - 5400)),
        ("24h", Some(now - 86_400)),
        ("7d", Some(now - 604_800)),
        ("2w", Some(now - 1_209_600)),
        ("2001-09-09T01:46:40Z", Some(now)),
        ("2001-09-09T03:46:40.5+02:00", Some(now)),
        ("2001-09-09", Some(now - 6400)),
        ("", None),
        ("h", None),
        ("-1h", None),
        ("1 h", None),
        ("1y", None),
        ("99999999999999999999s", None),
        ("9223372036854775807w", None),
        ("2001-09-31", None),
        ("é", None),
    ] {
        let seconds = instant(text, now * 1_000_000).map(|micros| micros.div_euclid(1_000_000));
        assert_eq!(seconds, expected, "{text}");
    }
}

#[test]
fn an_instant_keeps_its_microseconds_only_where_they_are_asked_for() {
    assert_eq!(parse_micros("2001-09-09T01:46:40.000001Z"), Ok(1_000_000_000_000_001));
    assert_eq!(parse_instant("2001-09-09T01:46:40.999999Z"), Ok(1_000_000_000));
    assert_eq!(parse_instant("1969-12-31T23:59:59.5Z"), Ok(-1));
}
