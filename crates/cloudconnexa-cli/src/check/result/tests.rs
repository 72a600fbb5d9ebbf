//! Tests of results that are put together.

use cloudconnexa_reader::Output as _;

use super::BlockResult;

/// Otherwise the results of many inputs would be held for longer than their size allows, and inputs that a stop left out
/// would be missing from the summary.
#[test]
fn the_numbers_of_two_results_add_up() {
    let result = |weight, skipped| BlockResult { weight, skipped, ..BlockResult::default() };
    let mut both = result(2, 1);
    both.append(result(3, 2));
    assert_eq!((both.weight, both.skipped), (5, 3));
}
