//! The simulation: sessions start, have flows, and end, in the order of time.

use cloudconnexa_validator::catalog::{self, Kind};

use crate::inventory::{Actor, Device, Inventory, Target, Tenant};
use crate::pools;
use crate::random::Random;
use crate::text::Spelling;

/// The upper bound of the time between two events, in microseconds; the mean is half of it.
const MAX_INTERVAL: u64 = 120_000;
/// One second in microseconds.
const SECOND: u64 = 1_000_000;
/// One in this many disconnections is a failed attempt to connect.
const FAILED_ONE_IN: u64 = 40;

/// One connection of a device.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// Index into [`Inventory::devices`].
    device: usize,
    /// Index into [`Tenant::gateways`].
    gateway: usize,
    /// As JSON text, like all strings here.
    pub(crate) id: String,
    /// Microseconds since 1970, in whole seconds.
    pub(crate) start: u64,
    pub(crate) transport: String,
    pub(crate) tunnel: String,
    /// Bytes per second to the client, and from it.
    rates: (u64, u64),
}

/// The state that one event reports.
#[derive(Debug)]
pub(crate) struct Snapshot<'a> {
    /// The name of the event.
    pub(crate) event: &'static str,
    /// Microseconds since 1970.
    pub(crate) now: u64,
    pub(crate) tenant: &'a Tenant,
    pub(crate) actor: &'a Actor,
    pub(crate) device: &'a Device,
    pub(crate) session: &'a Session,
    /// Index into [`Tenant::gateways`].
    pub(crate) gateway: usize,
    pub(crate) target: &'a Target,
    /// Index into [`pools::SIGNATURES`].
    pub(crate) signature: usize,
    /// Index into [`pools::DOMAINS`].
    pub(crate) domain: usize,
    pub(crate) reason: &'a str,
}

impl Snapshot<'_> {
    /// Returns how long the session has lasted.
    pub(crate) fn seconds(&self) -> u64 {
        (self.now - self.session.start) / SECOND
    }

    /// Returns the bytes to the client, and from it, since the session started.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        let (down, up) = self.session.rates;
        (down * self.seconds(), up * self.seconds())
    }
}

/// The effect of an event on the simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Connects,
    Disconnects,
    /// Happens within a session, initiated by a person or by a device.
    Within {
        by_person: bool,
    },
    /// An action of an administrator.
    Administers,
}

impl Role {
    pub(crate) fn of(event: &str) -> Self {
        match event {
            "client-connected" => Self::Connects,
            "client-disconnected" => Self::Disconnects,
            "flow-established" => Self::Within { by_person: true },
            "domain-blocked" | "traffic-blocked" => Self::Within { by_person: false },
            _ => Self::Administers,
        }
    }
}

/// The state of all tenants.
#[derive(Debug)]
pub(crate) struct Simulator {
    inventory: Inventory,
    start: u64,
    now: u64,
    /// The mean time between two events, unless it is the usual one.
    interval: Option<u64>,
    /// The events so far.
    count: u64,
    /// Devices without a session.
    idle: Vec<usize>,
    /// The sessions of all other devices.
    sessions: Vec<Session>,
    /// The session of the current event, where it is not an open one.
    closed: Session,
    /// The known reasons as JSON text, with weights: those of sessions, and those of failed attempts.
    reasons: [Vec<(String, u64)>; 2],
    spelling: Spelling,
}

impl Simulator {
    pub(crate) fn new(random: &mut Random, start: u64, interval: Option<u64>, spelling: Spelling) -> Self {
        let inventory = Inventory::new(random, spelling);
        let mut idle: Vec<_> = (0..inventory.devices.len()).collect();
        random.shuffle(&mut idle);
        let reasons = reasons(spelling);
        Self {
            inventory,
            start,
            now: start,
            interval,
            count: 0,
            idle,
            sessions: Vec::new(),
            closed: Session::default(),
            reasons,
            spelling,
        }
    }

    /// Returns the role of the event that has to come before one in this `role`, if any.
    pub(crate) fn prerequisite(&self, role: Role) -> Option<Role> {
        match role {
            Role::Disconnects | Role::Within { .. } if self.sessions.is_empty() => Some(Role::Connects),
            Role::Connects if self.idle.is_empty() => Some(Role::Disconnects),
            _ => None,
        }
    }

