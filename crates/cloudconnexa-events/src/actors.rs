//! Who caused an event: which person, with which device. One rule, for parsed events and for raw fields.

/// The entities that an event names, from which follow the user and the device.
///
/// [`Event::actors`](crate::Event::actors) returns those of an event. Programs that read fields without parsing the event
/// fill in what they have; empty texts count as absent.
///
/// # Examples
///
/// ```
/// use cloudconnexa_events::{Actors, Entity};
///
/// // A flow as it is recorded: the person is the initiator, and the parent is a group.
/// let mut actors = Actors::default();
/// actors.initiator = Entity::new(Some("User"), Some("user@example.com"), None);
/// actors.parent = Entity::new(Some("Group"), Some("0d5b2f3a-7b1c-4b39-8f5e-7b8c1a9d2e4f"), Some("Engineering"));
/// assert_eq!(actors.user_id(), Some(&"user@example.com"));
/// assert_eq!((actors.user_name(), actors.device_id()), (None, None));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Actors<T> {
    /// The initiator: `initiatorType`, `initiator` and `initiatorName` of the header.
    pub initiator: Entity<T>,
    /// What it belongs to: `parentEntityType`, `parentEntity` and `parentEntityName` of the header.
    pub parent: Entity<T>,
    /// The source of a flow: `sourceEntityType`, `sourceEntityId` and `sourceEntityName` of its `log`.
    pub source: Entity<T>,
}

/// A person, device, group or anything else that an event names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Entity<T> {
    /// Its type, such as `Device`.
    pub kind: Option<T>,
    /// Its identifier.
    pub id: Option<T>,
    /// Its display name.
    pub name: Option<T>,
}

impl<T: AsRef<str>> Entity<T> {
    /// Creates an entity from what an event says about it.
    pub fn new(kind: Option<T>, id: Option<T>, name: Option<T>) -> Self {
        Self { kind, id, name }
    }

    fn is_one_of(&self, kinds: &[&str]) -> bool {
        self.kind.as_ref().is_some_and(|kind| kinds.contains(&kind.as_ref()))
    }

    fn id(&self) -> Option<&T> {
        self.id.as_ref().filter(|id| !id.as_ref().is_empty())
    }

    fn name(&self) -> Option<&T> {
        self.name.as_ref().filter(|name| !name.as_ref().is_empty())
    }
}

impl<T: AsRef<str>> Actors<T> {
    /// Returns the identifier of the person: that of the parent if its type is `User`, else that of the initiator if its type
    /// is `User`. A group, a network and a device are never taken for a person.
    pub fn user_id(&self) -> Option<&T> {
        self.user()?.id()
    }

    /// Returns the display name of the person that [`user_id`](Self::user_id) identifies.
    pub fn user_name(&self) -> Option<&T> {
        self.user()?.name()
    }

    /// Returns the identifier of the device or connector: that of the initiator if it is one, else that of the source of a
    /// flow if it is a device.
    ///
    /// An identifier that is an e-mail address, or that of the person, does not identify a device, although recorded events
    /// have it in that place.
    pub fn device_id(&self) -> Option<&T> {
        self.id_of_device(self.device()?)
    }

    /// Returns the display name of the device or connector that [`device_id`](Self::device_id) identifies.
    pub fn device_name(&self) -> Option<&T> {
        self.device()?.name()
    }

    /// Returns the entity that is the person. Both its identifier and its name are taken from it, as those of two entities
    /// may be of two people.
    fn user(&self) -> Option<&Entity<T>> {
        let people =
            || [&self.parent, &self.initiator].into_iter().filter(|entity| entity.is_one_of(&["User"]));
        people()
            .find(|person| person.id().is_some())
            .or_else(|| people().find(|person| person.name().is_some()))
    }

    fn device(&self) -> Option<&Entity<T>> {
        let devices = || {
            let initiator = Some(&self.initiator).filter(|entity| entity.is_one_of(&["Device", "Connector"]));
            initiator.into_iter().chain(Some(&self.source).filter(|entity| entity.is_one_of(&["Device"])))
        };
        devices()
            .find(|device| self.id_of_device(device).is_some())
            .or_else(|| devices().find(|device| device.name().is_some()))
    }

    fn id_of_device<'a>(&self, device: &'a Entity<T>) -> Option<&'a T> {
        let user = self.user_id().map(AsRef::as_ref);
        device.id().filter(|id| !id.as_ref().contains('@') && Some(id.as_ref()) != user)
    }
}

#[cfg(test)]
mod tests;
