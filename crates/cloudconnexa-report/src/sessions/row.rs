//! A line of the table of sessions.

use std::io::{self, Write};

use cloudconnexa_validator::sessions::{Gap, Session};
#[cfg(feature = "schemars")]
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;

use super::csv::{self, FormulaGuard};

// The comments on these types are descriptions in the JSON Schema.

/// A session, as `ccxlog sessions` writes it: one JSON object per line, or one row of CSV with the same columns in the same
/// order. What the events don't say is null, and empty in CSV. Later versions may add columns after these.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Row", title = "A line of ccxlog sessions"))]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
pub struct SessionRow<'a> {
    /// The tenant.
    cloud_id: Option<&'a str>,
    /// The `clientSessionId` that the events are joined by.
    session_id: Option<&'a str>,
    /// The first of `parentEntityName`, `initiatorName` and `initiator` that is not empty: the name of a user, of a network
    /// or of a device. Two users may share it. Use `userId` and `userName` instead.
    #[cfg_attr(feature = "schemars", schemars(extend("deprecated" = true)))]
    user: Option<&'a str>,
    /// The identifier of what connected: of the device, or of the connector. For the user, see `userId`.
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
    /// The name of its region.
    gateway_region_name: Option<&'a str>,
    /// The transport of the tunnel, such as UDP.
    session_protocol: Option<&'a str>,
    /// The protocol of the tunnel, such as `OpenVPN`.
    session_tunnel_protocol: Option<&'a str>,
    /// When it started, as the event says.
    start: Option<&'a str>,
    /// When it ended, as the event says.
    end: Option<&'a str>,
    /// How long it lasted, as the event says.
    duration_seconds: Option<u64>,
    /// Bytes that CloudConnexa sent to the client.
    bytes_in: Option<u64>,
    /// Bytes that the client sent.
    bytes_out: Option<u64>,
    /// Why it ended.
    disconnect_reason: Option<&'a str>,
    /// Details of the reason; also null if the event has the string `"null"`.
    disconnect_reason_description: Option<&'a str>,
    /// Whether it is a refused login, by its reason: there never was a session.
    refused: bool,
    /// Whether all of it is known, because its end is: the end event also has the start. Null if no client-disconnected event
    /// of the tenant was read at all, as if it were not streamed, so that nothing is known of any end.
    complete: Option<bool>,
    /// Why it is not complete; null if it is, or if `complete` is null.
    incomplete_because: Option<IncompleteReason>,
    /// Whether its client-connected event was read.
    connected_seen: bool,
    /// Whether its client-disconnected event was read.
    disconnected_seen: bool,
    /// Whether the events that were read of it are valid. From invalid ones, this line has what could be read.
    valid: bool,
    /// The identifier of the user: `parentEntity` if `parentEntityType` is `User`, else `initiator` if `initiatorType` is
    /// `User`. Null if the events don't say who it was, as for connectors of networks and hosts. Count users by this column.
    user_id: Option<&'a str>,
    /// The display name of the user that `userId` identifies.
    user_name: Option<&'a str>,
}

/// Why the end of a session is not known.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Because"))]
#[serde(rename_all = "kebab-case")]
enum IncompleteReason {
    /// It had not ended when the input did.
    StillOpen,
    /// It did not end within `--horizon`.
    BeyondHorizon,
    /// More than `--max-open` sessions were open.
    TooManyOpen,
    /// The event does not say which session it starts.
    NoSessionId,
    /// The session had already started, or its end was already written, as a separate line.
    BegunBefore,
}

impl IncompleteReason {
    /// Returns the word for it, as in JSON.
    fn as_str(self) -> &'static str {
        match self {
            Self::StillOpen => "still-open",
            Self::BeyondHorizon => "beyond-horizon",
            Self::TooManyOpen => "too-many-open",
            Self::NoSessionId => "no-session-id",
            Self::BegunBefore => "begun-before",
        }
    }
}

/// The value of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cell<'a> {
    /// The events don't say.
    Null,
    /// Text.
    Text(&'a str),
    /// An integer.
    Integer(u64),
    /// Yes or no.
    Boolean(bool),
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl From<Option<u64>> for Cell<'_> {
    fn from(number: Option<u64>) -> Self {
        number.map_or(Self::Null, Self::Integer)
    }
}

