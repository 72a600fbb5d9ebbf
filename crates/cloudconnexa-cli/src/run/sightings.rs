//! What a stretch of the input tells of sessions.

use cloudconnexa_validator::sessions::SessionEvent;

/// What was seen of sessions, in the order of the input.
#[derive(Debug, Default)]
pub(crate) struct Sightings {
    pub(crate) list: Vec<SessionEvent>,
    /// Records that are left out: they are invalid, and tell too little of a session, or not even whether they are about one.
    pub(crate) left_out: u64,
    /// Invalid ones in the list.
    pub(crate) taken: u64,
}

impl Sightings {
    pub(super) fn push(&mut self, sighting: SessionEvent) {
        self.taken += u64::from(!sighting.is_valid);
        self.list.push(sighting);
    }

    /// About how much memory it takes.
    pub(super) fn weight(&self) -> usize {
        self.list.len() * 1024
    }

    /// Takes in what comes behind.
    pub(super) fn append(&mut self, later: Self) {
        self.list.extend(later.list);
        self.left_out += later.left_out;
        self.taken += later.taken;
    }
}
