//! How each field gets its value: by its name where the story has one for it, else by what the schema says of it.

use cloudconnexa_validator::catalog::{FieldSpec, Kind, LOG_VERSIONS};

use crate::random::Random;
use crate::story::{Role, Scene};
use crate::text::{Clock, Spelling, number, uuid};
use crate::words;
use crate::world::Gateway;

/// What a value is written with.
pub(crate) struct Pen<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) clock: &'a mut Clock,
    pub(crate) spelling: Spelling,
    pub(crate) out: &'a mut Vec<u8>,
}

impl Pen<'_> {
    pub(crate) fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    fn text(&mut self, text: &str) {
        match self.spelling {
            Spelling::Plain => {
                self.out.push(b'"');
                self.raw(text);
                self.out.push(b'"');
            }
            spelling => self.raw(&spelling.json(text)),
        }
    }

    fn number(&mut self, value: u64) {
        number(value, self.out);
    }

    fn time(&mut self, micros: u64) {
        self.clock.write(micros, self.out);
    }
}

/// Writes the value of a field.
pub(crate) type Write = fn(&Scene<'_>, &mut Pen<'_>);

/// A field and its value.
type Row = (&'static str, Write);

/// When a field is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Always,
    Never,
    /// In so many of a thousand events.
    PerMille(u64),
    /// Where a tenant has what the vendor announced as successor.
    Successor,
}

#[rustfmt::skip]
const HEADER: &[Row] = &[
    ("CloudConnexaLogVersion", |_, pen| pen.number(LOG_VERSIONS[0])),
    ("timestamp", |scene, pen| pen.time(scene.now)),
    ("cloudId", |scene, pen| pen.raw(&scene.tenant.id)),
    ("traceId", |_, pen| uuid(pen.random, pen.out)),
    ("publicIp", |scene, pen| pen.raw(&scene.actor.address)),
    ("initiatorPublicIp", |scene, pen| pen.raw(&scene.actor.address)),
    ("clientPublicIp", |scene, pen| pen.raw(&scene.actor.address)),
    ("initiator", |scene, pen| pen.raw(&scene.actor.id)),
    ("initiatorRole", |_, pen| pen.text("Admin")),
    ("initiatorType", |scene, pen| pen.raw(&scene.actor.kind)),
    ("initiatorName", |scene, pen| pen.raw(&scene.actor.name)),
    ("parentEntity", |scene, pen| pen.raw(&scene.actor.parent)),
    ("parentEntityType", |scene, pen| pen.raw(&scene.actor.parent_kind)),
    ("parentEntityName", |scene, pen| pen.raw(&scene.actor.parent_name)),
    ("category", |scene, pen| pen.text(category(scene.event))),
    ("userAgent", |scene, pen| pen.raw(&scene.actor.agent)),
    ("initiatorClientAgent", |scene, pen| pen.raw(&scene.actor.agent)),
];

#[rustfmt::skip]
const OF_ADMIN: &[Row] = &[
    ("aws-s3-bucket", |scene, pen| pen.raw(&scene.tenant.bucket)),
    ("aws-region", |scene, pen| pen.raw(&scene.tenant.region)),
];

#[rustfmt::skip]
const OF_SESSION: &[Row] = &[
    ("clientUUID", |scene, pen| pen.raw(&scene.device.hardware)),
    ("clientSessionId", |scene, pen| pen.raw(&scene.session.id)),
    ("clientOsType", |scene, pen| pen.raw(&scene.device.system)),
    ("clientOsVersion", |scene, pen| pen.raw(&scene.device.version)),
    ("clientPublicIp", |scene, pen| pen.raw(&scene.device.itself.address)),
    ("clientTunnelIpV4", |scene, pen| pen.raw(&scene.device.tunnel_v4)),
    ("clientTunnelIpV6", |scene, pen| pen.raw(&scene.device.tunnel_v6)),
    ("sessionProtocol", |scene, pen| pen.raw(&scene.session.transport)),
    ("sessionTunnelProtocol", |scene, pen| pen.raw(&scene.session.tunnel)),
    ("sessionStartTime", |scene, pen| pen.time(scene.session.start)),
    ("gatewayRegionName", |scene, pen| pen.raw(&near(scene).name)),
    ("gatewayRegion", |scene, pen| pen.raw(&near(scene).region)),
    ("gatewayId", |scene, pen| pen.raw(&near(scene).id)),
    ("sessionEndTime", |scene, pen| pen.time(scene.now)),
    ("sessionDurationSeconds", |scene, pen| pen.number(scene.seconds())),
    ("sessionBytesIn", |scene, pen| pen.number(scene.bytes().0)),
    ("sessionBytesOut", |scene, pen| pen.number(scene.bytes().1)),
    ("sessionDisconnectReason", |scene, pen| pen.raw(scene.reason)),
    // The vendor's own example has the word in quotation marks.
    ("sessionDisconnectReasonDescription", |_, pen| match pen.random.below(4) {
        0 => pen.text("null"),
        1 => pen.text("The server closed the connection"),
        _ => pen.raw("null"),
    }),
];

#[rustfmt::skip]
const OF_DOMAIN: &[Row] = &[
    ("domain", |scene, pen| pen.text(words::DOMAINS[scene.domain].0)),
    ("category", |scene, pen| pen.text(words::DOMAINS[scene.domain].1)),
];

