//! The values of fields: from the simulation where it has one by that name, else anything that the schema allows.

use cloudconnexa_validator::catalog::{FieldSpec, Kind, LOG_VERSIONS};

use crate::inventory::Gateway;
use crate::pools;
use crate::simulator::{Role, Snapshot};
use crate::text::{Spelling, uuid};
use crate::writer::{Scope, Writer};

/// A function that writes the value of a field.
pub(crate) type WriteValue = fn(&Snapshot<'_>, &mut Writer<'_>);

/// A field name, and the function that writes its value.
type Row = (&'static str, WriteValue);

/// How often a field is present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Always,
    Never,
    /// In this many of a thousand events.
    PerMille(u64),
    /// In events of tenants that have the fields which the vendor announced as successors.
    Successor,
}

#[rustfmt::skip]
const HEADER: &[Row] = &[
    ("CloudConnexaLogVersion", |_, writer| writer.number(LOG_VERSIONS[0])),
    ("timestamp", |snapshot, writer| writer.time(snapshot.now)),
    ("cloudId", |snapshot, writer| writer.raw(&snapshot.tenant.id)),
    ("traceId", |_, writer| uuid(writer.random, writer.out)),
    ("publicIp", |snapshot, writer| writer.raw(&snapshot.actor.address)),
    ("initiatorPublicIp", |snapshot, writer| writer.raw(&snapshot.actor.address)),
    ("clientPublicIp", |snapshot, writer| writer.raw(&snapshot.actor.address)),
    ("initiator", |snapshot, writer| writer.raw(&snapshot.actor.id)),
    ("initiatorRole", |_, writer| writer.text("Admin")),
    ("initiatorType", |snapshot, writer| writer.raw(&snapshot.actor.kind)),
    ("initiatorName", |snapshot, writer| writer.raw(&snapshot.actor.name)),
    ("parentEntity", |snapshot, writer| writer.raw(&snapshot.actor.parent)),
    ("parentEntityType", |snapshot, writer| writer.raw(&snapshot.actor.parent_kind)),
    ("parentEntityName", |snapshot, writer| writer.raw(&snapshot.actor.parent_name)),
    ("category", |snapshot, writer| writer.text(category(snapshot.event))),
    ("userAgent", |snapshot, writer| writer.raw(&snapshot.actor.agent)),
    ("initiatorClientAgent", |snapshot, writer| writer.raw(&snapshot.actor.agent)),
];

#[rustfmt::skip]
const ADMIN_LOG: &[Row] = &[
    ("aws-s3-bucket", |snapshot, writer| writer.raw(&snapshot.tenant.bucket)),
    ("aws-region", |snapshot, writer| writer.raw(&snapshot.tenant.region)),
];

#[rustfmt::skip]
const SESSION_LOG: &[Row] = &[
    ("clientUUID", |snapshot, writer| writer.raw(&snapshot.device.hardware)),
    ("clientSessionId", |snapshot, writer| writer.raw(&snapshot.session.id)),
    ("clientOsType", |snapshot, writer| writer.raw(&snapshot.device.system)),
    ("clientOsVersion", |snapshot, writer| writer.raw(&snapshot.device.version)),
    ("clientPublicIp", |snapshot, writer| writer.raw(&snapshot.device.itself.address)),
    ("clientTunnelIpV4", |snapshot, writer| writer.raw(&snapshot.device.tunnel_v4)),
    ("clientTunnelIpV6", |snapshot, writer| writer.raw(&snapshot.device.tunnel_v6)),
    ("sessionProtocol", |snapshot, writer| writer.raw(&snapshot.session.transport)),
    ("sessionTunnelProtocol", |snapshot, writer| writer.raw(&snapshot.session.tunnel)),
    ("sessionStartTime", |snapshot, writer| writer.time(snapshot.session.start)),
    ("gatewayRegionName", |snapshot, writer| writer.raw(&client_gateway(snapshot).name)),
    ("gatewayRegion", |snapshot, writer| writer.raw(&client_gateway(snapshot).region)),
    ("gatewayId", |snapshot, writer| writer.raw(&client_gateway(snapshot).id)),
    ("sessionEndTime", |snapshot, writer| writer.time(snapshot.now)),
    ("sessionDurationSeconds", |snapshot, writer| writer.number(snapshot.seconds())),
    ("sessionBytesIn", |snapshot, writer| writer.number(snapshot.bytes().0)),
    ("sessionBytesOut", |snapshot, writer| writer.number(snapshot.bytes().1)),
    ("sessionDisconnectReason", |snapshot, writer| writer.raw(snapshot.reason)),
    // The vendor's own example has the word in quotation marks.
    ("sessionDisconnectReasonDescription", |_, writer| match writer.random.below(4) {
        0 => writer.text("null"),
        1 => writer.text("The server closed the connection"),
        _ => writer.raw("null"),
    }),
];

