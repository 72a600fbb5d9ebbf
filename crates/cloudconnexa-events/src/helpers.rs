//! The questions that every reader of these logs asks: who, which device, from where, in which session.

use std::net::IpAddr;
use std::time::Duration;

use crate::actors::{Actors, Entity};
use crate::event::Event;
use crate::generated::{ClientDisconnectedLog, EventBody, ParentEntityType};
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

    /// Returns the identifier of the person who caused the event, or whose device did: `parentEntity` if `parentEntityType` is
    /// `User`, else `initiator` if `initiatorType` is `User`. `None` if the event says neither.
    ///
    /// Neither field alone identifies a person: in events of clients, `initiator` is the device, and in events of the portal,
    /// `parentEntity` is a group. What is written may be a UUID, an e-mail address or a user name, and recorded flows have an
    /// e-mail address where other events of the same person have a UUID. Within events of one kind it does not change with
    /// the person's name, so count by this identifier, together with `cloudId`.
    pub fn user_id(&self) -> Option<&str> {
        self.actors().user_id().copied()
    }

    /// Returns the display name of the person that [`user_id`](Self::user_id) identifies: for people to read, as two people
    /// may share it and one person may change it. Recorded flows have none.
    pub fn user_name(&self) -> Option<&str> {
        self.actors().user_name().copied()
    }

    /// Returns the identifier of the device or connector that caused the event: `initiator` if `initiatorType` is `Device` or
    /// `Connector`, else the source of a flow if that is a device.
    ///
    /// Events that a person caused in the portal have no device. Neither has an event whose `initiator` is an e-mail address,
    /// or the person's identifier, although it says that it is of a device.
    pub fn device_id(&self) -> Option<&str> {
        self.actors().device_id().copied()
    }

    /// Returns the display name of the device or connector that [`device_id`](Self::device_id) identifies.
    pub fn device_name(&self) -> Option<&str> {
        self.actors().device_name().copied()
    }

    /// Returns the entities that the event names, from which follow the user and the device.
    pub fn actors(&self) -> Actors<&str> {
        let header = &self.header;
        let source = match &self.body {
            EventBody::FlowEstablished(log) => Entity::new(
                Some(log.source_entity_type.as_str()),
                Some(&*log.source_entity_id),
                log.source_entity_name.as_deref(),
            ),
            _ => Entity::default(),
        };
        Actors {
            initiator: Entity::new(
                Some(header.initiator_type.as_str()),
                Some(&*header.initiator),
                header.initiator_name.as_deref(),
            ),
            parent: Entity::new(
                header.parent_entity_type.as_ref().map(ParentEntityType::as_str),
                header.parent_entity.as_deref(),
                header.parent_entity_name.as_deref(),
            ),
            source,
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
