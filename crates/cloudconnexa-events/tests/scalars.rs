//! Scalars keep their spelling, and refuse what their format refuses.

use cloudconnexa_events::{
    IpAddress, IpAddressOrEmpty, Ipv4Address, Ipv6Address, OsType, Service, Timestamp, Uuid,
};

fn round_trips<T: std::str::FromStr + std::fmt::Display>(texts: &[&str]) {
    for text in texts {
        let Ok(value) = text.parse::<T>() else { panic!("refused: {text}") };
        assert_eq!(value.to_string(), *text);
    }
}

fn refuses<T: std::str::FromStr>(texts: &[&str]) {
    for text in texts {
        assert!(text.parse::<T>().is_err(), "accepted: {text}");
    }
}

#[test]
fn timestamps_keep_their_text() {
    round_trips::<Timestamp>(&[
        "2023-12-20T10:45:14.000000Z",
        "2023-12-20T10:45:14Z",
        "2023-12-20T10:45:14.5Z",
        "2023-12-20T10:45:14.123456789Z",
        "2023-12-20T10:45:14.1234567890Z",
        "2023-12-20t10:45:14z",
        "2023-12-20T10:45:14+02:00",
        "2023-12-20T10:45:14.000-23:59",
        "2016-12-31T23:59:60Z",
        "2016-12-31T18:29:60-05:30",
        "0000-01-01T00:00:00Z",
        "0000-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59.999999999Z",
        "9999-12-31T23:59:59-23:59",
        "2000-02-29T00:00:00Z",
    ]);
}

#[test]
fn timestamps_outside_rfc_3339_are_refused() {
    refuses::<Timestamp>(&[
        "",
        "2023-12-20",
        "2023-12-20 10:45:14Z",
        "2023-12-20T10:45Z",
        "2023-12-20T10:45:14",
        "2023-12-20T10:45:14.Z",
        "2023-12-20T10:45:14,5Z",
        "2023-12-20T10:45:14+0200",
        "2023-12-20T10:45:14+02",
        "2023-12-20T10:45:14+24:00",
        "2023-12-20T10:45:14+02:60",
        "2023-12-20T24:00:00Z",
        "2023-12-20T10:60:00Z",
        "2023-12-20T10:45:61Z",
        "2023-12-20T10:45:60Z",
        "2016-12-31T23:59:60+01:00",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2023-00-01T00:00:00Z",
        "2023-13-01T00:00:00Z",
        "2023-04-31T00:00:00Z",
        "2023-04-00T00:00:00Z",
        "/023-12-20T10:45:14Z",
        "20,3-12-20T10:45:14Z",
        "2023-12-20T10:45:14Z ",
        "2023-12-20T10:45:14Z[UTC]",
        "2023-12-20T10:45:14\u{2212}01:00",
        "+2023-12-20T10:45:14Z",
        "20231220T104514Z",
    ]);
}

#[test]
fn timestamps_compare_by_instant() {
    let times: Vec<Timestamp> = [
        "2023-12-20T10:45:13.999999999Z",
        "2023-12-20T12:45:14+02:00",
        "2023-12-20T10:45:14.000000Z",
        "2023-12-20T10:45:14.000000001Z",
    ]
    .iter()
    .map(|text| text.parse().unwrap())
    .collect();
    assert!(times[0] < times[1]);
    assert_eq!(times[1], times[2]);
    assert!(times[2] < times[3]);
    let last: Timestamp = "9999-12-31T23:59:59Z".parse().unwrap();
    assert_eq!(last.unix_seconds(), jiff::Timestamp::MAX.as_second());
    assert_eq!(last, "9999-12-31T23:59:59.999999999Z".parse().unwrap());
}

#[test]
fn unix_times_are_rounded_towards_zero() {
    for (text, seconds, micros) in [
        ("1970-01-01T00:00:01.9999999Z", 1, 1_999_999),
        ("1969-12-31T23:59:58.5Z", -1, -1_500_000),
        ("2016-12-31T23:59:60Z", 1_483_228_799, 1_483_228_799_000_000),
    ] {
        let time: Timestamp = text.parse().unwrap();
        assert_eq!((time.unix_seconds(), time.unix_micros()), (seconds, micros), "{text}");
    }
}

#[cfg(feature = "jiff")]
#[test]
fn timestamps_from_jiff_lose_no_digits() {
    for (nanosecond, text) in [(0, "1970-01-01T00:00:01.000000Z"), (7, "1970-01-01T00:00:01.000000007Z")] {
        let timestamp = Timestamp::from(jiff::Timestamp::new(1, nanosecond).unwrap());
        assert_eq!(timestamp.to_string(), text);
        assert_eq!(timestamp, text.parse().unwrap());
        assert_eq!(jiff::Timestamp::from(timestamp).subsec_nanosecond(), nanosecond);
    }
}

