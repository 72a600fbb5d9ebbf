//! The questions that every reader of these logs asks: who, which device, from where, in which session.

use std::net::IpAddr;
use std::time::Duration;

use crate::event::Event;
use crate::generated::{ClientDisconnectedLog, EventBody, FlowEntityType, InitiatorType};
use crate::scalar::IpAddress;

impl Event {
    /// Returns the public address of the initiator: the first of `publicIp`, its successor `initiatorPublicIp`, and the
    /// `clientPublicIp` of the header and of `log`. Some events have none.
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
            .map(IpAddress::get)
    }

    /// Returns a display name of the user who caused the event: the first of `parentEntityName`, `initiatorName` and
    /// `initiator` that is not empty. For an identifier that does not change, use `initiator`.
    pub fn user(&self) -> &str {
        let header = &self.header;
        [&header.parent_entity_name, &header.initiator_name]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|name| !name.is_empty())
            .unwrap_or(&header.initiator)
    }

    /// Returns a display name of the device or connector that the event is about, or its identifier if it has no name.
    ///
    /// It is the initiator if that is a device or a connector, else the source of a flow if that is a device. Events that a
    /// person caused in the portal have no device.
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

    /// Returns the identifier of the session, which joins client-connected, client-disconnected and flow-established.
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

/// Returns the name if it is not empty, else the identifier if that is not empty.
fn named<'a>(name: Option<&'a str>, id: &'a str) -> Option<&'a str> {
    name.filter(|name| !name.is_empty()).or(Some(id)).filter(|text| !text.is_empty())
}

impl ClientDisconnectedLog {
    /// Returns the description of the reason that the session ended for.
    ///
    /// The vendor writes an absent description as null, as the text `null` or as an empty text: all three are `None`.
    pub fn disconnect_description(&self) -> Option<&str> {
        self.session_disconnect_reason_description.as_deref().filter(|text| !matches!(*text, "" | "null"))
    }

    /// Returns how long the session lasted, in whole seconds as the event reports it.
    pub fn duration(&self) -> Duration {
        Duration::from_secs(self.session_duration_seconds)
    }
}
