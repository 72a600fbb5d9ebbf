use super::*;

#[test]
fn absence_is_significant_if_fifty_are_expected() {
    assert!(absence_is_significant(50, 1000, 1000) && !absence_is_significant(49, 1000, 1000));
    assert!(absence_is_significant(1, 10, 500) && !absence_is_significant(1, 10, 499));
    assert!(!absence_is_significant(0, 0, 500));
}

#[test]
fn an_increase_is_significant_at_a_tenth_and_six_standard_errors() {
    assert!(increase_is_significant((500, 1000), (0, 1000)));
    assert!(increase_is_significant((200, 1000), (100, 1000)));
    assert!(!increase_is_significant((190, 1000), (100, 1000)), "less than a tenth");
    assert!(!increase_is_significant((70, 100), (50, 100)), "less than six errors");
    assert!(!increase_is_significant((99, 99), (0, 1000)), "too few");
    assert!(!increase_is_significant((0, 1000), (500, 1000)), "fewer");
}
