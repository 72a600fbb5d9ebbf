//! Tests of parsing a mix.

use super::{Mix, ParseMixErrorKind};

#[test]
fn a_name_alone_has_weight_one_and_unnamed_events_none() {
    let mix: Mix = "flow-established=70, client-connected".parse().unwrap();
    assert!(mix.has("flow-established") && mix.has("client-connected") && !mix.has("test-message"));
    assert_eq!(mix.0.iter().map(|(_, weight)| weight).sum::<u64>(), 71);
    assert!(Mix::default().0.iter().all(|(_, weight)| *weight > 0));
}

#[test]
fn an_error_names_what_it_refuses() {
    let error = |text: &str| text.parse::<Mix>().unwrap_err();
    assert_eq!(error("x=1").to_string(), "no event is named `x`");
    assert_eq!(error("x=1").unknown_event(), Some("x"));
    assert_eq!(error("x=1").kind(), ParseMixErrorKind::UnknownEvent);
    assert!(error("test-message=some").to_string().ends_with("found `some`"));
    assert_eq!(error("test-message=some").kind(), ParseMixErrorKind::InvalidWeight);
    assert!(error("test-message=0").to_string().starts_with("expected at least one"));
    assert_eq!(error("test-message=0").unknown_event(), None);
    assert_eq!(error("test-message=0").kind(), ParseMixErrorKind::Empty);
}
