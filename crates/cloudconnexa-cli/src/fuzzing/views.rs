//! Compares views with what the types parse.

use std::cell::RefCell;

use cloudconnexa_events::Event;
use cloudconnexa_validator::outline::Raw;
use cloudconnexa_validator::{Checker, EventView, Scope};

use super::VALIDATOR;

thread_local! {
    static CHECKERS: RefCell<[Checker<'static>; 2]> =
        RefCell::new([VALIDATOR.checker(), VALIDATOR.portable_checker()]);
}

/// A record. It has a view if it is valid. Every field that the view has can be found by its name, and the owned event is
/// the one that the types parse.
pub fn views(record: &[u8]) {
    CHECKERS.with_borrow_mut(|checkers| {
        for checker in checkers {
            let view = checker.view(record);
            assert_eq!(view.is_some(), VALIDATOR.is_valid(record), "a view if the record is valid");
            if let Some(view) = view {
                agrees(&view);
            }
        }
    });
}

fn agrees(view: &EventView<'_>) {
    let parsed = Event::from_slice(view.record()).expect("the types accept a valid record");
    let made = view.to_event().expect("a view has an event");
    assert_eq!(made, parsed);
    assert_eq!(made.to_json(), parsed.to_json(), "spelling and order");
    assert_eq!(view.name(), parsed.event_name());
    for (name, value) in parsed.header.extra.iter() {
        assert_eq!(view.field(name).map(Raw::as_str), Some(value.get()), "{name}");
    }
    for member in view.unknown_fields() {
        let name = member.name();
        let found = match member.scope {
            Scope::Log => view.log_field(&name),
            Scope::Header => view.field(&name),
        };
        assert_eq!(found, Some(member.value()), "{name}");
    }
    let time = view.header().timestamp();
    assert_eq!(time.unix_micros(), parsed.header.timestamp.unix_micros());
}
