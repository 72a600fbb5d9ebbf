//! The inventory: tenants with their people, devices, gateways and services.

use crate::pools;
use crate::random::Random;
use crate::text::{Case, Spelling, new_uuid};

/// The number of people per tenant.
const USERS: usize = 120;
/// One in this many devices is a connector.
const CONNECTOR_ONE_IN: u64 = 25;

/// All tenants and devices. Strings are JSON text.
#[derive(Debug)]
pub(crate) struct Inventory {
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) devices: Vec<Device>,
}

#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) id: String,
    pub(crate) bucket: String,
    pub(crate) region: String,
    /// Whether events of the tenant have the fields that the vendor announced as successors.
    pub(crate) has_successors: bool,
    pub(crate) admins: Vec<Actor>,
    pub(crate) gateways: Vec<Gateway>,
    pub(crate) targets: Vec<Target>,
}

/// An initiator of events.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) parent: String,
    pub(crate) parent_kind: String,
    pub(crate) parent_name: String,
    pub(crate) address: String,
    pub(crate) agent: String,
}

/// A device of a person, or a connector.
#[derive(Debug)]
pub(crate) struct Device {
    /// Index into [`Inventory::tenants`].
    pub(crate) tenant: usize,
    /// The device, which initiates sessions.
    pub(crate) itself: Actor,
    /// The owner, who initiates flows.
    pub(crate) owner: Actor,
    pub(crate) hardware: String,
    pub(crate) system: String,
    pub(crate) version: String,
    pub(crate) tunnel_v4: String,
    pub(crate) tunnel_v6: String,
}

#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) id: String,
    pub(crate) region: String,
    pub(crate) name: String,
}

/// The target of a flow.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) parent: String,
    pub(crate) parent_kind: String,
    pub(crate) parent_name: String,
    pub(crate) address: String,
    pub(crate) port: u64,
    pub(crate) is_udp: bool,
    /// Index into [`Tenant::gateways`].
    pub(crate) gateway: usize,
}

impl Inventory {
    pub(crate) fn new(random: &mut Random, spelling: Spelling) -> Self {
        let mut builder = Builder { random, spelling };
        let mut inventory = Self { tenants: Vec::new(), devices: Vec::new() };
        for (number, name) in pools::TENANTS.iter().enumerate() {
            inventory.tenants.push(builder.tenant(number, name));
            for person in 0..USERS {
                builder.devices(number, name, person, &mut inventory.devices);
            }
        }
        inventory
    }
}

/// Draws the parts of an inventory.
struct Builder<'a> {
    random: &'a mut Random,
    spelling: Spelling,
}

