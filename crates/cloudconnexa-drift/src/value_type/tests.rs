use super::ValueType;

#[test]
fn formats_of_strings_are_detected() {
    for (text, value_type) in [
        ("", ValueType::EmptyString),
        ("null", ValueType::NullString),
        ("2023-12-20T10:45:14.000000Z", ValueType::DateTime),
        ("2023-12-20T10:45:14+02:00", ValueType::DateTime),
        ("2023-12-20 is a day", ValueType::String),
        ("8EE244A8-90C8-5AFF-8F83-9B7E8290E4A5", ValueType::Uuid),
        ("8EE244A8-90C8-5AFF-8F83-9B7E8290E4AX", ValueType::String),
        ("100.96.1.34", ValueType::Ipv4),
        ("100.96.1.340", ValueType::String),
        ("fd:0:0:8102::2", ValueType::Ipv6),
        ("::ffff:1.2.3.4", ValueType::Ipv6),
        ("443", ValueType::String),
        ("6582c5be4203d502df029d4a", ValueType::String),
        ("abc:def", ValueType::String),
        ("ü", ValueType::String),
    ] {
        assert_eq!(ValueType::of_string(text.as_bytes()), value_type, "{text}");
    }
}

#[test]
fn all_types_are_listed_in_order() {
    assert!(ValueType::ALL.iter().enumerate().all(|(index, value_type)| *value_type as usize == index));
}
