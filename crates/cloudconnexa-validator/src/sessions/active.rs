//! The sessions that were connected at one point in time, from events in any order.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::connections::TooManyConnections;
use super::event::SessionEvent;
use super::joiner::{Gap, Session};
use super::streamed::StreamedRoles;
use super::tracker::Role;
use crate::instant::{self, Micros};

/// Collects the sessions that are connected at one point in time.
///
/// It keeps only events that can matter for it: those of sessions that started before and ended after it, and those of
/// sessions that may have started shortly before. Several threads can each have one: [`append`](Self::append) them in any
/// order.
#[derive(Debug)]
pub struct ActiveSessions {
    at: Micros,
    dead_after: Micros,
    max_events: usize,
    events: HashMap<u64, Box<SessionEvent>>,
    streamed: StreamedRoles,
    is_full: bool,
}

impl ActiveSessions {
    /// Creates a collector for the time `at`. A session whose end is not among the events counts as dead after `dead_after`.
    /// At most `max_events` events are kept.
    #[must_use]
    pub fn new(at: Micros, dead_after: Micros, max_events: usize) -> Self {
        Self {
            at,
            dead_after,
            max_events,
            events: HashMap::new(),
            streamed: StreamedRoles::default(),
            is_full: false,
        }
    }

    /// Returns how many events it keeps.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Returns whether it keeps no event.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Returns whether there are more events than are kept.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Adds an event.
    pub fn observe(&mut self, event: SessionEvent) {
        self.streamed.observe(event.tenant(), event.role);
        if self.can_matter(&event) {
            self.add(Box::new(event));
        }
    }

    /// Adds what another collector has seen.
    pub fn append(&mut self, other: Self) {
        if other.is_full {
            self.fill();
        }
        self.streamed.append(other.streamed);
        other.events.into_values().for_each(|event| self.add(event));
    }

    fn can_matter(&self, event: &SessionEvent) -> bool {
        // A session that started before this is dead, unless its end says otherwise.
        let dead = self.at.saturating_sub(self.dead_after);
        let start = event.start();
        match event.role {
            Role::Start => start.is_some_and(|start| dead < start && start <= self.at),
            // One that has ended says that its start is not that of an open session.
            Role::End => dead < event.end() && start.is_none_or(|start| start <= self.at),
        }
    }

    fn add(&mut self, event: Box<SessionEvent>) {
        if self.is_full {
            return;
        }
        match self.events.entry(event.identity) {
            Entry::Vacant(vacant) => _ = vacant.insert(event),
            // Of events that differ although their ids do not, the same one is kept in any order.
            Entry::Occupied(mut kept) => {
                if content(&event) < content(kept.get()) {
                    kept.insert(event);
                }
            }
        }
        if self.events.len() > self.max_events {
            self.fill();
        }
    }

    /// Gives up, and frees its memory.
    fn fill(&mut self) {
        self.is_full = true;
        self.events = HashMap::new();
    }

    /// Returns the sessions that are connected at the time: those that have been for longest first. One that has ended is
    /// described by its end alone, so [`Session::connected`] does not say whether its start was seen.
    ///
    /// # Errors
    ///
    /// [`TooManyConnections`] if more events matter than are kept.
    pub fn finish(self) -> Result<Vec<Session>, TooManyConnections> {
        if self.is_full {
            return Err(TooManyConnections);
        }
        let Self { at, streamed, .. } = self;
        let mut events: Vec<_> = self.events.into_values().collect();
        events.sort_unstable_by(|one, other| {
            (one.key, one.role == Role::End, content(one)).cmp(&(
                other.key,
                other.role == Role::End,
                content(other),
            ))
        });
        let mut active = Vec::new();
        // An event without a key is a session of its own.
        for session in events.chunk_by(|one, other| one.key.is_some() && one.key == other.key) {
            let starts = session.iter().take_while(|event| event.role == Role::Start).count();
            let (starts, ends) = session.split_at(starts);
            if ends.is_empty() {
                active.extend(starts.iter().map(|start| (start.start(), open(start, &streamed))));
            } else {
                active
                    .extend(ends.iter().filter_map(|end| ended(starts.first().map(AsRef::as_ref), end, at)));
            }
        }
        active.sort_by(|one, other| order(one).cmp(&order(other)));
        active.dedup_by(|one, other| one.1.fields.session_id.is_some() && order(one) == order(other));
        Ok(active.into_iter().map(|(_, session)| session).collect())
    }
}

impl SessionEvent {
    fn start(&self) -> Option<Micros> {
        let start = self.fields.start.as_deref().and_then(instant::read);
        start.or((self.role == Role::Start).then_some(self.time))
    }

    fn end(&self) -> Micros {
        self.fields.end.as_deref().and_then(instant::read).unwrap_or(self.time)
    }
}

/// What events of one session are sorted by.
fn content(event: &SessionEvent) -> impl Ord {
    (event.time, &event.fields, event.is_valid)
}

type Started = (Option<Micros>, Session);

/// What sessions are sorted by. Those for which it is equal are the same one, reported twice.
fn order((start, session): &Started) -> impl Ord {
    let fields = &session.fields;
    (
        *start,
        &fields.cloud_id,
        &fields.session_id,
        &fields.start,
        &fields.end,
        fields.bytes_in,
        fields.bytes_out,
    )
}

/// Returns the session of an event that starts it, without an end.
fn open(start: &SessionEvent, streamed: &StreamedRoles) -> Session {
    let gap = if streamed.has(start.tenant(), Role::End) { Gap::StillOpen } else { Gap::NotStreamed };
    Session {
        fields: start.fields.clone(),
        connected: true,
        disconnected: false,
        gap: Some(gap),
        refused: false,
        is_valid: start.is_valid,
    }
}

/// Returns the session of an event that ends it, if it is connected at `at`.
fn ended(start: Option<&SessionEvent>, end: &SessionEvent, at: Micros) -> Option<Started> {
    let started = end.start().or_else(|| start?.start())?;
    if !(started..end.end()).contains(&at) || end.is_refused() {
        return None;
    }
    // The end describes the whole session. Its start is kept only if it may be that of an open one, so it is used only where
    // the end, which is invalid then, does not say when the session started.
    let start = start.filter(|_| end.start().is_none());
    let session = Session {
        fields: end.fields.clone().or(start.map(|start| start.fields.clone()).unwrap_or_default()),
        connected: start.is_some(),
        disconnected: true,
        gap: None,
        refused: false,
        is_valid: end.is_valid && start.is_none_or(|start| start.is_valid),
    };
    Some((Some(started), session))
}

#[cfg(test)]
mod tests;
