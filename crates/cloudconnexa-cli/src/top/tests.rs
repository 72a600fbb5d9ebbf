//! Tests keys, the order of rows, and the bound on groups.

use cloudconnexa_report::Masking;
use cloudconnexa_report::table::Cell;
use cloudconnexa_validator::Validator;

use super::key::{Key, take_time, take_value};
use super::{Grouping, Groups, LeftOut, Rows};
use crate::args::Period;
use crate::filter::Field;

fn grouping(by: &[&str], sum: &[&str], per: Option<Period>) -> Grouping {
    let fields = |names: &[&str]| names.iter().map(|name| Field::parse(name).expect("a field")).collect();
    Grouping { by: fields(by), sum: fields(sum), per, max_groups: 1000 }
}

fn count(grouping: &Grouping, records: &[&str]) -> (Groups, LeftOut) {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let (mut groups, mut left_out, mut buffer) = (Groups::default(), LeftOut::default(), Vec::new());
    for record in records {
        let outline = checker.outline(record.as_bytes()).expect("an object");
        grouping.add(&outline, &mut buffer, &mut groups, &mut left_out);
    }
    (groups, left_out)
}

/// Returns rows as text, their cells separated by spaces.
fn rows(grouping: &Grouping, groups: Groups, limit: Option<usize>) -> Vec<String> {
    let rows = Rows::new(grouping, groups, limit, Masking::Shown);
    let text =
        |row: Vec<Cell<'_>>| row.iter().map(|cell| cell.text().into_owned()).collect::<Vec<_>>().join(" ");
    rows.cells().map(text).collect()
}

#[test]
fn a_key_holds_any_value_and_sorts_as_the_values_do() {
    let mut keys = Vec::new();
    for time in [-1, 0, 1_700_000_000_000_000] {
        for text in
            [None, Some(""), Some("\0"), Some("\0\0a"), Some("\0ÿ"), Some("a"), Some("a\0"), Some("ab")]
        {
            let mut buffer = vec![7];
            let mut key = Key::new(&mut buffer);
            key.push_time(time);
            match text {
                Some(text) => key.push_text(text),
                None => key.push_missing(),
            }
            key.push_json("1");
            let mut rest = &*buffer;
            assert_eq!(take_time(&mut rest), Some(time));
            let expected = text.map_or(Cell::Missing, |text| Cell::Text(text.into()));
            assert_eq!(take_value(&mut rest), Some(expected));
            assert_eq!(take_value(&mut rest), Some(Cell::Json("1".into())));
            assert_eq!(take_value(&mut rest), None);
            keys.push(buffer);
        }
    }
    assert!(keys.is_sorted());
}

#[test]
fn text_and_numbers_are_different_values_and_escapes_are_not() {
    let records =
        [r#"{"a":"1"}"#, r#"{"a":1}"#, r#"{"a":"\u0031"}"#, r#"{"a":true}"#, r#"{"a":null}"#, r#"{"b":1}"#];
    let by_a = grouping(&["/a"], &[], None);
    let (groups, left_out) = count(&by_a, &records);
    assert_eq!(left_out.without_fields, 2);
    assert_eq!(rows(&by_a, groups, None), ["1 2", "1 1", "true 1"]);
}

#[test]
fn an_event_with_some_of_the_fields_is_counted() {
    let by_both = grouping(&["/a", "/b"], &[], None);
    let (groups, left_out) = count(&by_both, &[r#"{"a":"x"}"#, r#"{"b":"y"}"#, r#"{"c":1}"#]);
    assert_eq!(
        (rows(&by_both, groups, None), left_out.without_fields),
        (vec![" y 1".into(), "x  1".into()], 1)
    );
}

#[test]
fn rows_are_ordered_by_period_then_sum_then_count_then_value() {
    let records = [
        r#"{"a":"x","n":1,"timestamp":"2026-11-02T23:59:59.999999Z"}"#,
        r#"{"a":"y","n":9,"timestamp":"2026-11-02T00:00:00.000000Z"}"#,
        r#"{"a":"x","n":1,"timestamp":"2026-11-02T12:00:00Z"}"#,
        r#"{"a":"z","timestamp":"2026-11-03T01:00:00+02:00"}"#,
        r#"{"a":"z","n":1,"timestamp":"2026-11-01T00:00:00Z"}"#,
        r#"{"a":"y","n":1,"timestamp":"2026-11-01T00:00:00Z"}"#,
        r#"{"a":"x","n":1,"timestamp":"1969-12-31T23:00:00Z"}"#,
        r#"{"a":"x","n":1}"#,
    ];
    let per_day = grouping(&["/a"], &["/n"], Some(Period::Day));
    let all = || count(&per_day, &records);
    assert_eq!(all().1.without_time, 1);
    assert_eq!(
        rows(&per_day, all().0, None),
        [
            "1969-12-31 x 1 1",
            "2026-11-01 y 1 1",
            "2026-11-01 z 1 1",
            "2026-11-02 y 1 9",
            "2026-11-02 x 2 2",
            "2026-11-02 z 1 0",
        ]
    );
    assert_eq!(
        rows(&per_day, all().0, Some(1)),
        ["1969-12-31 x 1 1", "2026-11-01 y 1 1", "2026-11-02 y 1 9"],
        "the greatest of each day"
    );
    let per_hour = grouping(&["/a"], &[], Some(Period::Hour));
    assert_eq!(rows(&per_hour, count(&per_hour, &records[2..3]).0, None), ["2026-11-02T12:00:00Z x 1"]);
}

#[test]
fn only_whole_numbers_are_summed() {
    let sums = grouping(&["/a"], &["/n"], None);
    let records = [
        r#"{"a":1,"n":18446744073709551615}"#,
        r#"{"a":1,"n":18446744073709551615}"#,
        r#"{"a":1,"n":"5"}"#,
        r#"{"a":1,"n":0.5}"#,
        r#"{"a":1,"n":null}"#,
        r#"{"a":1}"#,
    ];
    let (groups, left_out) = count(&sums, &records);
    assert_eq!(
        (rows(&sums, groups, None), left_out.not_summed),
        (vec!["1 6 36893488147419103230".into()], 2)
    );
}

#[test]
fn more_groups_than_allowed_are_refused_and_as_many_are_not() {
    let by_a = grouping(&["/a"], &[], None);
    let two = || count(&by_a, &[r#"{"a":1}"#, r#"{"a":2}"#]).0;
    let mut total = Groups::default();
    assert!(total.merge(two(), 2) && total.merge(two(), 2));
    assert_eq!(rows(&by_a, total, None), ["1 2", "2 2"]);
    assert!(!Groups::default().merge(two(), 1));
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(600));
    let long = || count(&by_a, &[&long]).0;
    assert!(Groups::default().merge(long(), 3) && !Groups::default().merge(long(), 2));
}

#[test]
fn two_columns_of_one_name_are_refused() {
    let message =
        grouping(&["destinationPort"], &["destinationPort"], None).columns().expect_err("a name twice");
    assert!(message.contains("`destinationPort` would be the name of two columns"), "{message}");
    let columns = grouping(&["domain", "userId"], &["/n"], Some(Period::Day)).columns();
    assert_eq!(columns.expect("names"), ["day", "domain", "userId", "count", "/n"]);
}