#[rustfmt::skip]
const DOMAIN_LOG: &[Row] = &[
    ("domain", |snapshot, writer| writer.text(pools::DOMAINS[snapshot.domain].0)),
    ("category", |snapshot, writer| writer.text(pools::DOMAINS[snapshot.domain].1)),
];

#[rustfmt::skip]
const FLOW_LOG: &[Row] = &[
    ("sourceEntityType", |snapshot, writer| writer.raw(&snapshot.device.itself.kind)),
    ("sourceEntityId", |snapshot, writer| writer.raw(&snapshot.device.itself.id)),
    ("sourceEntityName", |snapshot, writer| writer.raw(&snapshot.device.itself.name)),
    ("sourceParentType", |_, writer| writer.text("User")),
    ("sourceParentId", |snapshot, writer| writer.raw(&snapshot.device.owner.id)),
    ("sourceParentName", |snapshot, writer| writer.raw(&snapshot.device.owner.parent_name)),
    ("sourceGatewayRegion", |snapshot, writer| writer.raw(&client_gateway(snapshot).region)),
    ("sourceGatewayRegionName", |snapshot, writer| writer.raw(&client_gateway(snapshot).name)),
    ("sourceIp", |snapshot, writer| writer.raw(&snapshot.device.tunnel_v4)),
    ("destinationEntityType", |snapshot, writer| writer.raw(&snapshot.target.kind)),
    ("destinationEntityId", |snapshot, writer| writer.raw(&snapshot.target.id)),
    ("destinationEntityName", |snapshot, writer| writer.raw(&snapshot.target.name)),
    ("destinationParentType", |snapshot, writer| writer.raw(&snapshot.target.parent_kind)),
    ("destinationParentId", |snapshot, writer| writer.raw(&snapshot.target.parent)),
    ("destinationParentName", |snapshot, writer| writer.raw(&snapshot.target.parent_name)),
    ("destinationEntityIp", |snapshot, writer| writer.raw(&snapshot.target.address)),
    ("destinationPort", |snapshot, writer| writer.number(snapshot.target.port)),
    ("destinationGatewayRegion", |snapshot, writer| writer.raw(&target_gateway(snapshot).region)),
    ("destinationGatewayRegionName", |snapshot, writer| writer.raw(&target_gateway(snapshot).name)),
    ("protocol", |snapshot, writer| writer.text(if snapshot.target.is_udp { "17" } else { "6" })),
    ("protocolName", |snapshot, writer| writer.text(if snapshot.target.is_udp { "udp" } else { "tcp" })),
    ("allowed", |_, writer| {
        let allowed = !writer.random.per_mille(15);
        writer.raw(if allowed { "true" } else { "false" });
    }),
    ("clientSessionId", |snapshot, writer| writer.raw(&snapshot.session.id)),
];

#[rustfmt::skip]
const TRAFFIC_LOG: &[Row] = &[
    ("signatureId", |snapshot, writer| writer.text(pools::SIGNATURES[snapshot.signature].0)),
    ("eventName", |snapshot, writer| writer.text(pools::SIGNATURES[snapshot.signature].1)),
    ("classification", |snapshot, writer| writer.text(pools::SIGNATURES[snapshot.signature].2)),
    ("priority", |snapshot, writer| writer.number(pools::SIGNATURES[snapshot.signature].3)),
    ("category", |snapshot, writer| writer.text(pools::SIGNATURES[snapshot.signature].4)),
    ("sourceIp", |snapshot, writer| writer.raw(&snapshot.device.tunnel_v4)),
    ("sourcePort", |_, writer| { let port = 49_152 + writer.random.below(16_384); writer.number(port); }),
    ("destinationIp", |snapshot, writer| writer.raw(&snapshot.target.address)),
    ("destinationPort", |snapshot, writer| writer.number(snapshot.target.port)),
];

