//! Reads what one event says about a session.

use std::borrow::Cow;

use super::hash::{hash, session_key};
use super::tracker::Role;
use crate::instant::{self, Micros};
use crate::outline::{Field, Outline, Raw};
use crate::scope::Scope;

/// The disconnect reasons of refused logins.
const REFUSALS: [&str; 3] = ["Authentication failed", "Certificate Revoked", "Subscription Limit Exceeded"];

/// Returns whether a disconnect with this reason is a refused login.
///
/// Refused logins have no event of their own: they appear as the end of a session that never started.
#[must_use]
pub fn is_refusal(reason: &str) -> bool {
    REFUSALS.iter().any(|refusal| refusal.eq_ignore_ascii_case(reason))
}

/// Declares [`SessionFields`].
macro_rules! session_fields {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty,)*) => {
        /// The fields of a session. Absent fields and empty strings are `None`.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct SessionFields {
            $($(#[doc = $doc])+ pub $name: Option<$type>,)*
        }

        impl SessionFields {
            /// Returns these fields, completed by `others`.
            #[must_use]
            pub fn or(self, others: Self) -> Self {
                Self { $($name: self.$name.or(others.$name),)* }
            }
        }
    };
}

session_fields! {
    /// The tenant: `cloudId`.
    cloud_id: Box<str>,
    /// `clientSessionId`.
    session_id: Box<str>,
    /// The user: the first of `parentEntityName`, `initiatorName` and `initiator`.
    user: Box<str>,
    /// The id of the user, device or connector: `initiator`.
    initiator: Box<str>,
    /// The name of the device or connector, if that is the initiator: `initiatorName`.
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
    /// The transport of the tunnel: `sessionProtocol`.
    session_protocol: Box<str>,
    /// `sessionTunnelProtocol`.
    session_tunnel_protocol: Box<str>,
    /// Its start, as written: `sessionStartTime`.
    start: Box<str>,
    /// Its end, as written: `sessionEndTime`.
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

/// The start or end of a session, as one event reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionEvent {
    /// Whether the session starts or ends.
    pub role: Role,
    /// When the event occurred.
    pub time: Micros,
    /// The fields of the session.
    pub fields: SessionFields,
    /// Whether the event is valid.
    pub is_valid: bool,
    /// The key of the session, if it has an id.
    pub(super) key: Option<u128>,
    /// A hash that identifies the event.
    pub(super) identity: u64,
}

/// The error of an event that starts or ends a session, but does not say which one, or when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl SessionEvent {
    /// Reads what a record says about a session. Returns `None` if it is another event.
    ///
    /// The record may be invalid: everything readable is used.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] if the record has no time, or neither the id of the session nor its start.
    pub fn read(outline: &Outline<'_>, is_valid: bool) -> Option<Result<Self, Unreadable>> {
        let role = match outline.event()?.name {
            "client-connected" => Role::Start,
            "client-disconnected" => Role::End,
            _ => return None,
        };
        let mut reader = Reader::default();
        for member in outline.members() {
            if let Field::Known { spec, .. } = member.field {
                reader.take(member.scope, spec.name, member.value());
            }
        }
        let (fields, trace, timestamp) = reader.done();
        let time = |text: &Option<Box<str>>| instant::read(text.as_deref()?);
        let of_session = if role == Role::Start { time(&fields.start) } else { time(&fields.end) };
        let time = timestamp.or(of_session).or(time(&fields.start));
        if time.is_none() || fields.session_id.is_none() && fields.start.is_none() {
            return Some(Err(Unreadable));
        }
        let session = fields.session_id.as_deref();
        Some(Ok(Self {
            role,
            time: time.unwrap_or_default(),
            key: session.map(|session| session_key(fields.cloud_id.as_deref().unwrap_or_default(), session)),
            identity: match trace {
                Some(trace) => hash(&(role, session, &*trace)),
                // Events without an id are the same if their content is.
                None => hash(&(role, session, &fields.start, &fields.end, fields.bytes_in, fields.bytes_out)),
            },
            fields,
            is_valid,
        }))
    }
}

/// Collects the fields of a session.
#[derive(Default)]
struct Reader<'a> {
    fields: SessionFields,
    trace: Option<Cow<'a, str>>,
    timestamp: Option<i64>,
    initiator_type: Option<Cow<'a, str>>,
    initiator_name: Option<Box<str>>,
    parent_name: Option<Box<str>>,
    /// In the order of preference.
    header_ips: [Option<Box<str>>; 3],
}

