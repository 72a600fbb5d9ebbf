//! Labels of points.

use cloudconnexa_validator::coverage::{Branch, Point};

/// Returns the name of the field that a point is about.
pub(crate) fn field_label(point: &Point) -> String {
    let name = match (&point.branch, point.pointer.as_str()) {
        (Branch::UnknownField, "") => "(another field)",
        (Branch::UnknownField, _) => "(another field of `log`)",
        (_, pointer) => pointer.rsplit('/').next().unwrap_or_default(),
    };
    let deprecated = if point.is_deprecated() { " (deprecated)" } else { "" };
    format!("{name}{deprecated}")
}

/// Says what is missing of its field if nothing meets a point.
pub(crate) fn missing_label(point: &Point) -> String {
    match point.branch {
        Branch::Present => "the field".to_owned(),
        Branch::Absent => "without it".to_owned(),
        Branch::Null => "null".to_owned(),
        Branch::NotNull => "not null".to_owned(),
        Branch::True => "true".to_owned(),
        Branch::False => "false".to_owned(),
        Branch::Value(value) => format!("\"{value}\""),
        Branch::Number(number) => number.to_string(),
        Branch::OtherValue => "another value".to_owned(),
        Branch::Format("ipv4") => "an IPv4 address".to_owned(),
        Branch::Format("ipv6") => "an IPv6 address".to_owned(),
        Branch::Format(format) => format!("a {format}"),
        Branch::Empty => "an empty string".to_owned(),
        Branch::UnknownField => "one that the schema does not know".to_owned(),
    }
}

/// Says what a fixture needs to meet a point.
pub(super) fn fixture_label(point: &Point) -> String {
    let pointer = &point.pointer;
    match (point.branch, point.event) {
        (Branch::Value(name), Some(_)) if pointer == "/eventName" => format!("the event `{name}`"),
        (Branch::OtherValue, None) if pointer == "/eventName" => {
            "an event that the schema does not know".to_owned()
        }
        (Branch::UnknownField, None) => "a header field that the schema does not know".to_owned(),
        (Branch::UnknownField, Some(event)) => {
            format!("a field of `log` of `{}` that the schema does not know", event.name)
        }
        (branch, event) => {
            let of = event.map_or(String::new(), |event| format!(" of `{}`", event.name));
            match branch {
                Branch::Present => format!("`{pointer}`{of}"),
                Branch::Absent => format!("no `{pointer}`{of}"),
                _ => format!("`{pointer}`{of}: {}", missing_label(point)),
            }
        }
    }
}
