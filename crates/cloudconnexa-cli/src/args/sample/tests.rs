use super::mix;

#[test]
fn a_misspelt_event_is_reported_with_a_suggestion() {
    let error = |text| mix(text).unwrap_err();
    assert_eq!(
        error("flow-establish=1"),
        "no event is named `flow-establish`; did you mean `flow-established`?"
    );
    assert_eq!(error("x=1"), "no event is named `x`; `ccxlog events` lists them");
    assert!(error("test-message=0").starts_with("expected at least one"));
}
