use super::nearest;

#[test]
fn the_nearest_name_is_found_unless_all_are_far_off() {
    let known = ["wrong-type", "too-long", "syntax"];
    assert_eq!(nearest("wrong_type", known), Some("wrong-type"));
    assert_eq!(nearest("Sintax", known), Some("syntax"));
    assert_eq!(nearest("something", known), None);
}
