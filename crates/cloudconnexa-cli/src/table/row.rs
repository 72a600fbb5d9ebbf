//! A line of the table of sessions. [`schema`] describes it.

use cloudconnexa_validator::sessions::{Gap, Session};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

/// A session, as `ccxlog sessions` writes it: one JSON object a line, or one row of CSV with the same columns in the same
/// order. What the events don't tell is null, and empty in CSV. Other columns may come with later versions, behind these.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "A line of ccxlog sessions")]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
pub(super) struct Row<'a> {
    /// The tenant.
    cloud_id: Option<&'a str>,
    /// The `clientSessionId` that the events are joined by.
    session_id: Option<&'a str>,
    /// Who: the first of `parentEntityName`, `initiatorName` and `initiator` that is not empty.
    user: Option<&'a str>,
    /// The id of who or what connected.
    initiator: Option<&'a str>,
    /// The name of the device or connector, where the initiator is one.
    device: Option<&'a str>,
    /// The hardware UUID of the device.
    client_uuid: Option<&'a str>,
    /// The address that the client connected from: `clientPublicIp` of `log`, else the first one that the header has.
    public_ip: Option<&'a str>,
    /// The IPv4 address inside the tunnel.
    tunnel_ip_v4: Option<&'a str>,
    /// The IPv6 address inside the tunnel.
    tunnel_ip_v6: Option<&'a str>,
    /// The operating system.
    os_type: Option<&'a str>,
    /// Its version.
    os_version: Option<&'a str>,
    /// The gateway.
    gateway_id: Option<&'a str>,
    /// Its region.
    gateway_region: Option<&'a str>,
    /// What its region is called.
    gateway_region_name: Option<&'a str>,
    /// What carried the tunnel, such as UDP.
    session_protocol: Option<&'a str>,
    /// The protocol of the tunnel, such as `OpenVPN`.
    session_tunnel_protocol: Option<&'a str>,
    /// When it began, as the event has it.
    start: Option<&'a str>,
    /// When it ended, as the event has it.
    end: Option<&'a str>,
    /// How long it lasted, as the event has it.
    duration_seconds: Option<u64>,
    /// Bytes that CloudConnexa sent to the client.
    bytes_in: Option<u64>,
    /// Bytes that the client sent.
    bytes_out: Option<u64>,
    /// Why it ended.
    disconnect_reason: Option<&'a str>,
    /// More about that; null also where the event has the word `null` in quotes.
    disconnect_reason_description: Option<&'a str>,
    /// By its reason this is a login that was refused: there never was a session.
    refused: bool,
    /// The whole of it is known, because its end is: that tells when it began, too.
    complete: bool,
    /// Why it is not complete; null if it is.
    incomplete_because: Option<Because>,
    /// Its client-connected was read.
    connected_seen: bool,
    /// Its client-disconnected was read.
    disconnected_seen: bool,
    /// The events that were read of it are valid. Of invalid ones this line has what could be read.
    valid: bool,
}

/// Why the end of a session is not known.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Because {
    /// It had not ended when the input did.
    StillOpen,
    /// More than `--horizon` went by before it ended.
    BeyondHorizon,
    /// More than `--max-open` sessions were open.
    TooManyOpen,
    /// The event does not say which session it begins.
    NoSessionId,
    /// The session has begun before, or its end was written before, in a line of its own.
    BegunBefore,
}

/// The columns, in their order.
pub(super) const COLUMNS: [&str; 29] = [
    "cloudId",
    "sessionId",
    "user",
    "initiator",
    "device",
    "clientUuid",
    "publicIp",
    "tunnelIpV4",
    "tunnelIpV6",
    "osType",
    "osVersion",
    "gatewayId",
    "gatewayRegion",
    "gatewayRegionName",
    "sessionProtocol",
    "sessionTunnelProtocol",
    "start",
    "end",
    "durationSeconds",
    "bytesIn",
    "bytesOut",
    "disconnectReason",
    "disconnectReasonDescription",
    "refused",
    "complete",
    "incompleteBecause",
    "connectedSeen",
    "disconnectedSeen",
    "valid",
];

/// The JSON Schema of a line.
pub(crate) fn schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Row<'_>>()
}

impl<'a> Row<'a> {
    pub(super) fn of(session: &'a Session) -> Self {
        let facts = &session.fields;
        Self {
            cloud_id: facts.cloud_id.as_deref(),
            session_id: facts.session_id.as_deref(),
            user: facts.user.as_deref(),
            initiator: facts.initiator.as_deref(),
            device: facts.device.as_deref(),
            client_uuid: facts.client_uuid.as_deref(),
            public_ip: facts.public_ip.as_deref(),
            tunnel_ip_v4: facts.tunnel_ip_v4.as_deref(),
            tunnel_ip_v6: facts.tunnel_ip_v6.as_deref(),
            os_type: facts.os_type.as_deref(),
            os_version: facts.os_version.as_deref(),
            gateway_id: facts.gateway_id.as_deref(),
            gateway_region: facts.gateway_region.as_deref(),
            gateway_region_name: facts.gateway_region_name.as_deref(),
            session_protocol: facts.session_protocol.as_deref(),
            session_tunnel_protocol: facts.session_tunnel_protocol.as_deref(),
            start: facts.start.as_deref(),
            end: facts.end.as_deref(),
            duration_seconds: facts.duration_seconds,
            bytes_in: facts.bytes_in,
            bytes_out: facts.bytes_out,
            disconnect_reason: facts.disconnect_reason.as_deref(),
            disconnect_reason_description: facts.disconnect_reason_description.as_deref(),
            refused: session.refused,
            complete: session.is_complete(),
            incomplete_because: session.gap.map(|gap| match gap {
                Gap::StillOpen => Because::StillOpen,
                Gap::BeyondHorizon => Because::BeyondHorizon,
                Gap::TooMany => Because::TooManyOpen,
                Gap::NoSessionId => Because::NoSessionId,
                Gap::StartedBefore => Because::BegunBefore,
            }),
            connected_seen: session.connected,
            disconnected_seen: session.disconnected,
            valid: session.is_valid,
        }
    }

    /// Appends it as a line of JSON.
    pub(super) fn json(&self, out: &mut Vec<u8>) {
        serde_json::to_writer(&mut *out, self).expect("memory takes what is written");
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_those_of_a_row() {
        let mut line = Vec::new();
        Row::of(&Session {
            fields: cloudconnexa_validator::sessions::SessionFields::default(),
            connected: true,
            disconnected: false,
            gap: Some(Gap::StillOpen),
            refused: false,
            is_valid: true,
        })
        .json(&mut line);
        let line = String::from_utf8(line).unwrap();
        let mut at = 0;
        for column in COLUMNS {
            at += line[at..].find(&format!("\"{column}\":")).unwrap_or_else(|| panic!("{column} in {line}"));
        }
        let row: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(row.as_object().unwrap().len(), COLUMNS.len());
        let schema = schema().to_value();
        assert_eq!(schema["properties"].as_object().unwrap().len(), COLUMNS.len());
        assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&row));
    }
}
