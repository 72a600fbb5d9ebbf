//! Explains why a string does not have the format of its field.
//!
//! Nothing here decides what is valid. The engine has already rejected the string; a wrong guess costs a hint.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A defect of a string, without its text: a label for the caret, and how to fix it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) label: &'static str,
    pub(crate) help: &'static str,
}

#[allow(clippy::unnecessary_wraps, reason = "callers return it as it is")]
const fn problem(label: &'static str, help: &'static str) -> Option<Problem> {
    Some(Problem { label, help })
}

/// Returns what is wrong with `text`, which should have one of `formats`, or `None` if that is not obvious.
pub(crate) fn diagnose(formats: &[String], text: &str) -> Option<Problem> {
    let takes = |name: &str| formats.iter().any(|format| format == name);
    if text.is_empty() {
        return problem("this is empty", "give it a value");
    }
    if text.trim() != text {
        return problem("surrounded by white space", "remove the white space at its start and end");
    }
    match (takes("ipv4"), takes("ipv6")) {
        (false, false) if takes("date-time") => date_time(text.as_bytes()),
        (false, false) if takes("uuid") => uuid(text),
        (false, false) => None,
        (four, six) => address(text, four, six),
    }
}

/// All that a date-time needs, for text that lacks more than one thing: what is named one at a time is fixed one at a time.
const WHOLE_FORM: &str = "write it as in `2023-12-20T10:45:14Z`, with `Z` if the time is in UTC, or else an offset such as `+02:00`";

fn date_time(text: &[u8]) -> Option<Problem> {
    if text.iter().all(u8::is_ascii_digit) {
        return problem("this looks like Unix time", "write it as in `2023-12-20T10:45:14Z`");
    }
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, rest @ ..] = text else {
        return problem("no date of the form `YYYY-MM-DD`", "write it as in `2023-12-20T10:45:14Z`");
    };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let (month, day) = (number(&[*m1, *m2])?, number(&[*d1, *d2])?);
    if !(1..=12).contains(&month) {
        return problem("no such month", "months go from 01 to 12");
    }
    if day == 0 || day > days(year, month) {
        return problem("no such day in this month", "correct the day");
    }
    match rest {
        [] => problem("no time of day", "add the time and the offset, as in `2023-12-20T10:45:14Z`"),
        [b'T' | b't', time @ ..] => time_of_day(time),
        [b' ' | b'_', time @ ..] => {
            problem("no `T` between date and time", only(time_of_day(time), MISSING_T))
        }
        [_, time @ ..] => problem("no `T` after the date", only(time_of_day(time), MISSING_T)),
    }
}

const MISSING_T: &str = "put a `T` between date and time";

/// Returns `help` if nothing else is wrong, or else the help for everything.
fn only(other: Option<Problem>, help: &'static str) -> &'static str {
    if other.is_none() { help } else { WHOLE_FORM }
}

fn time_of_day(text: &[u8]) -> Option<Problem> {
    let [h1, h2, b':', m1, m2, rest @ ..] = text else {
        return problem("no time of the form `hh:mm:ss`", "write it as in `2023-12-20T10:45:14Z`");
    };
    let (hour, minute) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
    if hour > 23 {
        return problem("no such hour", "hours go from 00 to 23");
    }
    if minute > 59 {
        return problem("no such minute", "minutes go from 00 to 59");
    }
    let [b':', s1, s2, rest @ ..] = rest else {
        return problem(
            "no seconds",
            only(offset_from_utc(rest), "write the seconds as well, as in `10:45:14`"),
        );
    };
    let second = number(&[*s1, *s2])?;
    if second > 60 {
        return problem("no such second", "seconds go from 00 to 59");
    }
    let offset = match rest {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                let help = only(offset_from_utc(fraction), "add a digit, or remove the point");
                return problem("no digit after the point", help);
            }
            &fraction[digits..]
        }
        [b',', fraction @ ..] => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let help = only(offset_from_utc(&fraction[digits..]), "use a point instead of the comma");
            return problem("a comma before the fraction", help);
        }
        rest => rest,
    };
    offset_from_utc(offset).or_else(|| {
        let help = "only the last minute of a day in UTC has a leap second";
        if second == 60 { problem("no leap second then", help) } else { None }
    })
}

