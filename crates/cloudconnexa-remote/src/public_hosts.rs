//! Keeps a host that is public from leading to a private address.
//!
//! The name of a host is looked up for each connection: for a redirect, a retry, and the rest of an object. Whoever owns the
//! name can let it point to a server that only this machine can reach. So once a host has answered from a public address,
//! its other addresses are not used any more.

use std::collections::HashSet;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

use crate::error::Error;

#[cfg(test)]
mod tests;

type Lookup = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// A resolver that knows the hosts that have answered from a public address.
#[derive(Clone, Debug)]
pub(crate) struct PublicHosts {
    names: Arc<Mutex<HashSet<String>>>,
    look_up: fn(String) -> Lookup,
    is_public: fn(IpAddr) -> bool,
}

impl Default for PublicHosts {
    fn default() -> Self {
        let look_up: fn(String) -> Lookup =
            |name| Box::pin(async move { Ok(lookup_host((name, 0)).await?.collect()) });
        Self::new(look_up, is_public)
    }
}

impl PublicHosts {
    /// Creates a resolver; tests give other functions.
    pub(crate) fn new(look_up: fn(String) -> Lookup, is_public: fn(IpAddr) -> bool) -> Self {
        Self { names: Arc::default(), look_up, is_public }
    }

    /// Remembers that a host has answered from this address, if that is public.
    pub(crate) fn observe(&self, host: &str, address: IpAddr) {
        if (self.is_public)(address) {
            self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(host.to_owned());
        }
    }

    /// Returns those addresses of a host that may be connected to.
    fn allowed(&self, host: &str, mut addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Error> {
        let first = addresses.first().copied();
        if self.names.lock().unwrap_or_else(PoisonError::into_inner).contains(host) {
            addresses.retain(|address| (self.is_public)(address.ip()));
        }
        match first {
            Some(first) if addresses.is_empty() => Err(Error::permanent(format!(
                "`{host}` was at a public address and is now at {}, which is not public; check the DNS records of the \
                 host, and try again later",
                first.ip()
            ))),
            _ => Ok(addresses),
        }
    }
}

impl Resolve for PublicHosts {
    fn resolve(&self, name: Name) -> Resolving {
        let hosts = self.clone();
        Box::pin(async move {
            let found = (hosts.look_up)(name.as_str().to_owned()).await?;
            Ok(Box::new(hosts.allowed(name.as_str(), found)?.into_iter()) as Addrs)
        })
    }
}

/// Returns whether the whole internet can reach an address, rather than this machine or its network alone.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    // This network, multicast and reserved addresses; shared address space, protocol assignments, benchmarks.
    let is_special = matches!(
        address.octets(),
        [0 | 224..=255, ..] | [100, 64..=127, ..] | [192, 0, 0, _] | [198, 18..=19, ..]
    );
    !is_special
        && !address.is_loopback()
        && !address.is_private()
        && !address.is_link_local()
        && !address.is_documentation()
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // IPv4 addresses as the system sees them, through NAT64, and through 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => embedded(high, low),
        // Documentation.
        [0x2001, 0xdb8, ..] => false,
        // Global unicast is 2000::/3. Unique local, link-local, loopback and multicast addresses are outside of it.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}
