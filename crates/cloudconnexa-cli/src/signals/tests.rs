//! What is said after a signal has to be true in each state that it can find.

use super::outcome;

#[test]
fn nothing_is_said_to_be_unwritten_once_standard_output_has_something() {
    for removed in [0, 1, 2] {
        let said = outcome(false, removed, true);
        assert!(said.contains("standard output is incomplete"), "{said}");
        assert!(!said.contains("nothing"), "{said}");
    }
    assert_eq!(outcome(false, 0, false), "not all was read, and nothing was written");
    assert_eq!(outcome(false, 2, false), "nothing was put into place");
}

#[test]
fn files_in_place_are_never_denied_nor_said_to_be_all() {
    for has_streamed in [false, true] {
        let (between, after) = (outcome(true, 1, has_streamed), outcome(true, 0, has_streamed));
        assert_eq!(between, "some outputs are in place, and the others are as before");
        assert_eq!(after, "each file that was put into place is complete, and any other is as before");
    }
}