impl From<Option<bool>> for Cell<'_> {
    fn from(answer: Option<bool>) -> Self {
        answer.map_or(Self::Null, Self::Boolean)
    }
}

/// The names of the columns, in their order.
pub const SESSION_COLUMNS: [&str; 31] = [
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
    "userId",
    "userName",
];

/// Returns the JSON Schema of a line.
#[cfg(feature = "schemars")]
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<SessionRow<'_>>()
}

impl<'a> SessionRow<'a> {
    /// Creates the line of a session.
    pub fn new(session: &'a Session) -> Self {
        let fields = &session.fields;
        Self {
            cloud_id: fields.cloud_id.as_deref(),
            session_id: fields.session_id.as_deref(),
            user: fields.user.as_deref(),
            initiator: fields.initiator.as_deref(),
            device: fields.device.as_deref(),
            client_uuid: fields.client_uuid.as_deref(),
            public_ip: fields.public_ip.as_deref(),
            tunnel_ip_v4: fields.tunnel_ip_v4.as_deref(),
            tunnel_ip_v6: fields.tunnel_ip_v6.as_deref(),
            os_type: fields.os_type.as_deref(),
            os_version: fields.os_version.as_deref(),
            gateway_id: fields.gateway_id.as_deref(),
            gateway_region: fields.gateway_region.as_deref(),
            gateway_region_name: fields.gateway_region_name.as_deref(),
            session_protocol: fields.session_protocol.as_deref(),
            session_tunnel_protocol: fields.session_tunnel_protocol.as_deref(),
            start: fields.start.as_deref(),
            end: fields.end.as_deref(),
            duration_seconds: fields.duration_seconds,
            bytes_in: fields.bytes_in,
            bytes_out: fields.bytes_out,
            disconnect_reason: fields.disconnect_reason.as_deref(),
            disconnect_reason_description: fields.disconnect_reason_description.as_deref(),
            refused: session.refused,
            complete: (session.gap != Some(Gap::NotStreamed)).then_some(session.is_complete()),
            incomplete_because: session.gap.and_then(|gap| match gap {
                Gap::StillOpen => Some(IncompleteReason::StillOpen),
                Gap::BeyondHorizon => Some(IncompleteReason::BeyondHorizon),
                Gap::TooMany => Some(IncompleteReason::TooManyOpen),
                Gap::NoSessionId => Some(IncompleteReason::NoSessionId),
                Gap::StartedBefore => Some(IncompleteReason::BegunBefore),
                Gap::NotStreamed => None,
            }),
            connected_seen: session.connected,
            disconnected_seen: session.disconnected,
            valid: session.is_valid,
            user_id: fields.user_id.as_deref(),
            user_name: fields.user_name.as_deref(),
        }
    }

    /// Returns the values of the [columns](SESSION_COLUMNS), in their order.
    pub fn cells(&self) -> [Cell<'a>; SESSION_COLUMNS.len()] {
        [
            self.cloud_id.into(),
            self.session_id.into(),
            self.user.into(),
            self.initiator.into(),
            self.device.into(),
            self.client_uuid.into(),
            self.public_ip.into(),
            self.tunnel_ip_v4.into(),
            self.tunnel_ip_v6.into(),
            self.os_type.into(),
            self.os_version.into(),
            self.gateway_id.into(),
            self.gateway_region.into(),
            self.gateway_region_name.into(),
            self.session_protocol.into(),
            self.session_tunnel_protocol.into(),
            self.start.into(),
            self.end.into(),
            self.duration_seconds.into(),
            self.bytes_in.into(),
            self.bytes_out.into(),
            self.disconnect_reason.into(),
            self.disconnect_reason_description.into(),
            Cell::Boolean(self.refused),
            self.complete.into(),
            self.incomplete_because.map(IncompleteReason::as_str).into(),
            Cell::Boolean(self.connected_seen),
            Cell::Boolean(self.disconnected_seen),
            Cell::Boolean(self.valid),
            self.user_id.into(),
            self.user_name.into(),
        ]
    }

    /// Writes it as a line of JSON.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }

    /// Writes it as a line of CSV.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn write_csv(&self, out: &mut impl Write, guard: FormulaGuard) -> io::Result<()> {
        csv::write(out, self, guard)
    }
}

#[cfg(test)]
mod tests;
