//! Tests of rows.

use super::*;

/// A session that started, and of which no end was seen.
fn valid_session(gap: Gap) -> Session {
    let mut session = Session::default();
    (session.connected, session.is_valid, session.gap) = (true, true, Some(gap));
    session
}

#[test]
fn the_columns_are_those_of_a_row() {
    let mut line = Vec::new();
    SessionRow::new(&valid_session(Gap::StillOpen)).write_json(&mut line).unwrap();
    let line = String::from_utf8(line).unwrap();
    let mut at = 0;
    for column in SESSION_COLUMNS {
        at += line[at..].find(&format!("\"{column}\":")).unwrap_or_else(|| panic!("{column} in {line}"));
    }
    let row: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(row.as_object().unwrap().len(), SESSION_COLUMNS.len());
    let schema = schema().to_value();
    assert_eq!(schema["properties"].as_object().unwrap().len(), SESSION_COLUMNS.len());
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&row));
}

#[test]
fn a_session_whose_end_is_not_streamed_is_neither_complete_nor_incomplete() {
    let mut line = Vec::new();
    SessionRow::new(&valid_session(Gap::NotStreamed)).write_json(&mut line).unwrap();
    let row: serde_json::Value = serde_json::from_slice(&line).unwrap();
    assert!(row["complete"].is_null() && row["incompleteBecause"].is_null(), "{row}");
    assert!(jsonschema::validator_for(&schema().to_value()).unwrap().is_valid(&row));
}

#[test]
fn cells_are_the_values_of_the_line_of_json() {
    let text = |text: &str| Some(Box::from(text));
    for gap in [
        None,
        Some(Gap::StillOpen),
        Some(Gap::BeyondHorizon),
        Some(Gap::TooMany),
        Some(Gap::NoSessionId),
        Some(Gap::StartedBefore),
        Some(Gap::NotStreamed),
    ] {
        let mut session = Session::default();
        (session.gap, session.refused, session.connected) = (gap, true, true);
        let fields = &mut session.fields;
        (fields.cloud_id, fields.session_id, fields.user) = (text("cloud"), text("session"), text("user"));
        (fields.initiator, fields.device, fields.client_uuid) =
            (text("initiator"), text("device"), text("uuid"));
        (fields.public_ip, fields.tunnel_ip_v4, fields.tunnel_ip_v6) = (text("ip"), text("v4"), text("v6"));
        (fields.os_type, fields.os_version, fields.gateway_id) =
            (text("os"), text("version"), text("gateway"));
        (fields.gateway_region, fields.gateway_region_name) = (text("region"), text("name"));
        (fields.session_protocol, fields.session_tunnel_protocol) = (text("UDP"), text("OpenVPN"));
        (fields.start, fields.end) = (text("from"), text("to"));
        (fields.duration_seconds, fields.bytes_in, fields.bytes_out) = (Some(1), Some(2), Some(u64::MAX));
        fields.disconnect_reason = text("reason");
        (fields.user_id, fields.user_name) = (text("id"), text("name"));
        let row = SessionRow::new(&session);
        let json = serde_json::to_value(&row).unwrap();
        for (column, cell) in SESSION_COLUMNS.into_iter().zip(row.cells()) {
            let expected = match cell {
                Cell::Null => serde_json::Value::Null,
                Cell::Text(text) => text.into(),
                Cell::Integer(number) => number.into(),
                Cell::Boolean(answer) => answer.into(),
            };
            assert_eq!(json[column], expected, "{column} with {gap:?}");
        }
    }
}
