//! Reads what one event says about a session.

use super::hash::{hash, session_key, tenant_key};
use super::raw::{Key, RawSession};
use super::tracker::Role;
use crate::instant::Micros;
use crate::outline::{ActorText, Outline, Raw};

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
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub struct SessionFields {
            $($(#[doc = $doc])+ pub $name: Option<$type>,)*
        }

        impl SessionFields {
            /// Returns these fields, completed by `others`, but never with the name of another user.
            #[must_use]
            pub fn or(self, mut others: Self) -> Self {
                others.forget_another_user(&self);
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
    /// The identifier of the user, as of [`Actors::user_id`](cloudconnexa_events::Actors::user_id). Count by this one.
    user_id: Box<str>,
    /// The name of the user that it identifies.
    user_name: Box<str>,
    /// The first of `parentEntityName`, `initiatorName` and `initiator`: the name of a user, of a network or of a device.
    user: Box<str>,
    /// The identifier of what connected, which is a device or a connector: `initiator`.
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
        let raw = RawSession::of(outline)?;
        let Some(times) = raw.times() else { return Some(Err(Unreadable)) };
        let fields = SessionFields::of(&raw, outline);
        let (role, session) = (raw.role, fields.session_id.as_deref());
        Some(Ok(Self {
            role,
            time: times.event,
            key: session.map(|session| session_key(fields.cloud_id.as_deref().unwrap_or_default(), session)),
            identity: identity(&raw),
            fields,
            is_valid,
        }))
    }

    /// Returns a number that two events share if they may belong to one session, or repeat each other. The events of one number
    /// can be joined apart from all others; see [`Sessions::advance`](super::Sessions::advance).
    #[must_use]
    pub fn shard(&self) -> u64 {
        self.fields.session_id.as_deref().map_or(self.identity, hash)
    }

    /// Whether it has the id of its session. Only the times of such events advance the clock of
    /// [`Sessions`](super::Sessions).
    #[must_use]
    pub fn has_session_id(&self) -> bool {
        self.key.is_some()
    }

    /// Returns the key of its tenant.
    pub(super) fn tenant(&self) -> u64 {
        tenant_key(self.fields.cloud_id.as_deref().unwrap_or_default())
    }
}

/// Returns a hash that identifies the event. Events without an id are the same if their content is.
pub(super) fn identity(raw: &RawSession<'_>) -> u64 {
    let text = |name| raw.text(name);
    let number = |name| raw.value(name).and_then(integer);
    match raw.value(Key::TraceId).and_then(Raw::text) {
        Some(trace) => hash(&(raw.role, text(Key::SessionId), &*trace)),
        None => hash(&(
            (raw.role, text(Key::SessionId), text(Key::Start), text(Key::End)),
            (number(Key::BytesIn), number(Key::BytesOut)),
        )),
    }
}

impl SessionFields {
    fn of(raw: &RawSession<'_>, outline: &Outline<'_>) -> Self {
        let text = |name| Some(raw.text(name)?.into_owned().into_boxed_str());
        let number = |name| integer(raw.value(name)?);
        let actors = outline.actors();
        let owned = |text: &ActorText<'_>| Box::from(text.as_ref());
        let initiator = text(Key::Initiator);
        let initiator_name = text(Key::InitiatorName);
        let kind = raw.text(Key::InitiatorType);
        let is_device = matches!(kind.as_deref(), Some("Device" | "Connector"));
        Self {
            cloud_id: text(Key::CloudId),
            session_id: text(Key::SessionId),
            user_id: actors.user_id().map(owned),
            user_name: actors.user_name().map(owned),
            device: initiator_name.clone().filter(|_| is_device),
            user: text(Key::ParentEntityName).or(initiator_name).or_else(|| initiator.clone()),
            initiator,
            client_uuid: text(Key::ClientUuid),
            public_ip: text(Key::ClientPublicIp)
                .or_else(|| text(Key::PublicIp))
                .or_else(|| text(Key::InitiatorPublicIp))
                .or_else(|| text(Key::HeaderClientPublicIp)),
            tunnel_ip_v4: text(Key::TunnelIpV4),
            tunnel_ip_v6: text(Key::TunnelIpV6),
            os_type: text(Key::OsType),
            os_version: text(Key::OsVersion),
            gateway_id: text(Key::GatewayId),
            gateway_region: text(Key::GatewayRegion),
            gateway_region_name: text(Key::GatewayRegionName),
            session_protocol: text(Key::SessionProtocol),
            session_tunnel_protocol: text(Key::SessionTunnelProtocol),
            start: text(Key::Start),
            end: text(Key::End),
            duration_seconds: number(Key::DurationSeconds),
            bytes_in: number(Key::BytesIn),
            bytes_out: number(Key::BytesOut),
            disconnect_reason: text(Key::DisconnectReason),
            disconnect_reason_description: text(Key::DisconnectReasonDescription)
                .filter(|text| &**text != "null"),
        }
    }

    /// Forgets the user if it is not the one of `preferred`, so that nobody gets the name of somebody else.
    fn forget_another_user(&mut self, preferred: &Self) {
        let differ = |one: &Option<_>, other: &Option<_>| one.is_some() && other.is_some() && one != other;
        if differ(&preferred.user_id, &self.user_id)
            || preferred.user_id.is_none() && differ(&preferred.user_name, &self.user_name)
        {
            (self.user_id, self.user_name) = (None, None);
        }
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
    fn the_user_is_the_person_whose_device_connected() {
        let who = |record: &str| {
            let fields = read(record).unwrap().unwrap().fields;
            (fields.user_id, fields.user_name)
        };
        let person = |id: Option<&str>, name: Option<&str>| (id.map(Box::from), name.map(Box::from));
        assert_eq!(who(DISCONNECTED), person(Some("new@gmail.com"), Some("My User")));
        assert_eq!(who(&with(DISCONNECTED, "parentEntityType", "\"UserGroup\"")), person(None, None));
        assert_eq!(who(&with(DISCONNECTED, "parentEntityType", "7")), person(None, None));
        let nameless = with(DISCONNECTED, "parentEntityName", "\"\"");
        assert_eq!(who(&nameless), person(Some("new@gmail.com"), None));
    }

    #[test]
    fn a_session_does_not_get_the_name_of_another_user() {
        let fields = |id: Option<&str>, name: Option<&str>| SessionFields {
            user_id: id.map(Box::from),
            user_name: name.map(Box::from),
            ..SessionFields::default()
        };
        let joined = |end: SessionFields, start: SessionFields| {
            let fields = end.or(start);
            (fields.user_id.map(String::from), fields.user_name.map(String::from))
        };
        let text = |text: &str| Some(text.to_owned());
        for (end, start, expected) in [
            (fields(Some("a"), None), fields(Some("a"), Some("Ann")), (text("a"), text("Ann"))),
            (fields(Some("a"), Some("Ann B.")), fields(Some("a"), Some("Ann")), (text("a"), text("Ann B."))),
            (fields(Some("a"), None), fields(Some("b"), Some("Bob")), (text("a"), None)),
            (fields(None, Some("Ann")), fields(Some("b"), Some("Bob")), (None, text("Ann"))),
            (fields(None, Some("Ann")), fields(Some("a"), Some("Ann")), (text("a"), text("Ann"))),
            (fields(None, None), fields(Some("a"), Some("Ann")), (text("a"), text("Ann"))),
        ] {
            assert_eq!(joined(end, start), expected);
        }
    }

    #[test]
    fn the_old_user_is_the_first_name_present() {
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
