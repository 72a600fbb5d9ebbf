//! Tests of who is taken for the person and for the device.

use super::*;

const PERSON: &str = "43efdaaa-d8a1-4af1-acc1-d96b77313f42";
const DEVICE: &str = "521572bc-fcc2-4c05-a78c-d2a9654cc676";
const GROUP: &str = "e7856d84-d6b6-4803-94e1-b14e1abe483c";

type Text = &'static str;

/// An entity of an event; empty texts stand for absent ones.
fn entity(kind: Text, id: Text, name: Text) -> Entity<Text> {
    let text = |text: Text| Some(text).filter(|text| !text.is_empty());
    Entity::new(text(kind), text(id), text(name))
}

fn actors(initiator: Entity<Text>, parent: Entity<Text>) -> Actors<Text> {
    Actors { initiator, parent, source: Entity::default() }
}

/// The identifier and the name of the user.
fn user(actors: &Actors<Text>) -> (Option<Text>, Option<Text>) {
    (actors.user_id().copied(), actors.user_name().copied())
}

fn device(actors: &Actors<Text>) -> (Option<Text>, Option<Text>) {
    (actors.device_id().copied(), actors.device_name().copied())
}

#[test]
fn the_person_is_the_parent_of_a_device_or_the_initiator() {
    let laptop = entity("Device", DEVICE, "My Laptop");
    let person = entity("User", PERSON, "My User");
    let of_client = actors(laptop, person);
    assert_eq!(user(&of_client), (Some(PERSON), Some("My User")));
    assert_eq!(device(&of_client), (Some(DEVICE), Some("My Laptop")));

    let of_portal = actors(person, entity("UserGroup", GROUP, "Default"));
    assert_eq!(user(&of_portal), (Some(PERSON), Some("My User")));
    assert_eq!(device(&of_portal), (None, None));
}

#[test]
fn a_group_a_network_or_an_unknown_kind_is_never_the_person() {
    for kind in ["UserGroup", "Group", "NetworkOrHost", "user", "Robot", ""] {
        let of_device = actors(entity("Device", DEVICE, "My Laptop"), entity(kind, GROUP, "Default"));
        assert_eq!(user(&of_device), (None, None), "{kind}");
        let of_flow = actors(entity("User", "user@example.com", ""), entity(kind, GROUP, "Engineering"));
        assert_eq!(user(&of_flow), (Some("user@example.com"), None), "{kind}");
        let of_unknown = actors(entity(kind, PERSON, "My User"), entity("UserGroup", GROUP, "Default"));
        assert_eq!(user(&of_unknown), (None, None), "{kind}");
        assert_eq!(device(&of_unknown), (None, None), "{kind}");
    }
}

#[test]
fn identifier_and_name_are_those_of_one_person() {
    let both = actors(entity("User", "admin", "My Admin"), entity("User", PERSON, ""));
    assert_eq!(user(&both), (Some(PERSON), None));
    let nameless_parent = actors(entity("User", "admin", "My Admin"), entity("User", "", "My User"));
    assert_eq!(user(&nameless_parent), (Some("admin"), Some("My Admin")));
    let name_only = actors(entity("Device", DEVICE, ""), entity("User", "", "My User"));
    assert_eq!(user(&name_only), (None, Some("My User")));
}

#[test]
fn empty_texts_are_absent() {
    let empty = Entity::new(Some("User"), Some(""), Some(""));
    let person = entity("User", PERSON, "My User");
    assert_eq!(user(&actors(person, empty)), (Some(PERSON), Some("My User")));
    assert_eq!(user(&actors(empty, empty)), (None, None));
    let device_without = Entity::new(Some("Device"), Some(""), Some(""));
    assert_eq!(device(&actors(device_without, person)), (None, None));
}

#[test]
fn what_identifies_a_person_does_not_identify_a_device() {
    let by_mail = actors(entity("Device", "user@example.com", "My Laptop"), Entity::default());
    assert_eq!(device(&by_mail), (None, Some("My Laptop")));
    assert_eq!(user(&by_mail), (None, None), "what a device is called by does not identify a person either");
    let by_user_name = actors(entity("Device", "jdoe", "My Laptop"), entity("User", "jdoe", "My User"));
    assert_eq!(device(&by_user_name), (None, Some("My Laptop")));
}

#[test]
fn the_device_of_a_flow_is_its_source() {
    let source = entity("Device", DEVICE, "My Laptop");
    let flow = |initiator, source| Actors { source, ..actors(initiator, entity("Group", GROUP, "")) };
    let person = entity("User", "user@example.com", "");
    assert_eq!(device(&flow(person, source)), (Some(DEVICE), Some("My Laptop")));
    let by_mail = entity("Device", "user@example.com", "A name");
    assert_eq!(device(&flow(by_mail, source)), (Some(DEVICE), Some("My Laptop")));
    for kind in ["Network", "Service", "Connector", "User", ""] {
        assert_eq!(device(&flow(person, entity(kind, DEVICE, "HQ"))), (None, None), "{kind}");
    }
    let connector = entity("Connector", PERSON, "My Connector");
    assert_eq!(device(&flow(connector, source)), (Some(PERSON), Some("My Connector")));
}
