//! What is more than chance.

/// How many must be to be expected for none to be no chance.
const EXPECTED: f64 = 50.0;
/// How much of a difference between shares is worth telling.
const JUMP: f64 = 0.1;
/// How many times its standard error a difference has to be.
const ERRORS: f64 = 6.0;
/// Fewer are no share.
const ENOUGH: u64 = 100;

/// Whether something that came `count` times among `of` would have come among `others` as well, where it did not: by its
/// share at least fifty times. Where each comes by chance, none does in one case of e^50.
pub(super) fn would_have_come(count: u64, of: u64, others: u64) -> bool {
    of > 0 && float(count) / float(of) * float(others) >= EXPECTED
}

/// Whether a share, as parts and whole, has grown by a tenth of the whole or more, and by six standard errors: a
/// two-proportion z-test, at one in a billion.
pub(super) fn has_jumped((parts, whole): (u64, u64), (parts_before, whole_before): (u64, u64)) -> bool {
    if whole < ENOUGH || whole_before < ENOUGH {
        return false;
    }
    let difference = float(parts) / float(whole) - float(parts_before) / float(whole_before);
    let share = float(parts + parts_before) / float(whole + whole_before);
    let error = (share * (1.0 - share) * (1.0 / float(whole) + 1.0 / float(whole_before))).sqrt();
    difference >= JUMP && difference >= ERRORS * error
}

#[expect(clippy::cast_precision_loss, reason = "shares need no more than 53 bits")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_have_to_be_expected() {
        assert!(would_have_come(50, 1000, 1000) && !would_have_come(49, 1000, 1000));
        assert!(would_have_come(1, 10, 500) && !would_have_come(1, 10, 499));
        assert!(!would_have_come(0, 0, 500));
    }

    #[test]
    fn shares_jump_by_a_tenth_and_six_errors() {
        assert!(has_jumped((500, 1000), (0, 1000)));
        assert!(has_jumped((200, 1000), (100, 1000)));
        assert!(!has_jumped((190, 1000), (100, 1000)), "less than a tenth");
        assert!(!has_jumped((70, 100), (50, 100)), "less than six errors");
        assert!(!has_jumped((99, 99), (0, 1000)), "too few");
        assert!(!has_jumped((0, 1000), (500, 1000)), "fewer");
    }
}
