//! Tests of reading minimums.

use super::{add, override_by, parse};

#[test]
fn minimums_are_read_as_they_are_written() {
    for text in ["90%", "each=80%", "header=80%", "test-message=1.25%"] {
        assert_eq!(parse(text).map(|minimum| minimum.to_string()).as_deref(), Ok(text));
    }
    for wrong in ["", "90", "=90%", "each=", "no-such-event=90%"] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
    let problem = parse("client-disconected=90%").unwrap_err();
    assert!(problem.contains("did you mean `client-disconnected`?"), "{problem}");
}

#[test]
fn each_scope_has_one_minimum_and_the_later_list_wins() {
    let mut minimums = Vec::new();
    add(&mut minimums, parse("90%").unwrap()).unwrap();
    add(&mut minimums, parse("header=80%").unwrap()).unwrap();
    assert!(add(&mut minimums, parse("70%").unwrap()).is_err());
    override_by(&mut minimums, vec![parse("100%").unwrap(), parse("each=50%").unwrap()]);
    let shown: Vec<_> = minimums.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["header=80%", "100%", "each=50%"]);
}
