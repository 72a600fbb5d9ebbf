//! Events over time, sessions at once, and why they ended.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_validator::Scope;
use cloudconnexa_validator::catalog::{self, EventSpec, KnownValue};
use cloudconnexa_validator::outline::Member;

use super::timeline::{self, Timeline};
use crate::run::{Lens, Seen};

/// Values that the schema does not know are counted one by one for the first of the alphabet: which they are does not depend on
/// who saw what first.
const VALUES: usize = 100;

/// The event that has a session in it, from its start to its end.
const DISCONNECTED: &str = "client-disconnected";

/// All that was seen.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) timeline: Timeline,
    /// Events without a timestamp that can be read.
    pub(crate) timeless: u64,
    pub(crate) reasons: Reasons,
}

/// How often sessions ended for which reason.
#[derive(Debug, Default)]
pub(crate) struct Reasons {
    /// Those that the schema knows.
    pub(crate) known: BTreeMap<&'static str, u64>,
    /// Others, the first of the alphabet.
    pub(crate) others: BTreeMap<String, u64>,
    /// And all that come behind.
    pub(crate) more: u64,
}

impl Reasons {
    fn add(&mut self, reason: &str, known: &'static [KnownValue], count: u64) {
        match known.iter().find(|known| known.value == reason) {
            Some(known) => *self.known.entry(known.value).or_default() += count,
            None => self.other(reason, count),
        }
    }

    fn other(&mut self, reason: &str, count: u64) {
        if let Some(known) = self.others.get_mut(reason) {
            *known += count;
            return;
        }
        if self.others.len() >= VALUES {
            if self.others.last_key_value().is_some_and(|(last, _)| reason > last.as_str()) {
                self.more += count;
                return;
            }
            if let Some((_, last)) = self.others.pop_last() {
                self.more += last;
            }
        }
        self.others.insert(reason.to_owned(), count);
    }

    fn append(&mut self, other: Self) {
        for (reason, count) in other.known {
            *self.known.entry(reason).or_default() += count;
        }
        for (reason, count) in other.others {
            self.other(&reason, count);
        }
        self.more += other.more;
    }
}

impl Traffic {
    /// Takes in what another saw.
    fn append(&mut self, other: Self) {
        self.timeline.append(other.timeline);
        self.timeless += other.timeless;
        self.reasons.append(other.reasons);
    }
}

/// Where those who look put together what they saw.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared(Arc<Mutex<Traffic>>);

impl Shared {
    /// Makes those who look.
    pub(super) fn lens(&self) -> impl Fn() -> Box<dyn Lens> + Send + Sync + 'static {
        let gathered = self.clone();
        move || Box::new(Eye::new(gathered.clone()))
    }

    /// What was seen; for the end of a run.
    pub(super) fn take(&self) -> Traffic {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What looks at the records that go by a thread.
#[derive(Debug)]
struct Eye {
    gathered: Shared,
    seen: Traffic,
    timestamp: usize,
    session: Option<Session>,
}

/// Where the fields of a session are.
#[derive(Debug)]
struct Session {
    event: &'static str,
    start: usize,
    end: usize,
    reason: usize,
    known: &'static [KnownValue],
}

impl Session {
    /// Takes them from the schema; where it has them no more, there is nothing to show.
    fn of(event: &'static EventSpec) -> Option<Self> {
        let fields = event.log?;
        let place = |name| fields.iter().position(|field| field.name == name);
        let reason = place("sessionDisconnectReason")?;
        let known = match fields[reason].kind {
            catalog::Kind::Vocabulary(known) => known,
            _ => &[],
        };
        let (start, end) = (place("sessionStartTime")?, place("sessionEndTime")?);
        Some(Self { event: event.name, start, end, reason, known })
    }
}

impl Eye {
    fn new(gathered: Shared) -> Self {
        let timestamp = catalog::HEADER.iter().position(|field| field.name == "timestamp");
        Self {
            gathered,
            seen: Traffic::default(),
            timestamp: timestamp.unwrap_or(usize::MAX),
            session: catalog::event(DISCONNECTED).and_then(Session::of),
        }
    }
}

impl Lens for Eye {
    fn look(&mut self, seen: &Seen<'_>) {
        let outline = &seen.outline;
        let minute = |member: Option<Member<'_>>| timeline::minute(member?.value().text()?.as_ref());
        let event = outline.event();
        let place = event.and_then(|event| catalog::EVENTS.iter().position(|one| std::ptr::eq(one, event)));
        match minute(outline.at(Scope::Header, self.timestamp)) {
            Some(minute) => self.seen.timeline.event(minute, place, seen.is_valid),
            None => self.seen.timeless += 1,
        }
        let Some(session) =
            self.session.as_ref().filter(|session| event.map(|event| event.name) == Some(session.event))
        else {
            return;
        };
        let [start, end] = [session.start, session.end].map(|place| minute(outline.at(Scope::Log, place)));
        if let (Some(start), Some(end)) = (start, end)
            && start <= end
        {
            self.seen.timeline.session(start, end);
        }
        let reason = outline.at(Scope::Log, session.reason);
        if let Some(reason) = reason.and_then(|reason| reason.value().text()) {
            self.seen.reasons.add(&reason, session.known, 1);
        }
    }

    fn end(&mut self) {
        let mut all = self.gathered.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.append(std::mem::take(&mut self.seen));
    }
}
