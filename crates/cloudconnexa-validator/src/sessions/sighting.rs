//! What one event tells of a session.

use std::borrow::Cow;

use super::tracker::Role;
use super::{hash, key};
use crate::fast::Owner;
use crate::instant;
use crate::outline::{Field, Outline, Raw};

/// Reasons of disconnects that are refused logins: there never was a session.
const REFUSALS: [&str; 3] = ["Authentication failed", "Certificate Revoked", "Subscription Limit Exceeded"];

/// Whether a disconnect of this reason is a login that was refused. There is no event of its own for these: they come as
/// the end of a session that never began.
#[must_use]
pub fn is_refusal(reason: &str) -> bool {
    REFUSALS.iter().any(|refusal| refusal.eq_ignore_ascii_case(reason))
}

/// Makes [`Facts`], and what puts two of them together.
macro_rules! facts {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty,)*) => {
        /// What is known of a session; nothing where the events have nothing, or an empty text.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Facts {
            $($(#[doc = $doc])+ pub $name: Option<$type>,)*
        }

        impl Facts {
            /// These, and of what they lack the others.
            #[must_use]
            pub fn or(self, others: Self) -> Self {
                Self { $($name: self.$name.or(others.$name),)* }
            }
        }
    };
}

facts! {
    /// The tenant: `cloudId`.
    cloud_id: Box<str>,
    /// `clientSessionId`.
    session_id: Box<str>,
    /// Who: the first of `parentEntityName`, `initiatorName` and `initiator`.
    user: Box<str>,
    /// The id of who or what connected: `initiator`.
    initiator: Box<str>,
    /// Name of the device or connector, where that is the initiator: `initiatorName`.
    device: Box<str>,
    /// The hardware: `clientUUID`.
    client_uuid: Box<str>,
    /// `clientPublicIp` of `log`, else of the header: the first of `publicIp`, `initiatorPublicIp` and `clientPublicIp`.
    public_ip: Box<str>,
    /// `clientTunnelIpV4`.
    tunnel_ip_v4: Box<str>,
    /// `clientTunnelIpV6`.
    tunnel_ip_v6: Box<str>,
    /// `clientOsType`.
    os_type: Box<str>,
    /// `clientOsVersion`.
    os_version: Box<str>,
    /// `gatewayId`.
    gateway_id: Box<str>,
    /// `gatewayRegion`.
    gateway_region: Box<str>,
    /// `gatewayRegionName`.
    gateway_region_name: Box<str>,
    /// What carries the tunnel: `sessionProtocol`.
    session_protocol: Box<str>,
    /// `sessionTunnelProtocol`.
    session_tunnel_protocol: Box<str>,
    /// When it began, as it is written: `sessionStartTime`.
    start: Box<str>,
    /// When it ended, as it is written: `sessionEndTime`.
    end: Box<str>,
    /// `sessionDurationSeconds`.
    duration_seconds: u64,
    /// Bytes to the client: `sessionBytesIn`.
    bytes_in: u64,
    /// Bytes from the client: `sessionBytesOut`.
    bytes_out: u64,
    /// `sessionDisconnectReason`.
    disconnect_reason: Box<str>,
    /// `sessionDisconnectReasonDescription`, unless it is the word `null`.
    disconnect_reason_description: Box<str>,
}

/// What one event tells of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Whether it begins or ends.
    pub role: Role,
    /// When the event occurred, in microseconds since 1970.
    pub time: i64,
    /// What it tells.
    pub facts: Facts,
    /// Whether the event is valid.
    pub is_valid: bool,
    /// What it is joined by, if it has a session id.
    pub(super) key: Option<u128>,
    /// What the event itself is told apart by.
    pub(super) identity: u64,
}