fn offset_from_utc(text: &[u8]) -> Option<Problem> {
    match text {
        [] => problem("no offset from UTC", "add the offset: `Z` if the time is in UTC"),
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
            if hours > 23 || minutes > 59 {
                problem("no such offset", "offsets go up to 23:59")
            } else {
                None
            }
        }
        [b'+' | b'-', digits @ ..] if matches!(digits.len(), 2 | 4) && number(digits).is_some() => {
            problem("an offset without a colon", "write the offset as in `+02:00`")
        }
        [b'Z' | b'z'] => None,
        _ => problem("no offset from UTC at the end", "end it with `Z`, or with an offset as in `+02:00`"),
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &byte| Some(value * 10 + char::from(byte).to_digit(10)?))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn uuid(text: &str) -> Option<Problem> {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let groups: Vec<_> = text.split('-').collect();
    if text.len() == 32 && is_hex(text) {
        problem("no hyphens", "write it in groups of 8-4-4-4-12 digits, with hyphens between them")
    } else if text.starts_with('{') || text.to_ascii_lowercase().starts_with("urn:") {
        problem("more than a UUID", "write the 36 characters of the UUID alone")
    } else if groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) {
        problem("not a hexadecimal digit", "a UUID has only the digits 0 to 9 and a to f")
    } else if text.contains('@') {
        problem("this looks like an e-mail address", "give the UUID")
    } else if groups.iter().all(|group| is_hex(group)) {
        problem("not the length of a UUID", "a UUID has groups of 8-4-4-4-12 digits")
    } else {
        None
    }
}

fn address(text: &str, four: bool, six: bool) -> Option<Problem> {
    if text.parse::<Ipv6Addr>().is_ok() {
        return problem("this is an IPv6 address", "give the IPv4 address");
    }
    if text.parse::<Ipv4Addr>().is_ok() {
        return problem("this is an IPv4 address", "give the IPv6 address");
    }
    let is_address = |text: &str| text.parse::<IpAddr>().is_ok();
    if let Some((address, _)) = text.split_once('/')
        && is_address(address)
    {
        return problem("this is a network", "give the address without the length of the prefix");
    }
    if let Some((address, _)) = text.split_once('%')
        && is_address(address)
    {
        return problem("an address with a zone", "remove the zone: `%` and what follows it");
    }
    if text.parse::<std::net::SocketAddr>().is_ok() {
        return problem("an address with a port", "give the address without the port");
    }
    if let Some(inside) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'))
        && is_address(inside)
    {
        return problem("an address in brackets", "remove the brackets");
    }
    let groups: Vec<_> = text.split('.').collect();
    let dotted =
        groups.iter().all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    if dotted && (four || !six) {
        return if groups.len() != 4 {
            problem("not four numbers", "an IPv4 address has four numbers, as in `203.0.113.7`")
        } else if groups.iter().any(|group| group.len() > 1 && group.starts_with('0')) {
            problem("a leading zero", "remove the leading zeros: some programs read them as octal")
        } else {
            problem("a number above 255", "each number of an IPv4 address goes from 0 to 255")
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{WHOLE_FORM, diagnose};

    fn help(text: &str) -> &'static str {
        diagnose(&["date-time".to_owned()], text).unwrap().help
    }

    /// Whoever mends what the message names should not get another message.
    #[test]
    fn a_date_time_with_several_defects_gets_the_whole_form_at_once() {
        for text in [
            "2023-12-20 10:45:14",
            "2023-12-20 10:45:14.123456",
            "2023-12-20 10:45:14,123",
            "2023-12-20 10:45",
            "2023-12-20_10:45:14 UTC",
            "2023-12-20X10:45:14",
            "2023-12-20T10:45",
            "2023-12-20T10:45:14,5",
            "2023-12-20T10:45:14.",
        ] {
            assert_eq!(help(text), WHOLE_FORM, "{text}");
        }
        for (text, expected) in [
            ("2023-12-20 10:45:14Z", "put a `T` between date and time"),
            ("2023-12-20 10:45:14.5+02:00", "put a `T` between date and time"),
            ("2023-12-20T10:45Z", "write the seconds as well, as in `10:45:14`"),
            ("2023-12-20T10:45:14,5Z", "use a point instead of the comma"),
            ("2023-12-20T10:45:14", "add the offset: `Z` if the time is in UTC"),
        ] {
            assert_eq!(help(text), expected, "{text}");
        }
    }
}