impl Builder<'_> {
    fn json(&self, text: &str) -> String {
        self.spelling.json(text)
    }

    fn uuid(&mut self) -> String {
        new_uuid(self.random, Case::Lower)
    }

    /// Returns a public address as JSON text: one in five is IPv6. An address never needs an escape.
    fn address(&mut self) -> String {
        let bits = self.random.bits();
        if self.random.below(5) == 0 {
            return format!(
                "\"2001:db8:{:x}:{:x}::{:x}\"",
                bits & 0xffff,
                bits >> 16 & 0xffff,
                bits >> 32 & 0xfff
            );
        }
        let network = self.random.pick(&["203.0.113", "198.51.100", "192.0.2"]);
        format!("\"{network}.{}\"", 1 + bits % 254)
    }

    fn tenant(&mut self, number: usize, name: &str) -> Tenant {
        let gateways = pools::GATEWAYS.iter().map(|(region, name, id)| Gateway {
            id: self.json(id),
            region: self.json(region),
            name: self.json(name),
        });
        let gateways: Vec<_> = gateways.collect();
        Tenant {
            id: self.json(name),
            bucket: self.json(&format!("{name}-cloudconnexa-logs")),
            region: self.json(pools::BUCKET_REGIONS[number % pools::BUCKET_REGIONS.len()]),
            has_successors: number % 2 == 1,
            admins: (0..3).map(|person| self.admin(person)).collect(),
            targets: self.targets(gateways.len()),
            gateways,
        }
    }

    /// Returns a name and the account that belongs to it.
    fn person(&mut self) -> (String, String) {
        let (first, last) = (*self.random.pick(pools::FIRST_NAMES), *self.random.pick(pools::LAST_NAMES));
        let plain = |name: &str| name.chars().map(unaccented).collect::<String>().to_ascii_lowercase();
        (format!("{first} {last}"), format!("{}.{}", plain(first), plain(last)))
    }

    fn admin(&mut self, person: usize) -> Actor {
        let (name, _) = self.person();
        Actor {
            id: self.uuid(),
            kind: self.json("User"),
            name: self.json(&name),
            parent: self.uuid(),
            parent_kind: self.json("UserGroup"),
            parent_name: self.json("Administrators"),
            address: self.address(),
            agent: self.json(pools::USER_AGENTS[person % pools::USER_AGENTS.len()]),
        }
    }

    fn devices(&mut self, tenant: usize, domain: &str, person: usize, devices: &mut Vec<Device>) {
        let (name, account) = self.person();
        let email = format!("{account}{person}@{domain}.example");
        let group = *self.random.pick(pools::GROUPS);
        let (group_id, address) = (self.uuid(), self.address());
        for _ in 0..=self.random.below(2) {
            let number = devices.len();
            let is_connector = self.random.below(CONNECTOR_ONE_IN) == 0;
            let (system, versions, model) = *self.random.pick(pools::SYSTEMS);
            let version = *self.random.pick(versions);
            let version = self.json(version);
            let title =
                if is_connector { format!("Connector {number}") } else { format!("{model} of {name}") };
            let parent_kind = if is_connector { "NetworkOrHost" } else { "User" };
            let itself = Actor {
                id: self.uuid(),
                kind: self.json(if is_connector { "Connector" } else { "Device" }),
                name: self.json(&title),
                parent: self.json(&email),
                parent_kind: self.json(parent_kind),
                parent_name: self.json(&name),
                address: address.clone(),
                agent: self.json("OpenVPN Connect/3.7.2"),
            };
            let owner = Actor {
                id: self.json(&email),
                kind: self.json("User"),
                name: self.json(&name),
                parent: group_id.clone(),
                parent_kind: self.json("Group"),
                parent_name: self.json(group),
                ..itself.clone()
            };
            devices.push(Device {
                tenant,
                itself,
                owner,
                hardware: new_uuid(self.random, Case::Upper),
                system: self.json(system),
                version,
                tunnel_v4: format!("\"100.96.{}.{}\"", number / 250, 2 + number % 250),
                tunnel_v6: format!("\"fd:0:0:8{tenant:x}{:02x}::{:x}\"", number / 250, 2 + number % 250),
            });
        }
    }

    fn targets(&mut self, gateways: usize) -> Vec<Target> {
        let mut targets = Vec::new();
        for (number, network) in pools::NETWORKS.iter().enumerate() {
            let id = self.uuid();
            for (service, &(name, port, is_udp)) in pools::SERVICES.iter().enumerate() {
                targets.push(Target {
                    kind: self.json("Service"),
                    id: self.uuid(),
                    name: self.json(name),
                    parent: id.clone(),
                    parent_kind: self.json("Network"),
                    parent_name: self.json(network),
                    address: format!("\"10.{}.0.{}\"", 20 + number, 10 + service),
                    port,
                    is_udp,
                    gateway: self.random.index(gateways),
                });
            }
        }
        targets
    }
}

/// Returns the letter without its accent, for names of accounts.
fn unaccented(letter: char) -> char {
    match letter {
        'á' => 'a',
        'ë' => 'e',
        'í' | 'ı' => 'i',
        'ö' => 'o',
        _ => letter,
    }
}
