//! Decides which differences are more than chance.

#[cfg(test)]
mod tests;

/// The number of occurrences to expect for their absence to be significant.
const MIN_EXPECTED: f64 = 50.0;
/// The least increase of a share that is reported.
const MIN_INCREASE: f64 = 0.1;
/// The least increase of a share in standard errors.
const MIN_STANDARD_ERRORS: f64 = 6.0;
/// The least number of values that a share is computed of.
const MIN_SAMPLE: u64 = 100;

/// Returns whether it is significant that something is absent from `others`, given that it occurred `count` times among `of`: by
/// that share, it would have occurred at least fifty times. If occurrences are independent, that none occurs has a
/// probability of e^-50.
pub(super) fn absence_is_significant(count: u64, of: u64, others: u64) -> bool {
    of > 0 && float(count) / float(of) * float(others) >= MIN_EXPECTED
}

/// Returns whether a share, given as part and whole, has grown by at least a tenth of the whole and six standard errors: a
/// two-proportion z-test with a probability of one in a billion.
pub(super) fn increase_is_significant(
    (part, whole): (u64, u64),
    (part_before, whole_before): (u64, u64),
) -> bool {
    if whole < MIN_SAMPLE || whole_before < MIN_SAMPLE {
        return false;
    }
    let difference = float(part) / float(whole) - float(part_before) / float(whole_before);
    let share = float(part + part_before) / float(whole + whole_before);
    let error = (share * (1.0 - share) * (1.0 / float(whole) + 1.0 / float(whole_before))).sqrt();
    difference >= MIN_INCREASE && difference >= MIN_STANDARD_ERRORS * error
}

#[expect(clippy::cast_precision_loss, reason = "shares need no more than 53 bits")]
fn float(count: u64) -> f64 {
    count as f64
}
