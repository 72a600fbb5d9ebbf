//! Tests of dated keys.

use super::*;

#[test]
fn keys_as_cloudconnexa_names_them_are_dated() {
    let parse = |key| Dated::parse(key).map(|dated| (dated.folder, dated.time));
    assert_eq!(parse("1970-01-01-00-00-aB3z.jsonl.gz"), None);
    assert_eq!(parse("2026-11-28-09-30-aB3z.jsonl.gz"), Some(("", 1_795_858_200)));
    let key = "CloudConnexa/acme/2000-02-29-23-59-0000.jsonl.gz";
    assert_eq!(parse(key), Some(("CloudConnexa/acme/", 951_868_740)));
    for other in [
        "",
        "2026-11-28-09-30-aB3z.jsonl.gz/",
        "x2026-11-28-09-30-aB3z.jsonl.gz",
        "2026-11-28-09-30-aB3z.jsonl",
        "2026-11-28-09-30-aB3z.json.gz",
        "2026-11-28-09-30-aB3zz.jsonl.gz",
        "2026-11-28-09-30-aB3z-1.jsonl.gz",
        "2026-11-28-09-30-aB3é.jsonl.gz",
        "2026-11-28-09-30.jsonl.gz",
        "2026-11-28-09-aB3z.jsonl.gz",
        "2026-13-28-09-30-aB3z.jsonl.gz",
        "2026-11-32-09-30-aB3z.jsonl.gz",
        "2026-11-28-24-30-aB3z.jsonl.gz",
        "2026-11-28-09-60-aB3z.jsonl.gz",
        "2026-11-28-9-030-aB3z.jsonl.gz",
        "2026-11-28-+9-30-aB3z.jsonl.gz",
        "1999-11-28-09-30-aB3z.jsonl.gz",
        "02026-11-28-09-30-aB3z.jsonl.gz",
    ] {
        assert_eq!(Dated::parse(other), None, "{other}");
    }
}

#[test]
fn a_date_is_the_start_of_the_keys_of_its_day() {
    for time in
        [946_684_800, 951_782_400, 951_868_740, 1_795_858_200, 1_798_761_599, 4_107_542_400, 253_402_300_799]
    {
        let date = date(time).expect("a date");
        let dated = |hour: &str| Dated::parse(&format!("{date}-{hour}-AAAA.jsonl.gz")).expect("a key").time;
        assert!(dated("00-00") <= time && time < dated("23-59") + 60, "{date} {time}");
    }
    assert_eq!(date(951_782_400).as_deref(), Some("2000-02-29"));
    assert_eq!(date(4_107_542_400).as_deref(), Some("2100-03-01"));
    for time in [946_684_799, 0, -1, i64::MIN, 253_402_300_800, i64::MAX] {
        assert_eq!(date(time), None, "{time}");
    }
}
