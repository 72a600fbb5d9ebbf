//! Whose output is merged next: a worker whose output is too large to hold waits for its turn, as does one with a long
//! record while another thread has one.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The sequence number that is merged next.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    seq: u64,
    part_is_pending: bool,
    /// The work that has been admitted with a long record.
    admitted: Vec<u64>,
    is_ended: bool,
}

impl Turn {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `seq` is next and no part of it is pending, and marks one as pending. Returns at once if nothing is
    /// merged anymore.
    pub(crate) fn wait_for_part(&self, seq: u64) {
        let is_too_early = |state: &mut State| !state.is_ended && (state.seq != seq || state.part_is_pending);
        let mut state =
            self.changed.wait_while(self.state(), is_too_early).unwrap_or_else(PoisonError::into_inner);
        state.part_is_pending = true;
    }

    /// Records that the pending part was merged.
    pub(crate) fn part_merged(&self) {
        self.state().part_is_pending = false;
        self.changed.notify_all();
    }

    /// Waits until `seq` may hold a long record: when no other work holds one, or at the latest when it is next.
    ///
    /// Work that is next never waits, as what is admitted may itself wait for its turn. So no more than two are admitted at
    /// a time.
    pub(crate) fn admit(&self, seq: u64) {
        let must_wait = |state: &mut State| !state.is_ended && state.seq != seq && !state.admitted.is_empty();
        let mut state =
            self.changed.wait_while(self.state(), must_wait).unwrap_or_else(PoisonError::into_inner);
        state.admitted.push(seq);
    }

    /// Records that `seq`, which was admitted, holds no long record any more.
    pub(crate) fn release(&self, seq: u64) {
        self.state().admitted.retain(|admitted| *admitted != seq);
        self.changed.notify_all();
    }

    /// Waits until no more than `most` pieces of work before `seq` are still to be merged.
    pub(crate) fn wait_for_room(&self, seq: u64, most: u64) {
        let must_wait = |state: &mut State| !state.is_ended && state.seq + most < seq;
        drop(self.changed.wait_while(self.state(), must_wait).unwrap_or_else(PoisonError::into_inner));
    }

    /// Gives the turn to `seq`.
    pub(crate) fn advance_to(&self, seq: u64) {
        self.state().seq = seq;
        self.changed.notify_all();
    }

    /// Wakes all that wait: nothing is merged anymore.
    pub(crate) fn end(&self) {
        self.state().is_ended = true;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests;