impl<'a> Reader<'a> {
    fn take(&mut self, scope: Scope, name: &str, value: Raw<'a>) {
        let fields = &mut self.fields;
        let field = match (scope, name) {
            (Scope::Header, "timestamp") => {
                self.timestamp = value.text().and_then(|text| instant::read(&text));
                return;
            }
            (Scope::Header, "traceId") => {
                self.trace = value.text();
                return;
            }
            (Scope::Header, "initiatorType") => {
                self.initiator_type = value.text();
                return;
            }
            (Scope::Log, "sessionDurationSeconds") => return fields.duration_seconds = integer(value),
            (Scope::Log, "sessionBytesIn") => return fields.bytes_in = integer(value),
            (Scope::Log, "sessionBytesOut") => return fields.bytes_out = integer(value),
            (Scope::Header, "cloudId") => &mut fields.cloud_id,
            (Scope::Header, "initiator") => &mut fields.initiator,
            (Scope::Header, "initiatorName") => &mut self.initiator_name,
            (Scope::Header, "parentEntityName") => &mut self.parent_name,
            (Scope::Header, "publicIp") => &mut self.header_ips[0],
            (Scope::Header, "initiatorPublicIp") => &mut self.header_ips[1],
            (Scope::Header, "clientPublicIp") => &mut self.header_ips[2],
            (Scope::Log, "clientPublicIp") => &mut fields.public_ip,
            (Scope::Log, "clientSessionId") => &mut fields.session_id,
            (Scope::Log, "clientUUID") => &mut fields.client_uuid,
            (Scope::Log, "clientTunnelIpV4") => &mut fields.tunnel_ip_v4,
            (Scope::Log, "clientTunnelIpV6") => &mut fields.tunnel_ip_v6,
            (Scope::Log, "clientOsType") => &mut fields.os_type,
            (Scope::Log, "clientOsVersion") => &mut fields.os_version,
            (Scope::Log, "gatewayId") => &mut fields.gateway_id,
            (Scope::Log, "gatewayRegion") => &mut fields.gateway_region,
            (Scope::Log, "gatewayRegionName") => &mut fields.gateway_region_name,
            (Scope::Log, "sessionProtocol") => &mut fields.session_protocol,
            (Scope::Log, "sessionTunnelProtocol") => &mut fields.session_tunnel_protocol,
            (Scope::Log, "sessionStartTime") => &mut fields.start,
            (Scope::Log, "sessionEndTime") => &mut fields.end,
            (Scope::Log, "sessionDisconnectReason") => &mut fields.disconnect_reason,
            (Scope::Log, "sessionDisconnectReasonDescription") => &mut fields.disconnect_reason_description,
            _ => return,
        };
        *field = value.text().filter(|text| !text.is_empty()).map(|text| text.into_owned().into());
    }

    fn done(self) -> (SessionFields, Option<Cow<'a, str>>, Option<i64>) {
        let mut fields = self.fields;
        let is_device = matches!(self.initiator_type.as_deref(), Some("Device" | "Connector"));
        fields.device = self.initiator_name.clone().filter(|_| is_device);
        fields.user = self.parent_name.or(self.initiator_name).or_else(|| fields.initiator.clone());
        let [public, initiator, client] = self.header_ips;
        fields.public_ip = fields.public_ip.or(public).or(initiator).or(client);
        fields.disconnect_reason_description =
            fields.disconnect_reason_description.filter(|text| &**text != "null");
        (fields, self.trace, self.timestamp)
    }
}

/// Parses a non-negative integer, even if it is written as `4.0`.
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

    fn read(record: &str) -> Option<Result<SessionEvent, Unreadable>> {
        let validator = Validator::new();
        let mut checker = validator.checker();
        let outline = checker.outline(record.as_bytes()).expect("an object");
        SessionEvent::read(&outline, true)
    }

    #[test]
    fn every_field_of_a_session_is_read() {
        insta::assert_debug_snapshot!(read(DISCONNECTED).unwrap().unwrap().fields);
        assert!(read(FLOW).is_none());
    }

    #[test]
    fn unreadable_fields_are_left_out() {
        let odd = with(DISCONNECTED, "sessionBytesIn", "-7");
        let odd = with(&odd, "sessionBytesOut", "3.0971e4");
        let odd = with(&odd, "clientOsType", "[]");
        let odd = with(&odd, "gatewayId", "\"\"");
        let fields = read(&odd).unwrap().unwrap().fields;
        assert_eq!((fields.bytes_in, fields.bytes_out, fields.os_type), (None, Some(30_971), None));
        assert_eq!(fields.gateway_id, None);

        let no_id = with(DISCONNECTED, "clientSessionId", "7");
        assert!(read(&no_id).unwrap().is_ok_and(|event| event.key.is_none()));
        assert_eq!(read(&with(&no_id, "sessionStartTime", "7")), Some(Err(Unreadable)));
        let times = ["timestamp", "sessionStartTime", "sessionEndTime"];
        let no_time = times.iter().fold(DISCONNECTED.to_owned(), |record, name| with(&record, name, "\"x\""));
        assert_eq!(read(&no_time), Some(Err(Unreadable)));
    }

    #[test]
    fn the_user_is_the_first_name_present() {
        let user = |record: &str| read(record).unwrap().unwrap().fields.user;
        let nameless = with(DISCONNECTED, "parentEntityName", "\"\"");
        assert_eq!(user(&nameless).as_deref(), Some("My Device"));
        assert_eq!(
            user(&with(&nameless, "initiatorName", "null")).as_deref(),
            Some("5d34eabe-f88d-4570-9954-818c03b90b4b")
        );
        let person = with(DISCONNECTED, "initiatorType", "\"User\"");
        assert_eq!(read(&person).unwrap().unwrap().fields.device, None);
    }
}
