//! Tests of requests to a host whose name leads to another address after the first request.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;

use super::{WebClient, WebObject};
use crate::error::ErrorKind;
use crate::public_hosts::PublicHosts;

/// Stands for a public address.
const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Stands for the private one that the name leads to later.
const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// Answers each connection with the next of these responses, and returns the port.
fn serve(responses: &'static [&'static str]) -> u16 {
    let listener = TcpListener::bind((PUBLIC, 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for (response, stream) in responses.iter().zip(listener.incoming().flatten()) {
            let lines = BufReader::new(&stream).lines();
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            let _ = (&stream).write_all(response.as_bytes());
        }
    });
    port
}

fn client(hosts: PublicHosts) -> WebClient {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    WebClient::new(Duration::from_secs(5), 2, hosts).expect("a client")
}

#[test]
fn a_redirect_does_not_lead_from_a_public_address_to_a_private_one() {
    static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
    let port = serve(&[
        "HTTP/1.1 302 Found\r\nLocation: /admin\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ]);
    let hosts = PublicHosts::new(
        |_| {
            let address = if LOOKUPS.fetch_add(1, Ordering::Relaxed) == 0 { PUBLIC } else { PRIVATE };
            Box::pin(async move { Ok(vec![SocketAddr::new(address, 0)]) })
        },
        |address| address == PUBLIC,
    );
    let object = WebObject::new(client(hosts), &format!("http://logs.example:{port}/a?token=secret"));
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let response = runtime.block_on(object.expect("an object").get(0, None));
    let error = response.err().expect("a refusal");
    assert_eq!(error.kind(), ErrorKind::Permanent);
    assert!(error.to_string().starts_with("`logs.example` was at a public address and is now at 127.0.0.2"));
    assert_eq!(LOOKUPS.load(Ordering::Relaxed), 2);
}
