use super::Turn;

/// Other work may wait for its turn while it is admitted, so that both would wait forever.
#[test]
fn work_that_is_next_is_admitted_beside_other_work() {
    let turn = Turn::default();
    turn.admit(1);
    turn.admit(0);
}

#[test]
fn work_is_admitted_before_its_turn_once_no_other_work_is() {
    let turn = Turn::default();
    turn.admit(1);
    turn.release(1);
    turn.admit(2);
}