#[test]
fn uuids_are_hyphenated_and_keep_their_case() {
    round_trips::<Uuid>(&[
        "693bbbde-626d-4940-ac2b-4e75efb49bf7",
        "8EE244A8-90C8-5AFF-8F83-9B7E8290E4A5",
        "8eE244A8-90c8-5AFF-8f83-9B7E8290E4a5",
        "00000000-0000-0000-0000-000000000000",
    ]);
    refuses::<Uuid>(&[
        "",
        "693bbbde626d4940ac2b4e75efb49bf7",
        "{693bbbde-626d-4940-ac2b-4e75efb49bf7}",
        "urn:uuid:693bbbde-626d-4940-ac2b-4e75efb49bf7",
        "693bbbde-626d-4940-ac2b-4e75efb49bfg",
        "693bbbde-626d-4940-ac2b4-e75efb49bf7",
        "693bbbde-626d-4940-ac2b-4e75efb49bf7 ",
    ]);
}

/// Eight digits are read at once. The crate `uuid` reads them one at a time.
#[test]
fn uuids_have_the_digits_that_other_readers_take() {
    for text in ["693bbbde-626d-4940-ac2b-4e75efb49bf7", "8EE244A8-90C8-5AFF-8F83-9B7E8290E4A5"] {
        for at in 0..text.len() {
            for other in (0..=0x7f).map(char::from).chain(['\u{80}', '\u{e9}', '\u{7ff}']) {
                // A character of two bytes takes the place of two.
                let Some(rest) = text.get(at + other.len_utf8()..) else { continue };
                let changed = format!("{}{other}{rest}", &text[..at]);
                let read = changed.parse::<Uuid>().ok();
                assert_eq!(read.as_deref(), uuid::Uuid::try_parse(&changed).ok().as_ref(), "{changed:?}");
                assert!(read.is_none_or(|read| read.to_string() == changed));
            }
        }
    }
}

#[test]
fn addresses_keep_their_spelling() {
    round_trips::<IpAddress>(&[
        "203.0.113.7",
        "fd:0:0:8102::2",
        "FD:0:0:8102:0:0:0:2",
        "::1.2.3.4",
        "::ffff:1.2.3.4",
    ]);
    refuses::<IpAddress>(&["", "203.0.113.07", "203.0.113", "fe80::1%eth0", "[::1]", "1::2::3"]);
    refuses::<Ipv6Address>(&["203.0.113.7"]);
    for text in ["", "203.0.113.7", "2001:DB8::1"] {
        let json = format!("\"{text}\"");
        let address: IpAddressOrEmpty = serde_json::from_str(&json).unwrap();
        assert_eq!(address.get().is_none(), text.is_empty());
        assert_eq!(serde_json::to_string(&address).unwrap(), json);
    }
    assert!(serde_json::from_str::<IpAddressOrEmpty>("\" \"").is_err());
    assert!(serde_json::from_str::<IpAddressOrEmpty>("null").is_err());
}