/// An event that begins or ends a session, but does not say which one, or when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl Sighting {
    /// What a record tells of a session, valid or not; `None` if it is about something else.
    ///
    /// Of a record that is invalid all is taken that can be read. That is too little if there is no time in it, or
    /// neither the id of the session nor when it started.
    pub fn read(outline: &Outline<'_>, is_valid: bool) -> Option<Result<Self, Unreadable>> {
        let role = match outline.event()?.name {
            "client-connected" => Role::Begin,
            "client-disconnected" => Role::End,
            _ => return None,
        };
        let mut reader = Reader::default();
        for member in outline.members() {
            if let Field::Known { spec, .. } = member.field {
                reader.take(member.owner, spec.name, member.value());
            }
        }
        let (facts, trace, timestamp) = reader.done();
        let time = |text: &Option<Box<str>>| instant::read(text.as_deref()?);
        let of_session = if role == Role::Begin { time(&facts.start) } else { time(&facts.end) };
        let time = timestamp.or(of_session).or(time(&facts.start));
        if time.is_none() || facts.session_id.is_none() && facts.start.is_none() {
            return Some(Err(Unreadable));
        }
        let session = facts.session_id.as_deref();
        Some(Ok(Self {
            role,
            time: time.unwrap_or_default(),
            key: session.map(|session| key(facts.cloud_id.as_deref().unwrap_or_default(), session)),
            identity: match trace {
                Some(trace) => hash(&(role, session, &*trace)),
                // Without an id of its own an event is the same if all that it tells is.
                None => hash(&(role, session, &facts.start, &facts.end, facts.bytes_in, facts.bytes_out)),
            },
            facts,
            is_valid,
        }))
    }
}

/// Gathers what the fields say.
#[derive(Default)]
struct Reader<'a> {
    facts: Facts,
    trace: Option<Cow<'a, str>>,
    timestamp: Option<i64>,
    initiator_type: Option<Cow<'a, str>>,
    initiator_name: Option<Box<str>>,
    parent_name: Option<Box<str>>,
    /// In the order in which consumers look for them.
    header_ips: [Option<Box<str>>; 3],
}

impl<'a> Reader<'a> {
    fn take(&mut self, owner: Owner, name: &str, value: Raw<'a>) {
        let facts = &mut self.facts;
        let place = match (owner, name) {
            (Owner::Header, "timestamp") => {
                self.timestamp = value.text().and_then(|text| instant::read(&text));
                return;
            }
            (Owner::Header, "traceId") => {
                self.trace = value.text();
                return;
            }
            (Owner::Header, "initiatorType") => {
                self.initiator_type = value.text();
                return;
            }
            (Owner::Log, "sessionDurationSeconds") => return facts.duration_seconds = integer(value),
            (Owner::Log, "sessionBytesIn") => return facts.bytes_in = integer(value),
            (Owner::Log, "sessionBytesOut") => return facts.bytes_out = integer(value),
            (Owner::Header, "cloudId") => &mut facts.cloud_id,
            (Owner::Header, "initiator") => &mut facts.initiator,
            (Owner::Header, "initiatorName") => &mut self.initiator_name,
            (Owner::Header, "parentEntityName") => &mut self.parent_name,
            (Owner::Header, "publicIp") => &mut self.header_ips[0],
            (Owner::Header, "initiatorPublicIp") => &mut self.header_ips[1],
            (Owner::Header, "clientPublicIp") => &mut self.header_ips[2],
            (Owner::Log, "clientPublicIp") => &mut facts.public_ip,
            (Owner::Log, "clientSessionId") => &mut facts.session_id,
            (Owner::Log, "clientUUID") => &mut facts.client_uuid,
            (Owner::Log, "clientTunnelIpV4") => &mut facts.tunnel_ip_v4,
            (Owner::Log, "clientTunnelIpV6") => &mut facts.tunnel_ip_v6,
            (Owner::Log, "clientOsType") => &mut facts.os_type,
            (Owner::Log, "clientOsVersion") => &mut facts.os_version,
            (Owner::Log, "gatewayId") => &mut facts.gateway_id,
            (Owner::Log, "gatewayRegion") => &mut facts.gateway_region,
            (Owner::Log, "gatewayRegionName") => &mut facts.gateway_region_name,
            (Owner::Log, "sessionProtocol") => &mut facts.session_protocol,
            (Owner::Log, "sessionTunnelProtocol") => &mut facts.session_tunnel_protocol,
            (Owner::Log, "sessionStartTime") => &mut facts.start,
            (Owner::Log, "sessionEndTime") => &mut facts.end,
            (Owner::Log, "sessionDisconnectReason") => &mut facts.disconnect_reason,
            (Owner::Log, "sessionDisconnectReasonDescription") => &mut facts.disconnect_reason_description,
            _ => return,
        };
        *place = value.text().filter(|text| !text.is_empty()).map(|text| text.into_owned().into());
    }

