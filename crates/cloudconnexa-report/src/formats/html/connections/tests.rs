//! Tests of what the page says about connections.

use cloudconnexa_validator::Validator;
use cloudconnexa_validator::sessions::{ConnectionLimits, Connections, DEAD_AFTER};

use super::*;

const EVENT: &str = include_str!("../../../../../../tests/corpus/documented/client-disconnected-v1.json");

/// The event that ends a session, of this user, on 2023-12-20.
fn event(user: &str, id: usize, start: &str, end: &str) -> String {
    EVENT
        .replace("new@gmail.com", user)
        .replace("6582c5be4203d502df029d4a", &id.to_string())
        .replace(
            "\"sessionStartTime\": \"2023-12-20T10:45:10",
            &format!("\"sessionStartTime\": \"2023-12-20T{start}"),
        )
        .replace("2023-12-20T10:45:14", &format!("2023-12-20T{end}"))
}

fn overview(events: &[String], limits: ConnectionLimits) -> ConnectionOverview {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let mut connections = Connections::new(limits);
    for event in events {
        connections
            .observe(&checker.outline(event.as_bytes()).expect("an object"))
            .expect("of a session")
            .unwrap();
    }
    match connections.finish(DEAD_AFTER) {
        Ok(spans) => ConnectionOverview::Known(spans),
        Err(_) => ConnectionOverview::TooMany,
    }
}

fn events() -> Vec<String> {
    let often = |number: usize| event("ann@example.com", 100 + number, "09:00:00", "09:00:01");
    let open =
        event("<i>bob</i>", 1, "12:00:00", "12:00:00").replace("client-disconnected", "client-connected");
    let others = [event("cleo@example.com", 2, "08:30:00", "10:00:00"), open];
    (0..40).map(often).chain(others).collect()
}

fn page(limits: ConnectionLimits, masking: Masking) -> String {
    connections(&overview(&events(), limits), masking).into_string().replace("><", ">\n<")
}

#[test]
fn the_page_says_how_many_were_connected_and_who() {
    insta::assert_snapshot!(page(ConnectionLimits::default(), Masking::Shown));
}

#[test]
fn masked_values_of_connections_are_not_on_the_page() {
    let page = page(ConnectionLimits::default(), Masking::Masked);
    assert!(page.contains("masked") && page.contains("<td class=\"n\">40</td>"), "{page}");
    for value in ["ann@", "bob", "cleo", "My User"] {
        assert!(!page.contains(value), "{value} in {page}");
    }
}

#[test]
fn what_is_not_known_exactly_is_not_on_the_page() {
    let few = ConnectionLimits { max_events: 41, ..ConnectionLimits::default() };
    insta::assert_snapshot!(page(few, Masking::Shown));
    assert!(connections(&overview(&[], few), Masking::Shown).into_string().is_empty());
}

#[test]
fn long_tables_are_cut_and_say_so() {
    let user = |number: usize| {
        let event = event(&format!("user-{number:03}"), number, "09:00:00", "09:00:00");
        event.replace("client-disconnected", "client-connected")
    };
    let events: Vec<_> = (0..60).map(user).collect();
    let page = connections(&overview(&events, ConnectionLimits::default()), Masking::Shown).into_string();
    assert!(
        page.contains("60 users at 2023-12-20 09:00:00") && page.contains("10 users not shown"),
        "{page}"
    );
    assert!(page.contains("user-049") && !page.contains("user-050"), "{page}");
}
