//! Compares views with what the types parse.

use std::cell::RefCell;

use cloudconnexa_events::{Event, UtcMicros};
use cloudconnexa_validator::outline::Raw;
use cloudconnexa_validator::{Checker, EventView, Scope};

use super::VALIDATOR;

/// The last microsecond that the types count, 26 hours before the year 10000. Of a later time, they keep the text.
const LAST_MICROS: i64 = 253_402_207_200_999_999;

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
    let time = view.header().timestamp().unix_micros();
    assert_eq!(time.min(LAST_MICROS), UtcMicros::from(&parsed.header.timestamp).unix_micros());
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_at_the_ends_of_what_can_be_counted_agree() {
        let event = include_str!("../../../../tests/corpus/documented/client-disconnected-v1.json");
        let times = [
            "1969-12-31T23:59:59.9999995Z",
            "2016-12-31T23:59:60.5Z",
            "9999-12-31T23:59:59.999999Z",
            "9999-12-31T23:59:60-23:59",
            "0000-01-01T00:00:00Z",
            "0000-01-01T00:00:00+23:59",
        ];
        for time in times {
            let event = event.replacen("2023-12-20T10:45:14.000000Z", time, 1);
            assert!(event.contains(time));
            super::views(event.as_bytes());
        }
    }
}