/// Returns the gateway that the client is connected to.
fn client_gateway<'a>(snapshot: &Snapshot<'a>) -> &'a Gateway {
    &snapshot.tenant.gateways[snapshot.gateway]
}

/// Returns the gateway that the target of a flow is connected to.
fn target_gateway<'a>(snapshot: &Snapshot<'a>) -> &'a Gateway {
    &snapshot.tenant.gateways[snapshot.target.gateway]
}

/// Returns the function that writes a field, if the simulation has a value for it.
pub(crate) fn value(event: &str, scope: Scope, field: &str) -> Option<WriteValue> {
    let rows = match event {
        _ if scope == Scope::Header => HEADER,
        "client-connected" | "client-disconnected" => SESSION_LOG,
        "domain-blocked" => DOMAIN_LOG,
        "flow-established" => FLOW_LOG,
        "traffic-blocked" => TRAFFIC_LOG,
        _ => ADMIN_LOG,
    };
    rows.iter().find(|(name, _)| *name == field).map(|(_, write)| *write)
}

/// Returns how often an optional field is present, going by the vendor's examples and recorded events.
pub(crate) fn presence(event: &str, scope: Scope, field: &str) -> Presence {
    let by_admin = Role::of(event) == Role::Administers;
    match field {
        _ if scope == Scope::Log => Presence::PerMille(980),
        "publicIp" if matches!(event, "domain-blocked" | "traffic-blocked") => Presence::Never,
        "initiatorName" | "parentEntityName" if event == "flow-established" => Presence::Never,
        "publicIp" | "initiatorName" | "parentEntity" | "parentEntityType" | "parentEntityName" => {
            Presence::Always
        }
        "clientPublicIp" if event == "client-disconnected" => Presence::Always,
        "initiatorRole" | "userAgent" if by_admin => Presence::Always,
        "initiatorClientAgent" if by_admin => Presence::Successor,
        "clientPublicIp" | "initiatorRole" | "userAgent" | "initiatorClientAgent" => Presence::Never,
        "initiatorPublicIp" => Presence::Successor,
        _ => Presence::PerMille(500),
    }
}

/// Returns the category in the header of an event.
fn category(event: &str) -> &'static str {
    match event {
        "test-message" => "Activity.Admin",
        "flow-established" => "Activity.AV",
        "client-connected" | "client-disconnected" => "Security.Logins",
        "domain-blocked" => "Security.CyberShieldBlockedDomains",
        "traffic-blocked" => "Security.CyberShieldBlockedTraffic",
        _ => "Audit.Admin",
    }
}

/// Writes a value that the schema allows, for a field that the simulation has no value for.
pub(crate) fn write_by_kind(field: &FieldSpec, snapshot: &Snapshot<'_>, writer: &mut Writer<'_>) {
    match field.kind {
        Kind::Boolean => {
            let value = writer.random.per_mille(500);
            writer.raw(if value { "true" } else { "false" });
        }
        Kind::Integer { minimum, maximum, .. } => {
            let value = minimum + writer.random.below((maximum - minimum).min(9999) + 1);
            writer.number(value);
        }
        Kind::Format { formats, .. } => match formats[0] {
            "date-time" => writer.time(snapshot.now),
            "uuid" => uuid(writer.random, writer.out),
            "ipv6" => writer.raw(&snapshot.device.tunnel_v6),
            _ => writer.raw(&snapshot.device.tunnel_v4),
        },
        Kind::Constant(values) => {
            let value = *writer.random.pick(values);
            writer.raw(&Spelling::Plain.json(value));
        }
        Kind::Vocabulary(known) => {
            // The first value is the most common one.
            let index = if writer.random.below(4) > 0 { 0 } else { writer.random.index(known.len()) };
            writer.text(known[index].value);
        }
        // A string, or a newer kind of the schema. A test checks that events are valid.
        _ => writer.text("sample"),
    }
}
