//! What servers and connections do wrong: an object is read to its end, byte for byte, or there is an error that says why.

#![allow(clippy::disallowed_methods, reason = "tests talk to a server of their own")]

mod server;

use std::io::Read as _;
use std::time::Duration;

use cloudconnexa_remote::{Address, Client, Line, Object, Options};
use server::{BUCKET, Fault, KEY, Server};

/// A client without anything of the caller's environment.
fn client(server: &Server, at_once: usize) -> Client {
    let keys = Some((KEY.to_owned(), "secret".to_owned()));
    let options = Options { endpoint: Some(server.address.clone()), region: None, at_once, retries: 2, keys };
    Client::new(options).expect("a client")
}

fn body(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at % 251).expect("small")).collect()
}

fn named(client: &Client, key: &str) -> Object {
    let address = Address::Bucket { bucket: BUCKET.to_owned(), key: key.to_owned() };
    client.object(&address).expect("an object")
}

fn read(client: &Client, object: &Object) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    client.read(object).read_to_end(&mut bytes).map(|_| bytes).map_err(|error| error.to_string())
}

/// Reads an object whose first requests come to these faults.
fn read_with(faults: &[Fault]) -> Result<Vec<u8>, String> {
    let server = Server::start();
    server.put("a/b c.jsonl", body(1000)).fail("a/b c.jsonl", faults);
    let client = client(&server, 1);
    read(&client, &named(&client, "a/b c.jsonl"))
}

#[test]
fn what_passes_is_not_noticed() {
    let busy = [Fault::Status(503, "SlowDown"), Fault::Status(500, "InternalError")];
    for faults in [
        &[][..],
        &busy,
        &[Fault::NoAnswer],
        &[Fault::Cut(0)],
        &[Fault::Cut(999)],
        &[Fault::Cut(10), Fault::Cut(10), Fault::Cut(10)],
        &[Fault::Cut(400), Fault::Status(503, "SlowDown"), Fault::Cut(1)],
        &[Fault::Reset(500)],
        &[Fault::Slow(Duration::from_millis(100))],
    ] {
        assert_eq!(read_with(faults).as_ref(), Ok(&body(1000)), "{faults:?}");
    }
}

/// Wherever the connection breaks, the rest is asked for, and nothing comes twice or not at all.
#[test]
fn a_cut_at_every_byte() {
    let server = Server::start();
    let whole = body(120);
    for at in 0..whole.len() {
        server.put(&format!("{at}"), &whole).fail(&format!("{at}"), &[Fault::Cut(at)]);
    }
    let client = client(&server, 8);
    let objects: Vec<_> = (0..whole.len()).map(|at| named(&client, &format!("{at}"))).collect();
    let line = Line::new(&client, objects, 1);
    for at in 0..whole.len() {
        let mut bytes = Vec::new();
        line.open(at).expect("an object").read_to_end(&mut bytes).expect("a whole object");
        assert_eq!(bytes, whole, "{at}");
    }
    assert!(line.open(whole.len()).is_none());
}

#[test]
fn what_lasts_is_told() {
    let told = |faults: &[Fault]| read_with(faults).expect_err("an error");
    let many = |fault| vec![fault; 30];
    insta::assert_snapshot!(
        [
            told(&many(Fault::Status(500, "InternalError"))),
            told(&many(Fault::Status(503, "SlowDown"))),
            told(&[Fault::Status(403, "AccessDenied")]),
            told(&[Fault::Status(403, "SignatureDoesNotMatch")]),
            told(&[Fault::Status(404, "NoSuchKey")]),
            told(&[Fault::Status(301, "PermanentRedirect")]),
            told(&many(Fault::Cut(0))),
            told(&[Fault::CutAndReplaced(10)]),
            told(&[Fault::CutAndDeleted(10)]),
            told(&many(Fault::CutWithoutEtag(10))),
        ]
        .join("\n")
    );
}

#[test]
fn lists_come_page_by_page_also_when_pages_fail() {
    let server = Server::start();
    for number in 0..8 {
        server.put(&format!("x/{number} & more"), "1");
    }
    server.put("y", "1").fail(
        "list",
        // Two for the first page, which is as often as it is asked for again; then one for the second.
        &[Fault::Status(500, "InternalError"), Fault::Cut(50), Fault::Slow(Duration::ZERO), Fault::NoAnswer],
    );
    let client = client(&server, 1);
    let pages: Vec<_> =
        client.list(BUCKET, "x/").expect("a list").map(|page| page.expect("a page")).collect();
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 2]);
    assert_eq!(pages[2][1].name(), "s3://logs/x/7 & more");
    server.fail("list", &[Fault::Slow(Duration::ZERO), Fault::Status(403, "AccessDenied")]);
    let mut pages = client.list(BUCKET, "x/").expect("a list");
    assert!(pages.next().expect("a page").is_ok());
    assert!(pages.next().expect("an error").is_err());
    assert!(pages.next().is_none());
}

#[test]
fn several_are_read_at_once_and_no_more() {
    let server = Server::start();
    let keys: Vec<_> = (0..30).map(|number| format!("{number}")).collect();
    for key in &keys {
        // More than what is held of an object and of a connection.
        server.put(key, body(8 << 20));
    }
    let client = client(&server, 4);
    let objects = keys.iter().map(|key| named(&client, key)).collect();
    let line = Line::new(&client, objects, 1);
    for place in 0..30 {
        let mut bytes = Vec::new();
        line.open(place).expect("an object").read_to_end(&mut bytes).expect("a whole object");
        assert_eq!(bytes.len(), 8 << 20);
    }
    assert!((2..=4).contains(&server.most_open()), "{}", server.most_open());
}

#[test]
fn objects_of_the_web() {
    let server = Server::start();
    server.put("/web/a.jsonl", body(1000)).fail(
        "/web/a.jsonl",
        &[Fault::Status(503, ""), Fault::Cut(10), Fault::Status(500, ""), Fault::Cut(700)],
    );
    let client = client(&server, 1);
    let at = |path: &str| {
        let address = Address::Web { url: format!("{}{path}", server.address) };
        client.object(&address).expect("an object")
    };
    assert_eq!(read(&client, &at("/web/a.jsonl?token=secret")), Ok(body(1000)));
    assert!(!at("/web/a.jsonl?token=secret").name().contains("secret"));
    let told = |faults: &[Fault]| {
        server.put("/web/b.jsonl", body(1000)).fail("/web/b.jsonl", faults);
        read(&client, &at("/web/b.jsonl")).expect_err("an error")
    };
    insta::assert_snapshot!(
        [
            read(&client, &at("/web/none")).expect_err("an error"),
            told(&[Fault::Status(401, "")]),
            told(&[Fault::Cut(10), Fault::IgnoreRange]),
            told(&[Fault::CutAndReplaced(10)]),
            told(&[Fault::CutWithoutEtag(10)]),
        ]
        .join("\n")
    );
}

#[test]
fn nobody_there() {
    let mut nobody = Server::start();
    nobody.address = "http://127.0.0.1:9".to_owned();
    let client = client(&nobody, 1);
    let told = read(&client, &named(&client, "x")).expect_err("an error");
    assert!(told.contains("refused"), "{told}");
}
