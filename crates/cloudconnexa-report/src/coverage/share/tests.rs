//! Tests of shares and percentages.

use super::{Percent, Share};

fn percent(text: &str) -> Percent {
    text.parse().unwrap()
}

#[test]
fn percentages_are_read() {
    for (text, expected) in [
        ("90%", "90%"),
        ("0%", "0%"),
        ("100%", "100%"),
        ("100.0000%", "100%"),
        (" 99.5 %", "99.5%"),
        ("0.0001%", "0.0001%"),
    ] {
        assert_eq!(percent(text).to_string(), expected);
    }
    for wrong in [
        "",
        "%",
        "90",
        "0.9",
        "-1%",
        "100.1%",
        "100.0001%",
        "101%",
        "1.00001%",
        "1.%",
        ".5%",
        "9e1%",
        "1,5%",
        "99999999999%",
        "+5%",
    ] {
        assert!(wrong.parse::<Percent>().is_err(), "{wrong}");
    }
}

/// A share that lacks a point is never 100 %, however many points there are.
#[test]
fn shares_are_never_rounded_up() {
    for points in [1, 2, 3, 7, 250, 9_999, 10_000, 10_001, 1_000_000, u64::MAX] {
        let (most, all) = (Share { covered: points - 1, points }, Share { covered: points, points });
        assert!(!most.is_at_least(percent("100%")) && all.is_at_least(percent("100%")), "{points}");
        assert_ne!(most.to_string(), "100.0 %");
        assert_eq!((all.to_string(), most.missing_for(percent("100%"))), ("100.0 %".to_owned(), 1));
    }
    let share = Share { covered: 9_999, points: 10_000 };
    assert!(share.is_at_least(percent("99.99%")) && !share.is_at_least(percent("99.9901%")));
    assert_eq!((share.to_string(), share.hundredths()), ("99.9 %".to_owned(), 9_999));
    let half = Share { covered: 1, points: 2 };
    assert!(half.is_at_least(percent("50%")) && !half.is_at_least(percent("50.0001%")));
    let third = Share { covered: 1, points: 3 };
    assert!(third.is_at_least(percent("33.3333%")) && !third.is_at_least(percent("33.3334%")));
    let none = Share { covered: 0, points: 3 };
    assert!(none.is_at_least(percent("0%")) && !none.is_at_least(percent("0.0001%")));
    assert_eq!((none.to_string(), none.missing_for(percent("50%"))), ("0.0 %".to_owned(), 2));
}