#[test]
fn open_vocabularies_keep_what_they_do_not_know() {
    for (text, known) in [("macOS", true), ("iOS", true), ("ios", false), ("macos", false), ("", false)] {
        let os = OsType::from(text);
        assert_eq!((os.is_known(), os.as_str()), (known, text));
        assert_eq!(serde_json::to_string(&os).unwrap(), format!("{text:?}"));
    }
    // The text decides, not the variant.
    assert_eq!(OsType::Other("macOS".into()), OsType::MacOs);
    assert_eq!(OsType::KNOWN, ["macOS", "Windows", "Linux", "Android", "iOS"]);
    assert!(serde_json::from_str::<OsType>(r#"{"MacOs":null}"#).is_err());
}

#[test]
fn closed_lists_refuse_other_texts() {
    assert_eq!(serde_json::from_str::<Service>("\"CloudConnexa\"").unwrap(), Service::CloudConnexa);
    let error = serde_json::from_str::<Service>("\"Else\"").unwrap_err();
    assert!(error.to_string().contains("`CloudConnexa`"), "{error}");
}

/// Logs of one day come from all over the world.
#[test]
fn the_date_of_a_timestamp_is_its_day_in_utc() {
    for (text, expected) in [
        ("2023-12-20T10:45:14.000000Z", (2023, 12, 20)),
        ("2023-12-20T23:59:59.999999Z", (2023, 12, 20)),
        ("2023-12-20T23:30:00-05:00", (2023, 12, 21)),
        ("2024-03-01T00:30:00+01:00", (2024, 2, 29)),
        ("2016-12-31T23:59:60Z", (2016, 12, 31)),
        ("0001-01-01T00:00:00Z", (1, 1, 1)),
        ("9999-12-31T23:59:59Z", (9999, 12, 30)),
    ] {
        let date = text.parse::<Timestamp>().unwrap().date();
        assert_eq!((date.year(), date.month(), date.day()), expected, "{text}");
    }
    let day = |text: &str| text.parse::<Timestamp>().unwrap().date();
    assert_eq!(day("0001-02-03T00:00:00Z").to_string(), "0001-02-03");
    assert!(day("2023-12-20T00:00:00Z") < day("2024-01-01T00:00:00Z"));
}

/// Each group as one of the ways to write it, and each run of zeros as a gap or not.
#[test]
fn addresses_keep_any_spelling() {
    let mut random = 0x2023_1220_u64;
    let mut below = |bound: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % bound
    };
    for _ in 0..20_000 {
        let groups: Vec<u64> = (0..8)
            .map(|_| [0, 0, 0, below(16), below(1 << 8), below(1 << 16)][usize::try_from(below(6)).unwrap()])
            .collect();
        let odd = below(3) == 0;
        let mut texts: Vec<String> = groups
            .iter()
            .map(|group| match (odd, below(6)) {
                (true, 0) => format!("{group:X}"),
                (true, 1) => format!("{group:04x}"),
                _ => format!("{group:x}"),
            })
            .collect();
        let (start, length) = (usize::try_from(below(8)).unwrap(), 1 + usize::try_from(below(8)).unwrap());
        let run = groups[start..].iter().take(length).take_while(|&&group| group == 0).count();
        let text = if run > 0 {
            texts.splice(start..start + run, [String::new()]);
            let (before, after) = (texts[..start].join(":"), texts[start + 1..].join(":"));
            format!("{before}::{after}")
        } else {
            texts.join(":")
        };
        round_trips::<Ipv6Address>(&[&text]);
        round_trips::<IpAddress>(&[&text]);
        let (address, expected): (Ipv6Address, std::net::Ipv6Addr) =
            (text.parse().unwrap(), text.parse().unwrap());
        assert_eq!(address.get(), expected);
    }
    round_trips::<Ipv6Address>(&[
        "::",
        "::1",
        "0::",
        "::ffff:1.2.3.4",
        "::ffff:102:304",
        "::1.2.3.4",
        "64:ff9b::1.2.3.4",
    ]);
}

/// The usual forms are read without `std`.
#[test]
fn addresses_are_those_that_std_reads() {
    let mut state = 0x2023_1220_u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    let seeds =
        ["0.0.0.0", "203.0.113.7", "255.255.255.255", "99.100.249.250", "::", "::1", "1:2:3:4:5:6:7:8"];
    let more =
        ["fd:0:0:8102::2", "2001:db8::1:0:0:1", "::ffff:1.2.3.4", "1::", "1:2:3::5:6:7:8", "::2:3:4:5:6:7:8"];
    let seeds: Vec<&str> = seeds.into_iter().chain(more).collect();
    let mut valid = 0;
    for _ in 0..200_000 {
        let mut text = seeds[below(seeds.len())].to_owned();
        for _ in 0..below(4) {
            let at = below(text.len() + 1);
            let end = (at + below(3)).min(text.len());
            let part = ["", "0", "1", "9", "255", "256", "f", "F", ".", ":", "::", "0:", ":0"][below(13)];
            text.replace_range(at..end, part);
        }
        let expected = text.parse::<std::net::IpAddr>().ok();
        let read = text.parse::<IpAddress>().ok();
        assert_eq!(read.as_ref().map(IpAddress::get), expected, "{text}");
        assert_eq!(
            text.parse::<Ipv4Address>().is_ok(),
            expected.is_some_and(|address| address.is_ipv4()),
            "{text}"
        );
        if let Some(read) = read {
            assert_eq!(read.to_string(), text);
            valid += 1;
        }
    }
    assert!((50_000..150_000).contains(&valid), "{valid}");
}

/// The usual form is read another way than any other.
#[test]
fn usual_times_are_the_same_as_others() {
    for day in [
        "0000-01-01",
        "0000-02-29",
        "1969-12-31",
        "1970-01-01",
        "2000-02-29",
        "2024-12-31",
        "9999-12-30",
        "9999-12-31",
    ] {
        for time in ["00:00:00", "10:45:14", "21:59:59", "22:00:00", "23:59:59"] {
            for decimals in ["", ".000000", ".000001", ".999999"] {
                let usual: Timestamp = format!("{day}T{time}{decimals}Z").parse().unwrap();
                let other: Timestamp = format!("{day}T{time}{decimals}+00:00").parse().unwrap();
                assert_eq!(usual, other);
                assert_eq!(usual.to_string(), format!("{day}T{time}{decimals}Z"));
            }
        }
    }
}
