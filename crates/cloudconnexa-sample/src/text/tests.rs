//! Tests of spelling and of timestamps.

use super::{Spelling, TimestampWriter, date};

#[test]
fn an_escaped_text_decodes_to_the_original() {
    for text in ["", "plain", "a \"quoted\\ text\"", "日本/ü🦀", "a\tb"] {
        for spelling in [Spelling::Plain, Spelling::Escaped] {
            let json = spelling.json(text);
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            assert!(spelling == Spelling::Plain || json.is_ascii());
        }
    }
}

#[test]
fn a_non_ascii_text_has_letters_beyond_ascii_unless_it_is_a_known_value() {
    for text in ["", "6", "plain", "693bbbde"] {
        assert!(!Spelling::NonAscii.json(text).is_ascii(), "{text}");
    }
    assert_eq!(Spelling::NonAscii.json("NetworkOrHost"), "\"NetworkOrHost\"");
}

#[test]
fn dates_follow_the_gregorian_calendar() {
    assert_eq!(date(0), "1970-01-01");
    assert_eq!(date(11_016), "2000-02-29");
    assert_eq!(date(20_819), "2027-01-01");
    let mut out = Vec::new();
    TimestampWriter::default().write(1_703_069_114_000_012, &mut out);
    assert_eq!(String::from_utf8(out).unwrap(), "\"2023-12-20T10:45:14.000012Z\"");
}