    fn done(self) -> (Facts, Option<Cow<'a, str>>, Option<i64>) {
        let mut facts = self.facts;
        let is_device = matches!(self.initiator_type.as_deref(), Some("Device" | "Connector"));
        facts.device = self.initiator_name.clone().filter(|_| is_device);
        facts.user = self.parent_name.or(self.initiator_name).or_else(|| facts.initiator.clone());
        let [public, initiator, client] = self.header_ips;
        facts.public_ip = facts.public_ip.or(public).or(initiator).or(client);
        facts.disconnect_reason_description =
            facts.disconnect_reason_description.filter(|text| &**text != "null");
        (facts, self.trace, self.timestamp)
    }
}

/// A number of a counter, also where it is written as `4.0`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub(crate) fn integer(value: Raw<'_>) -> Option<u64> {
    let text = value.as_str();
    text.parse().ok().or_else(|| {
        let number: f64 = text.parse().ok()?;
        (number >= 0.0 && number <= u64::MAX as f64 && number.fract() == 0.0).then_some(number as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{DISCONNECTED, FLOW, with};
    use crate::validator::Validator;

    fn read(record: &str) -> Option<Result<Sighting, Unreadable>> {
        let validator = Validator::new();
        let mut checker = validator.checker();
        let outline = checker.outline(record.as_bytes()).expect("an object");
        Sighting::read(&outline, true)
    }

    #[test]
    fn all_is_taken_that_is_there() {
        insta::assert_debug_snapshot!(read(DISCONNECTED).unwrap().unwrap().facts);
        assert!(read(FLOW).is_none());
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let odd = with(DISCONNECTED, "sessionBytesIn", "-7");
        let odd = with(&odd, "sessionBytesOut", "3.0971e4");
        let odd = with(&odd, "clientOsType", "[]");
        let odd = with(&odd, "gatewayId", "\"\"");
        let facts = read(&odd).unwrap().unwrap().facts;
        assert_eq!((facts.bytes_in, facts.bytes_out, facts.os_type), (None, Some(30_971), None));
        assert_eq!(facts.gateway_id, None);

        let no_id = with(DISCONNECTED, "clientSessionId", "7");
        assert!(read(&no_id).unwrap().is_ok_and(|sighting| sighting.key.is_none()));
        assert_eq!(read(&with(&no_id, "sessionStartTime", "7")), Some(Err(Unreadable)));
        let times = ["timestamp", "sessionStartTime", "sessionEndTime"];
        let no_time = times.iter().fold(DISCONNECTED.to_owned(), |record, name| with(&record, name, "\"x\""));
        assert_eq!(read(&no_time), Some(Err(Unreadable)));
    }

    #[test]
    fn who_it_is() {
        let user = |record: &str| read(record).unwrap().unwrap().facts.user;
        let nameless = with(DISCONNECTED, "parentEntityName", "\"\"");
        assert_eq!(user(&nameless).as_deref(), Some("My Device"));
        assert_eq!(
            user(&with(&nameless, "initiatorName", "null")).as_deref(),
            Some("5d34eabe-f88d-4570-9954-818c03b90b4b")
        );
        let person = with(DISCONNECTED, "initiatorType", "\"User\"");
        assert_eq!(read(&person).unwrap().unwrap().facts.device, None);
    }
}
