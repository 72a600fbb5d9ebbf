//! Events over time, concurrent sessions, and why they ended.

use std::collections::BTreeMap;

use cloudconnexa_validator::Scope;
use cloudconnexa_validator::catalog::{self, EventSpec, KnownValue};
use cloudconnexa_validator::outline::{Member, Outline};

use super::timeline::{self, Timeline};

/// How many reasons that the schema does not know are counted one by one: the first in alphabetical order, so that it does
/// not depend on the order of the events.
const MAX_OTHER_REASONS: usize = 100;

/// The event that has a session in it, from its start to its end.
const DISCONNECTED: &str = "client-disconnected";

/// Numbers of events and sessions over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Traffic {
    /// Numbers over time.
    pub timeline: Timeline,
    /// Events without a timestamp that can be read.
    pub timeless: u64,
    /// Why sessions ended.
    pub reasons: DisconnectReasons,
}

/// How many sessions ended for which reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DisconnectReasons {
    /// Reasons that the schema knows.
    pub known: BTreeMap<&'static str, u64>,
    /// Other reasons: up to 100, the first in alphabetical order.
    pub others: BTreeMap<String, u64>,
    /// Sessions with any other reason.
    pub more: u64,
}

impl DisconnectReasons {
    fn add(&mut self, reason: &str, known: &'static [KnownValue], count: u64) {
        match known.iter().find(|known| known.value == reason) {
            Some(known) => *self.known.entry(known.value).or_default() += count,
            None => self.add_other(reason, count),
        }
    }

    fn add_other(&mut self, reason: &str, count: u64) {
        if let Some(known) = self.others.get_mut(reason) {
            *known += count;
            return;
        }
        if self.others.len() >= MAX_OTHER_REASONS {
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
            self.add_other(&reason, count);
        }
        self.more += other.more;
    }
}

impl Traffic {
    /// Adds the counts of other records.
    pub(super) fn append(&mut self, other: Self) {
        self.timeline.append(other.timeline);
        self.timeless += other.timeless;
        self.reasons.append(other.reasons);
    }
}

/// Counts the traffic of records.
#[derive(Debug)]
pub(super) struct TrafficCollector {
    traffic: Traffic,
    timestamp: usize,
    session: Option<SessionSpec>,
}

/// Indexes of the fields that describe a session.
#[derive(Debug)]
struct SessionSpec {
    event: &'static str,
    start: usize,
    end: usize,
    reason: usize,
    known: &'static [KnownValue],
}

impl SessionSpec {
    /// Looks the fields up in the schema; without them there is nothing to show.
    fn of(event: &'static EventSpec) -> Option<Self> {
        let fields = event.log?;
        let index = |name| fields.iter().position(|field| field.name == name);
        let reason = index("sessionDisconnectReason")?;
        let known = match fields[reason].kind {
            catalog::Kind::Vocabulary(known) => known,
            _ => &[],
        };
        let (start, end) = (index("sessionStartTime")?, index("sessionEndTime")?);
        Some(Self { event: event.name, start, end, reason, known })
    }
}

impl TrafficCollector {
    pub(super) fn new() -> Self {
        let timestamp = catalog::HEADER.iter().position(|field| field.name == "timestamp");
        Self {
            traffic: Traffic::default(),
            timestamp: timestamp.unwrap_or(usize::MAX),
            session: catalog::event(DISCONNECTED).and_then(SessionSpec::of),
        }
    }

    pub(super) fn add(&mut self, outline: &Outline<'_>, is_valid: bool) {
        let minute = |member: Option<Member<'_>>| timeline::minute(member?.value().text()?.as_ref());
        let event = outline.event();
        let index = event.and_then(|event| catalog::EVENTS.iter().position(|one| std::ptr::eq(one, event)));
        match minute(outline.at(Scope::Header, self.timestamp)) {
            Some(minute) => self.traffic.timeline.add_event(minute, index, is_valid),
            None => self.traffic.timeless += 1,
        }
        let name = event.map(|event| event.name);
        let Some(session) = self.session.as_ref().filter(|session| name == Some(session.event)) else {
            return;
        };
        let [start, end] = [session.start, session.end].map(|index| minute(outline.at(Scope::Log, index)));
        if let (Some(start), Some(end)) = (start, end)
            && start <= end
        {
            self.traffic.timeline.add_session(start, end);
        }
        let reason = outline.at(Scope::Log, session.reason);
        if let Some(reason) = reason.and_then(|reason| reason.value().text()) {
            self.traffic.reasons.add(&reason, session.known, 1);
        }
    }

    pub(super) fn finish(self) -> Traffic {
        self.traffic
    }
}
