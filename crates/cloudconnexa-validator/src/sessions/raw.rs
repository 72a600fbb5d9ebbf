//! The fields of an event about a session: found in one pass over its outline, and not copied.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::tracker::Role;
use crate::catalog::{self, FieldSpec};
use crate::instant::{self, Micros};
use crate::outline::{Outline, Raw};
use crate::scope::Scope;

/// Declares [`Key`].
macro_rules! keys {
    ($($scope:ident $text:literal => $name:ident,)*) => {
        /// The name of a field that is read of an event about a session.
        #[derive(Clone, Copy, Debug)]
        pub(super) enum Key {
            $($name,)*
        }

        const KEYS: &[(Scope, &str, Key)] = &[$((Scope::$scope, $text, Key::$name),)*];
    };
}

keys! {
    Header "timestamp" => Timestamp,
    Header "traceId" => TraceId,
    Header "cloudId" => CloudId,
    Header "initiator" => Initiator,
    Header "initiatorType" => InitiatorType,
    Header "initiatorName" => InitiatorName,
    Header "parentEntityName" => ParentEntityName,
    Header "publicIp" => PublicIp,
    Header "initiatorPublicIp" => InitiatorPublicIp,
    Header "clientPublicIp" => HeaderClientPublicIp,
    Log "clientPublicIp" => ClientPublicIp,
    Log "clientSessionId" => SessionId,
    Log "clientUUID" => ClientUuid,
    Log "clientTunnelIpV4" => TunnelIpV4,
    Log "clientTunnelIpV6" => TunnelIpV6,
    Log "clientOsType" => OsType,
    Log "clientOsVersion" => OsVersion,
    Log "gatewayId" => GatewayId,
    Log "gatewayRegion" => GatewayRegion,
    Log "gatewayRegionName" => GatewayRegionName,
    Log "sessionProtocol" => SessionProtocol,
    Log "sessionTunnelProtocol" => SessionTunnelProtocol,
    Log "sessionStartTime" => Start,
    Log "sessionEndTime" => End,
    Log "sessionDurationSeconds" => DurationSeconds,
    Log "sessionBytesIn" => BytesIn,
    Log "sessionBytesOut" => BytesOut,
    Log "sessionDisconnectReason" => DisconnectReason,
    Log "sessionDisconnectReasonDescription" => DisconnectReasonDescription,
}

const START: &str = "client-connected";
const END: &str = "client-disconnected";

/// Names by the index of their field in the object that it is in.
type Table = Vec<Option<Key>>;

static OF_HEADER: LazyLock<Table> = LazyLock::new(|| table(Scope::Header, catalog::HEADER));
static OF_START: LazyLock<Table> = LazyLock::new(|| table(Scope::Log, fields_of(START)));
static OF_END: LazyLock<Table> = LazyLock::new(|| table(Scope::Log, fields_of(END)));

fn fields_of(event: &str) -> &'static [FieldSpec] {
    catalog::event(event).and_then(|event| event.log).unwrap_or_default()
}

fn table(scope: Scope, fields: &[FieldSpec]) -> Table {
    let find = |field: &FieldSpec| KEYS.iter().find(|name| (name.0, name.1) == (scope, field.name));
    fields.iter().map(|field| find(field).map(|name| name.2)).collect()
}

/// The values of an event about a session.
pub(super) struct RawSession<'a> {
    pub(super) role: Role,
    values: [Option<Raw<'a>>; KEYS.len()],
}

/// When an event about a session occurred, and when the session started and ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) event: Micros,
    pub(super) start: Option<Micros>,
    pub(super) end: Option<Micros>,
}

impl<'a> RawSession<'a> {
    /// Finds the fields. Returns `None` if it is another event.
    pub(super) fn of(outline: &Outline<'a>) -> Option<Self> {
        let (role, of_log) = match outline.event()?.name {
            START => (Role::Start, &*OF_START),
            END => (Role::End, &*OF_END),
            _ => return None,
        };
        let of_header = &*OF_HEADER;
        let record = outline.text();
        let mut values = [None; KEYS.len()];
        for slot in outline.slots() {
            let table = if slot.scope == Scope::Header { of_header } else { of_log };
            // Of a repeated field, the last.
            if let Some(Some(name)) = table.get(usize::from(slot.index)) {
                values[*name as usize] = Raw::of_text(record, slot.value as usize..slot.end as usize);
            }
        }
        Some(Self { role, values })
    }

    /// Returns a value.
    pub(super) fn value(&self, name: Key) -> Option<Raw<'a>> {
        self.values[name as usize]
    }

    /// Returns a text, unless it is empty.
    pub(super) fn text(&self, name: Key) -> Option<Cow<'a, str>> {
        self.value(name)?.text().filter(|text| !text.is_empty())
    }

    /// Returns the times. `None` if the event says neither when it occurred, nor which session it is about by its id or its
    /// start.
    pub(super) fn times(&self) -> Option<Times> {
        let time = |name| instant::read(&self.value(name)?.text()?);
        let (start, end) = (time(Key::Start), time(Key::End));
        let of_session = if self.role == Role::Start { start } else { end };
        let event = time(Key::Timestamp).or(of_session).or(start)?;
        let is_identified = self.text(Key::SessionId).is_some() || self.text(Key::Start).is_some();
        is_identified.then_some(Times { event, start, end })
    }
}