#[rustfmt::skip]
const OF_FLOW: &[Row] = &[
    ("sourceEntityType", |scene, pen| pen.raw(&scene.device.itself.kind)),
    ("sourceEntityId", |scene, pen| pen.raw(&scene.device.itself.id)),
    ("sourceEntityName", |scene, pen| pen.raw(&scene.device.itself.name)),
    ("sourceParentType", |_, pen| pen.text("User")),
    ("sourceParentId", |scene, pen| pen.raw(&scene.device.owner.id)),
    ("sourceParentName", |scene, pen| pen.raw(&scene.device.owner.parent_name)),
    ("sourceGatewayRegion", |scene, pen| pen.raw(&near(scene).region)),
    ("sourceGatewayRegionName", |scene, pen| pen.raw(&near(scene).name)),
    ("sourceIp", |scene, pen| pen.raw(&scene.device.tunnel_v4)),
    ("destinationEntityType", |scene, pen| pen.raw(&scene.target.kind)),
    ("destinationEntityId", |scene, pen| pen.raw(&scene.target.id)),
    ("destinationEntityName", |scene, pen| pen.raw(&scene.target.name)),
    ("destinationParentType", |scene, pen| pen.raw(&scene.target.parent_kind)),
    ("destinationParentId", |scene, pen| pen.raw(&scene.target.parent)),
    ("destinationParentName", |scene, pen| pen.raw(&scene.target.parent_name)),
    ("destinationEntityIp", |scene, pen| pen.raw(&scene.target.address)),
    ("destinationPort", |scene, pen| pen.number(scene.target.port)),
    ("destinationGatewayRegion", |scene, pen| pen.raw(&far(scene).region)),
    ("destinationGatewayRegionName", |scene, pen| pen.raw(&far(scene).name)),
    ("protocol", |scene, pen| pen.text(if scene.target.is_udp { "17" } else { "6" })),
    ("protocolName", |scene, pen| pen.text(if scene.target.is_udp { "udp" } else { "tcp" })),
    ("allowed", |_, pen| {
        let allowed = !pen.random.per_mille(15);
        pen.raw(if allowed { "true" } else { "false" });
    }),
    ("clientSessionId", |scene, pen| pen.raw(&scene.session.id)),
];

#[rustfmt::skip]
const OF_TRAFFIC: &[Row] = &[
    ("signatureId", |scene, pen| pen.text(words::SIGNATURES[scene.signature].0)),
    ("eventName", |scene, pen| pen.text(words::SIGNATURES[scene.signature].1)),
    ("classification", |scene, pen| pen.text(words::SIGNATURES[scene.signature].2)),
    ("priority", |scene, pen| pen.number(words::SIGNATURES[scene.signature].3)),
    ("category", |scene, pen| pen.text(words::SIGNATURES[scene.signature].4)),
    ("sourceIp", |scene, pen| pen.raw(&scene.device.tunnel_v4)),
    ("sourcePort", |_, pen| { let port = 49_152 + pen.random.below(16_384); pen.number(port); }),
    ("destinationIp", |scene, pen| pen.raw(&scene.target.address)),
    ("destinationPort", |scene, pen| pen.number(scene.target.port)),
];

/// Where the client is connected.
fn near<'a>(scene: &Scene<'a>) -> &'a Gateway {
    &scene.tenant.gateways[scene.gateway]
}

/// Where what a flow leads to is connected.
fn far<'a>(scene: &Scene<'a>) -> &'a Gateway {
    &scene.tenant.gateways[scene.target.gateway]
}

/// The value of a field, if the story has one for it.
pub(crate) fn value(event: &str, in_log: bool, field: &str) -> Option<Write> {
    let rows = match event {
        _ if !in_log => HEADER,
        "client-connected" | "client-disconnected" => OF_SESSION,
        "domain-blocked" => OF_DOMAIN,
        "flow-established" => OF_FLOW,
        "traffic-blocked" => OF_TRAFFIC,
        _ => OF_ADMIN,
    };
    rows.iter().find(|(name, _)| *name == field).map(|(_, write)| *write)
}

/// When an optional field is there, as far as examples and recorded events tell.
pub(crate) fn presence(event: &str, in_log: bool, field: &str) -> Presence {
    let by_admin = Role::of(event) == Role::Administers;
    match field {
        _ if in_log => Presence::PerMille(980),
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

/// The category in the header of an event.
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

/// Writes what the schema allows for a field that the story knows nothing of.
pub(crate) fn by_kind(field: &FieldSpec, scene: &Scene<'_>, pen: &mut Pen<'_>) {
    match field.kind {
        Kind::Boolean => {
            let truth = pen.random.per_mille(500);
            pen.raw(if truth { "true" } else { "false" });
        }
        Kind::String => pen.text("sample"),
        Kind::Integer { minimum, maximum, .. } => {
            let value = minimum + pen.random.below((maximum - minimum).min(9999) + 1);
            pen.number(value);
        }
        Kind::Format { formats, .. } => match formats[0] {
            "date-time" => pen.time(scene.now),
            "uuid" => uuid(pen.random, pen.out),
            "ipv6" => pen.raw(&scene.device.tunnel_v6),
            _ => pen.raw(&scene.device.tunnel_v4),
        },
        Kind::Constant(values) => {
            let value = *pen.random.pick(values);
            pen.raw(&Spelling::Plain.json(value));
        }
        Kind::Vocabulary(known) => {
            // The first is the usual one.
            let place = if pen.random.below(4) > 0 { 0 } else { pen.random.index(known.len()) };
            pen.text(known[place].value);
        }
    }
}
