//! Which events of sessions each tenant streams. Tenants choose the kinds of events that are streamed, so that one of the two
//! events of a session may be absent for good.

use std::collections::{BTreeMap, VecDeque};

use super::tracker::Role;

/// Most tenants that are told apart. An input with more of them is not one that a tenant could have.
const MAX_TENANTS: usize = 10_000;

/// The events of sessions that were seen of each tenant. A tenant is the hash of its `cloudId`.
///
/// If there are more than [`MAX_TENANTS`], those with the lowest hashes are kept, so that what is known depends on no order; of
/// the others, everything counts as streamed.
#[derive(Debug, Default)]
pub(crate) struct StreamedRoles {
    tenants: BTreeMap<u64, Tenant>,
    has_more: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tenant {
    starts: bool,
    ends: bool,
    /// Sessions of which only the end was seen.
    lone_ends: u64,
}

impl Tenant {
    fn has(self, role: Role) -> bool {
        match role {
            Role::Start => self.starts,
            Role::End => self.ends,
        }
    }
}

impl StreamedRoles {
    /// Adds an event. Returns whether it is the first of its kind.
    pub(crate) fn observe(&mut self, tenant: u64, role: Role) -> bool {
        let entry = self.tenants.entry(tenant).or_default();
        let is_first = !entry.has(role);
        match role {
            Role::Start => entry.starts = true,
            Role::End => entry.ends = true,
        }
        self.drop_excess();
        is_first
    }

    /// Adds what was seen elsewhere.
    pub(crate) fn append(&mut self, other: Self) {
        self.has_more |= other.has_more;
        for (tenant, theirs) in other.tenants {
            let ours = self.tenants.entry(tenant).or_default();
            ours.starts |= theirs.starts;
            ours.ends |= theirs.ends;
            ours.lone_ends += theirs.lone_ends;
        }
        self.drop_excess();
    }

    /// Returns whether a tenant streams events of this kind, as far as is known.
    pub(crate) fn has(&self, tenant: u64, role: Role) -> bool {
        self.tenants.get(&tenant).map_or(self.has_more, |tenant| tenant.has(role))
    }

    /// Counts a session of which only the end was seen.
    pub(crate) fn add_lone_end(&mut self, tenant: u64) {
        if let Some(tenant) = self.tenants.get_mut(&tenant) {
            tenant.lone_ends += 1;
        }
    }

    /// Returns how many sessions, of which only the end was seen, are of tenants that stream no starts.
    pub(crate) fn lone_ends_without_starts(&self) -> u64 {
        self.tenants.values().filter(|tenant| !tenant.starts).map(|tenant| tenant.lone_ends).sum()
    }

    fn drop_excess(&mut self) {
        while self.tenants.len() > MAX_TENANTS {
            self.tenants.pop_last();
            self.has_more = true;
        }
    }
}

/// Endpoints without a counterpart that are put aside, because no counterpart of any endpoint of their tenants was seen yet:
/// until there is one, whether something is missing or is not streamed at all is undecided.
#[derive(Debug)]
pub(crate) struct Undecided<T> {
    streamed: StreamedRoles,
    /// Each with its tenant and the kind of event that it lacks, in the order of arrival.
    waiting: VecDeque<(u64, Role, T)>,
}

/// An endpoint that was put aside.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GivenUp<T> {
    /// The kind of event that it lacks.
    pub(crate) lacks: Role,
    /// Whether its tenant streams that, which is so only if there are too many tenants to tell.
    pub(crate) is_streamed: bool,
    /// The endpoint.
    pub(crate) endpoint: T,
}

impl<T> Default for Undecided<T> {
    fn default() -> Self {
        Self { streamed: StreamedRoles::default(), waiting: VecDeque::new() }
    }
}

impl<T> Undecided<T> {
    /// Returns what was seen of each tenant.
    pub(crate) fn streamed(&mut self) -> &mut StreamedRoles {
        &mut self.streamed
    }

    /// Returns how many endpoints are put aside.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Adds an event, and emits what waited for one of its kind.
    pub(crate) fn observe(&mut self, tenant: u64, role: Role, emit: &mut impl FnMut(T)) {
        if !self.streamed.observe(tenant, role) {
            return;
        }
        let is_ready = |other: &(u64, Role, T)| (other.0, other.1) == (tenant, role);
        if self.waiting.iter().any(is_ready) {
            let (ready, waiting): (Vec<_>, Vec<_>) =
                std::mem::take(&mut self.waiting).into_iter().partition(is_ready);
            self.waiting = waiting.into();
            for (.., endpoint) in ready {
                emit(endpoint);
            }
        }
    }

    /// Returns an endpoint that lacks an event which its tenant streams. Any other one is put aside.
    pub(crate) fn decide(&mut self, tenant: u64, lacks: Role, endpoint: T) -> Option<T> {
        if self.streamed.has(tenant, lacks) {
            return Some(endpoint);
        }
        self.waiting.push_back((tenant, lacks, endpoint));
        None
    }

    /// Takes the oldest one of those put aside.
    pub(crate) fn give_up(&mut self) -> Option<GivenUp<T>> {
        let (tenant, lacks, endpoint) = self.waiting.pop_front()?;
        Some(GivenUp { lacks, is_streamed: self.streamed.has(tenant, lacks), endpoint })
    }
}

#[cfg(test)]
mod tests;
