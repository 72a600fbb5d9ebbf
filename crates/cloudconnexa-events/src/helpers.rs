//! What every reader of these logs writes again: who, which device, from where, in which session.

use std::net::IpAddr;
use std::time::Duration;

use crate::{ClientDisconnectedLog, Event, EventBody, FlowEntityType, InitiatorType};

impl Event {
    /// The public address of whoever caused the event: the first of `publicIp`, its successor `initiatorPublicIp`,
    /// and the `clientPublicIp` of the header and of `log`. Some events carry none.
    pub fn public_ip(&self) -> Option<IpAddr> {
        let header = &self.header;
        let of_log = match &self.body {
            EventBody::ClientConnected(log) => Some(&log.client_public_ip),
            EventBody::ClientDisconnected(log) => Some(&log.client_public_ip),
            _ => None,
        };
        [&header.public_ip, &header.initiator_public_ip, &header.client_public_ip]
            .into_iter()
            .find_map(Option::as_ref)
            .or(of_log)
            .map(crate::IpAddress::get)
    }

    /// Who caused the event, for people: the first of `parentEntityName`, `initiatorName` and `initiator` that is not
    /// empty. For an identifier that stays the same, take `initiator`.
    pub fn user(&self) -> &str {
        let header = &self.header;
        [&header.parent_entity_name, &header.initiator_name]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|name| !name.is_empty())
            .unwrap_or(&header.initiator)
    }

    /// The device or connector that the event is about, for people: its name, else its identifier.
    ///
    /// That is the initiator where it is one, else the source of a flow where it is a device. Events that a person
    /// caused in the portal have no device.
    pub fn device(&self) -> Option<&str> {
        let header = &self.header;
        if matches!(header.initiator_type, InitiatorType::Device | InitiatorType::Connector) {
            return named(header.initiator_name.as_deref(), &header.initiator);
        }
        match &self.body {
            EventBody::FlowEstablished(log) if log.source_entity_type == FlowEntityType::Device => {
                named(log.source_entity_name.as_deref(), &log.source_entity_id)
            }
            _ => None,
        }
    }

    /// The session that the event belongs to, which joins client-connected, client-disconnected and flow-established.
    pub fn session_id(&self) -> Option<&str> {
        let id = match &self.body {
            EventBody::ClientConnected(log) => &log.client_session_id,
            EventBody::ClientDisconnected(log) => &log.client_session_id,
            EventBody::FlowEstablished(log) => &log.client_session_id,
            _ => return None,
        };
        Some(id.as_str()).filter(|id| !id.is_empty())
    }
}

/// The name where there is one, else the identifier where there is one.
fn named<'a>(name: Option<&'a str>, id: &'a str) -> Option<&'a str> {
    name.filter(|name| !name.is_empty()).or(Some(id)).filter(|text| !text.is_empty())
}

impl ClientDisconnectedLog {
    /// More about why the session ended. The vendor writes "nothing more" as null, as the text `null` or as an empty
    /// text; all three are `None` here.
    pub fn disconnect_description(&self) -> Option<&str> {
        self.session_disconnect_reason_description.as_deref().filter(|text| !matches!(*text, "" | "null"))
    }

    /// How long the session lasted, as the event tells it.
    pub fn duration(&self) -> Duration {
        Duration::from_secs(self.session_duration_seconds)
    }
}
