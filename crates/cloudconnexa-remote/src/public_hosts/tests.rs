//! Tests of which addresses are public, and of hosts whose addresses change.

use std::net::{IpAddr, SocketAddr};

use super::{PublicHosts, is_public};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn addresses_that_the_whole_internet_can_reach_are_public() {
    for text in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2000::",
        "2606:4700:4700::1111",
        "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2002:101:101::1",
    ] {
        assert!(is_public(ip(text)), "{text}");
    }
}

#[test]
fn addresses_of_this_machine_and_its_networks_are_not_public() {
    for text in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.170",
        "192.0.2.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:0.0.0.0",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:192.168.1.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "2002:c0a8:101::1",
        "1fff:ffff::",
        "4000::",
        "fc00::",
        "fd00:ec2::254",
        "fdff:ffff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!is_public(ip(text)), "{text}");
    }
}

fn sockets(texts: &[&str]) -> Vec<SocketAddr> {
    texts.iter().map(|text| SocketAddr::new(ip(text), 443)).collect()
}

#[test]
fn a_host_that_was_public_leads_to_public_addresses_only() {
    let hosts = PublicHosts::default();
    let mixed = sockets(&["10.0.0.1", "1.1.1.1", "::1", "2606:4700:4700::1111"]);
    assert_eq!(hosts.allowed("logs.example", mixed.clone()).unwrap(), mixed, "nobody knows it yet");
    hosts.observe("logs.example", ip("10.0.0.1"));
    assert_eq!(hosts.allowed("logs.example", mixed.clone()).unwrap(), mixed, "it is in this network");
    hosts.observe("logs.example", ip("1.1.1.1"));
    let public = sockets(&["1.1.1.1", "2606:4700:4700::1111"]);
    // Clones share what they know.
    assert_eq!(hosts.clone().allowed("logs.example", mixed.clone()).unwrap(), public);
    assert_eq!(hosts.allowed("intranet.example", mixed.clone()).unwrap(), mixed);
    assert_eq!(hosts.allowed("logs.example", Vec::new()).unwrap(), []);
    let error = hosts.allowed("logs.example", sockets(&["169.254.169.254", "::1"])).unwrap_err();
    insta::assert_snapshot!(error, @"`logs.example` was at a public address and is now at 169.254.169.254, which is not public; check the DNS records of the host, and try again later");
}