    /// Advances to the next event.
    pub(crate) fn next(&mut self, event: &'static str, random: &mut Random) -> Snapshot<'_> {
        let role = Role::of(event);
        match self.interval {
            None => self.now += random.below(MAX_INTERVAL),
            // Sessions start and end at whole seconds, which must not add up.
            Some(interval) => {
                let due = self.start + self.count * interval + random.below(interval);
                self.now = self.now.max(due);
            }
        }
        self.count += 1;
        let mut at = None;
        let mut failed = false;
        match role {
            Role::Connects => {
                self.now = self.now.next_multiple_of(SECOND);
                at = Some(self.connect(self.now, random));
            }
            Role::Disconnects => {
                self.now = self.now.next_multiple_of(SECOND);
                failed = random.below(FAILED_ONE_IN) == 0 && !self.idle.is_empty();
                let at = if failed { self.connect(self.now, random) } else { self.any_session(random) };
                self.closed = self.sessions.swap_remove(at);
                self.idle.push(self.closed.device);
            }
            Role::Within { .. } => at = Some(self.any_session(random)),
            Role::Administers => self.closed.device = random.index(self.inventory.devices.len()),
        }
        let session = at.map_or(&self.closed, |at| &self.sessions[at]);
        let device = &self.inventory.devices[session.device];
        let tenant = &self.inventory.tenants[device.tenant];
        let actor = match role {
            Role::Administers => random.pick(&tenant.admins),
            Role::Within { by_person: true } => &device.owner,
            _ => &device.itself,
        };
        Snapshot {
            event,
            now: self.now,
            tenant,
            actor,
            device,
            session,
            gateway: session.gateway,
            target: random.pick(&tenant.targets),
            signature: random.index(pools::SIGNATURES.len()),
            domain: random.index(pools::DOMAINS.len()),
            reason: random.weighted::<String>(&self.reasons[usize::from(failed)]),
        }
    }

    /// Returns the time of the last event, in microseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    /// Returns the index of a random session. If none is open, opens one that started before the sample.
    fn any_session(&mut self, random: &mut Random) -> usize {
        if self.sessions.is_empty() {
            let age = (60 + random.below(7200)) * SECOND;
            let start = (self.now / SECOND * SECOND).saturating_sub(age);
            return self.connect(start, random);
        }
        random.index(self.sessions.len())
    }

    /// Opens a session and returns its index.
    fn connect(&mut self, start: u64, random: &mut Random) -> usize {
        // A mix without disconnections runs out of idle devices: drop a session without an event.
        let device = if self.idle.is_empty() {
            let dropped = random.index(self.sessions.len());
            self.sessions.swap_remove(dropped).device
        } else {
            self.idle.swap_remove(random.index(self.idle.len()))
        };
        let id = format!("{:08x}{:016x}", (start / SECOND) & 0xffff_ffff, random.bits());
        let gateways = self.inventory.tenants[self.inventory.devices[device].tenant].gateways.len();
        let rate = 1 << (7 + random.below(14));
        self.sessions.push(Session {
            device,
            gateway: random.index(gateways),
            id: self.spelling.json(&id),
            start,
            transport: self.spelling.json(random.weighted::<&str>(&[("UDP", 9), ("TCP", 1)])),
            tunnel: self.spelling.json(random.weighted::<&str>(&[("OpenVPN", 19), ("IPsec", 1)])),
            rates: (rate + random.below(rate), rate / 8 + random.below(rate / 4)),
        });
        self.sessions.len() - 1
    }
}

/// Returns the disconnect reasons that the schema knows, with weights: those of sessions, and those of failed attempts.
fn reasons(spelling: Spelling) -> [Vec<(String, u64)>; 2] {
    let events = catalog::EVENTS.iter().filter_map(|event| event.log).flatten();
    let mut reasons = [Vec::new(), Vec::new()];
    for field in events.filter(|field| field.name == "sessionDisconnectReason") {
        let Kind::Vocabulary(known) = field.kind else { continue };
        for known in known {
            let weight = pools::REASONS.iter().find(|(reason, _)| *reason == known.value);
            let json = spelling.json(known.value);
            reasons[usize::from(weight.is_none())].push((json, weight.map_or(1, |(_, weight)| *weight)));
        }
    }
    for reasons in reasons.iter_mut().filter(|reasons| reasons.is_empty()) {
        reasons.push((spelling.json("Misc Error"), 1));
    }
    reasons
}
