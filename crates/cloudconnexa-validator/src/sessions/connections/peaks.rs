//! How many users and sessions were connected at once, at most, in each hour, day, week or month.

use std::collections::BTreeMap;

use super::spans::{ConnectionSpans, Span};
use super::{NOBODY, Period};
use crate::instant::Micros;

/// The most users and sessions at once in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peak {
    /// When the period starts.
    pub from: Micros,
    /// When it ends, and the next one starts.
    pub to: Micros,
    /// The most users who were connected at once, …
    pub users: u64,
    /// … and the first time at which they were.
    pub users_at: Option<Micros>,
    /// The most sessions at once, also those of nobody, …
    pub sessions: u64,
    /// … and the first time at which there were.
    pub sessions_at: Option<Micros>,
    /// All users who were connected at some time in the period.
    pub distinct_users: u64,
}

/// Peaks by the start of the period.
struct Peaks {
    period: Period,
    rows: BTreeMap<Micros, Peak>,
}

impl ConnectionSpans {
    /// Returns the peaks of all periods in which somebody was connected, in their order.
    #[must_use]
    pub fn peaks(&self, period: Period) -> Vec<Peak> {
        let mut peaks = Peaks { period, rows: BTreeMap::new() };
        peaks.sweep(self.spans.iter().copied(), |peak, number, time| {
            if number > peak.sessions {
                (peak.sessions, peak.sessions_at) = (number, Some(time));
            }
        });
        let of_users = self.of_users();
        peaks.sweep(of_users.iter().copied(), |peak, number, time| {
            if number > peak.users {
                (peak.users, peak.users_at) = (number, Some(time));
            }
        });
        peaks.count_distinct(&of_users);
        peaks.rows.into_values().collect()
    }

    /// Returns when each user was connected, with however many sessions.
    fn of_users(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = self.spans.iter().filter(|span| span.user != NOBODY).copied().collect();
        spans.sort_unstable();
        spans.dedup_by(|span, before| {
            let is_joined = span.user == before.user && span.start <= before.end;
            if is_joined {
                before.end = before.end.max(span.end);
            }
            is_joined
        });
        spans
    }
}

impl Peaks {
    /// Calls `update` with the peak of each period, how many of the spans there are, and since when within the period.
    fn sweep(&mut self, spans: impl Iterator<Item = Span>, update: impl Fn(&mut Peak, u64, Micros)) {
        let (mut starts, mut ends): (Vec<_>, Vec<_>) = spans.map(|span| (span.start, span.end)).unzip();
        starts.sort_unstable();
        ends.sort_unstable();
        let (mut started, mut ended) = (0, 0);
        while ended < ends.len() {
            let time = starts.get(started).map_or(ends[ended], |start| (*start).min(ends[ended]));
            started += starts[started..].iter().take_while(|start| **start == time).count();
            ended += ends[ended..].iter().take_while(|end| **end == time).count();
            let Some(end) = ends.get(ended) else { break };
            let until = starts.get(started).map_or(*end, |start| (*start).min(*end));
            let number = (started - ended) as u64;
            if number > 0 {
                self.each(time, until, |peak, time| update(peak, number, time));
            }
        }
    }

    /// Calls `visit` with each period from `start` to `end`, and since when within it.
    fn each(&mut self, start: Micros, end: Micros, mut visit: impl FnMut(&mut Peak, Micros)) {
        let mut from = self.period.start_of(start);
        while from < end {
            let to = self.period.end_of(from);
            let peak = self.rows.entry(from).or_insert(Peak {
                from,
                to,
                users: 0,
                users_at: None,
                sessions: 0,
                sessions_at: None,
                distinct_users: 0,
            });
            visit(peak, start.max(from));
            from = to;
        }
    }

    /// Counts the users of each period. `spans` are sorted by user and time, and those of a user do not overlap.
    fn count_distinct(&mut self, spans: &[Span]) {
        // How many users more, or fewer, there are than in the period before.
        let mut changes = BTreeMap::<Micros, i64>::new();
        for of_user in spans.chunk_by(|one, other| one.user == other.user) {
            let mut counted_until = Micros::MIN;
            for span in of_user {
                let from = self.period.start_of(span.start).max(counted_until);
                let to = self.period.end_of(self.period.start_of(span.end - 1));
                if from < to {
                    *changes.entry(from).or_default() += 1;
                    *changes.entry(to).or_default() -= 1;
                    counted_until = to;
                }
            }
        }
        let (mut changes, mut users) = (changes.into_iter().peekable(), 0_i64);
        for peak in self.rows.values_mut() {
            while let Some((_, change)) = changes.next_if(|(from, _)| *from <= peak.from) {
                users += change;
            }
            peak.distinct_users = users.unsigned_abs();
        }
    }
}
