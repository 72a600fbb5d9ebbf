//! Tests of the decisions of the pool.

use std::sync::atomic::Ordering;

use super::WholeInputs;

#[test]
fn outputs_are_large_if_most_whole_inputs_are_merged_in_parts() {
    let whole_inputs = WholeInputs::default();
    assert!(!whole_inputs.are_mostly_merged_in_parts());
    for (begun, in_parts, expected) in
        [(1, 0, false), (1, 1, true), (2, 1, false), (3, 2, true), (100, 1, false)]
    {
        whole_inputs.begun.store(begun, Ordering::Relaxed);
        whole_inputs.in_parts.store(in_parts, Ordering::Relaxed);
        assert_eq!(whole_inputs.are_mostly_merged_in_parts(), expected, "{in_parts} of {begun}");
    }
}
