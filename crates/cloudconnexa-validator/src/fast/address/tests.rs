//! Compares addresses with what `std` parses.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{dotted, is_usual};
use crate::fast::scan::{Native, Portable, Scan};

/// Whether a quoted text is an IPv4 address. It is followed by digits that are not part of it.
fn is_ipv4<S: Scan>(text: &str) -> bool {
    let mut bytes = [b'1'; 32];
    bytes[0] = b'"';
    bytes[1..=text.len()].copy_from_slice(text.as_bytes());
    bytes[1 + text.len()] = b'"';
    let length = dotted::<S>(&bytes);
    assert!(length == 0 || length == text.len() + 2, "{length} bytes of {text:?}");
    length > 0
}

#[track_caller]
fn check_ipv4(text: &str) {
    let expected = text.parse::<Ipv4Addr>().is_ok();
    assert_eq!([is_ipv4::<Native>(text), is_ipv4::<Portable>(text)], [expected; 2], "{text:?}");
}

#[test]
fn each_number_of_an_address_is_one_that_std_reads() {
    let mut numbers: Vec<String> =
        ["", "1000", "0000", "a", "1a", "-1", "+1", " 1"].map(str::to_owned).into();
    for digits in 1..=3 {
        numbers.extend(
            (0..10_usize.pow(digits)).map(|number| format!("{number:0width$}", width = digits as usize)),
        );
    }
    for number in numbers {
        for place in 0..4 {
            let mut parts = ["2", "10", "0", "255"];
            parts[place] = &number;
            check_ipv4(&parts.join("."));
        }
    }
}

#[test]
fn an_address_has_four_numbers() {
    for text in
        ["1", "1.2", "1.2.3", "1.2.3.4.5", ".1.2.3", "1.2.3.", "1..2.3", "1.2.3.4.", "1,2.3.4", "1.2.3:4"]
    {
        assert!(text.parse::<Ipv4Addr>().is_err());
        check_ipv4(text);
    }
    check_ipv4("255.255.255.255");
}

/// Joins groups with colons, with two of them at each gap.
fn joined(groups: &[&str], gaps: &[usize]) -> String {
    let mut text = String::new();
    for index in 0..=groups.len() {
        if gaps.contains(&index) {
            text += "::";
        } else if 0 < index && index < groups.len() {
            text += ":";
        }
        text += groups.get(index).unwrap_or(&"");
    }
    text
}

/// `std` decides about addresses that end in four numbers, and about those that are not accepted here.
#[test]
fn what_is_usual_are_the_addresses_of_std_without_dots() {
    let check = |text: &str| {
        let expected = text.parse::<Ipv6Addr>().is_ok() && !text.contains('.');
        assert_eq!(is_usual(text.as_bytes()), expected, "{text:?}");
    };
    for length in 0..=9 {
        let gaps = (0..=length).flat_map(|one| (one..=length).map(move |two| vec![one, two]));
        for gaps in gaps.chain([Vec::new()]) {
            for place in 0..=length {
                for group in ["1", "", "0", "12345", "FfFf", "g", "1.2.3.4"] {
                    let mut groups = vec!["fe80"; length];
                    groups.get_mut(place).into_iter().for_each(|it| *it = group);
                    let text = joined(&groups, &gaps);
                    check(&text);
                    check(&format!(":{text}"));
                    check(&format!("{text}:"));
                }
            }
        }
    }
}
