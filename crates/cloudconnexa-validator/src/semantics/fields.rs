//! The fields that rules read, found in one pass over an outline.

use std::borrow::Cow;
use std::net::IpAddr;
use std::ops::Range;

use crate::catalog::{EVENTS, FieldSpec, HEADER};
use crate::instant::{self, Micros};
use crate::outline::{Outline, Raw};
use crate::scope::Scope;
use crate::sessions::event::integer;

/// Declares the enum of fields, and their table.
macro_rules! fields {
    ($($field:ident: $scope:ident $name:literal,)*) => {
        /// A field that some rule reads.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Field {
            $($field,)*
        }

        const FIELDS: &[(Field, Scope, &str)] = &[$((Field::$field, Scope::$scope, $name),)*];
    };
}

fields! {
    Timestamp: Header "timestamp",
    TraceId: Header "traceId",
    CloudId: Header "cloudId",
    PublicIp: Header "publicIp",
    InitiatorPublicIp: Header "initiatorPublicIp",
    HeaderClientPublicIp: Header "clientPublicIp",
    ClientPublicIp: Log "clientPublicIp",
    ClientSessionId: Log "clientSessionId",
    Start: Log "sessionStartTime",
    End: Log "sessionEndTime",
    Duration: Log "sessionDurationSeconds",
    BytesIn: Log "sessionBytesIn",
    BytesOut: Log "sessionBytesOut",
    Reason: Log "sessionDisconnectReason",
    TunnelIpV4: Log "clientTunnelIpV4",
    TunnelIpV6: Log "clientTunnelIpV6",
    SourcePort: Log "sourcePort",
    DestinationPort: Log "destinationPort",
    Protocol: Log "protocol",
}

const COUNT: usize = FIELDS.len();

impl Field {
    fn entry(self) -> (Scope, &'static str) {
        let (_, scope, name) = FIELDS[self as usize];
        (scope, name)
    }

    pub(crate) fn pointer(self) -> String {
        let (scope, name) = self.entry();
        scope.pointer(name)
    }

    pub(crate) fn name(self) -> &'static str {
        self.entry().1
    }
}

/// Maps the index of a field in the header, or in the `log` of each event, to a [`Field`].
#[derive(Debug)]
pub(crate) struct FieldLookup {
    header: Vec<Option<Field>>,
    logs: Vec<Vec<Option<Field>>>,
}

impl FieldLookup {
    pub(crate) fn new() -> Self {
        let places = |scope: Scope, specs: &[FieldSpec]| {
            let of =
                |spec: &FieldSpec| FIELDS.iter().find(|(_, at, name)| *at == scope && *name == spec.name);
            specs.iter().map(|spec| of(spec).map(|(field, ..)| *field)).collect()
        };
        let logs = EVENTS.iter().map(|event| places(Scope::Log, event.log.unwrap_or_default()));
        Self { header: places(Scope::Header, HEADER), logs: logs.collect() }
    }
}

/// The ranges of these fields in a record.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    record: &'a str,
    ranges: [(u32, u32); COUNT],
}

impl<'a> Fields<'a> {
    pub(crate) fn of(outline: &Outline<'a>, lookup: &FieldLookup) -> Self {
        let event =
            outline.event().and_then(|event| EVENTS.iter().position(|known| std::ptr::eq(known, event)));
        let log = event.map_or(&[][..], |event| &lookup.logs[event]);
        let mut ranges = [(0, 0); COUNT];
        for slot in outline.slots() {
            let places = if slot.scope == Scope::Header { &*lookup.header } else { log };
            if let Some(Some(field)) = places.get(usize::from(slot.index)) {
                ranges[*field as usize] = (slot.value, slot.end);
            }
        }
        Self { record: outline.text(), ranges }
    }

    pub(crate) fn record(&self) -> &'a [u8] {
        self.record.as_bytes()
    }

    /// Returns the range of the value of a field, if present.
    pub(crate) fn range(&self, field: Field) -> Option<Range<usize>> {
        let (start, end) = self.ranges[field as usize];
        (end > 0).then_some(start as usize..end as usize)
    }

    /// Returns the value as it is written.
    pub(crate) fn raw(&self, field: Field) -> Option<&'a str> {
        self.record.get(self.range(field)?)
    }

    /// Returns the value of a field that is a string.
    pub(crate) fn text(&self, field: Field) -> Option<Cow<'a, str>> {
        Raw::of_text(self.record, self.range(field)?)?.text()
    }

    /// Returns the value of a field that is a time, in microseconds since 1970.
    pub(crate) fn time(&self, field: Field) -> Option<Micros> {
        instant::read(&self.text(field)?)
    }

    /// Returns the value of a field that is a count.
    pub(crate) fn number(&self, field: Field) -> Option<u64> {
        integer(Raw::of_text(self.record, self.range(field)?)?)
    }

    /// Returns the value of a field that is an address. An IPv4-mapped IPv6 address is returned as IPv4.
    pub(crate) fn address(&self, field: Field) -> Option<IpAddr> {
        self.text(field)?.parse().ok().map(|address: IpAddr| address.to_canonical())
    }
}
