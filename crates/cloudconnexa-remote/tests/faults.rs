//! Faults of servers and connections: an object is read to its end, byte for byte, or the error says why not.

#![allow(clippy::disallowed_methods, reason = "tests talk to a server of their own")]

mod server;

use std::io::Read as _;
use std::time::Duration;

use cloudconnexa_remote::{Address, Client, Credentials, Object, Options, Prefetcher};
use server::{BUCKET, Fault, KEY, Server};

/// Returns a client that ignores the environment of the tests.
fn client(server: &Server, concurrency: usize) -> Client {
    let options = Options::default()
        .endpoint(server.address.clone())
        .concurrency(concurrency)
        .retries(2)
        .credentials(Credentials::new(KEY.to_owned(), "secret".to_owned()));
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

/// Reads an object whose first requests meet these faults.
fn read_with(faults: &[Fault]) -> Result<Vec<u8>, String> {
    let server = Server::start();
    server.put("a/b c.jsonl", body(1000)).fail("a/b c.jsonl", faults);
    let client = client(&server, 1);
    read(&client, &named(&client, "a/b c.jsonl"))
}

#[test]
fn transient_faults_do_not_change_the_bytes() {
    let busy = [Fault::Status(503, "SlowDown"), Fault::Status(500, "InternalError")];
    for faults in [
        &[][..],
        &busy,
        &[Fault::NoResponse],
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

#[test]
fn a_cut_at_any_byte_neither_repeats_nor_drops_bytes() {
    let server = Server::start();
    let whole = body(120);
    for at in 0..whole.len() {
        server.put(&format!("{at}"), &whole).fail(&format!("{at}"), &[Fault::Cut(at)]);
    }
    let client = client(&server, 8);
    let objects: Vec<_> = (0..whole.len()).map(|at| named(&client, &format!("{at}"))).collect();
    let prefetcher = Prefetcher::new(&client, objects, 1);
    for at in 0..whole.len() {
        let mut bytes = Vec::new();
        prefetcher.open(at).expect("an object").read_to_end(&mut bytes).expect("a whole object");
        assert_eq!(bytes, whole, "{at}");
    }
    assert!(prefetcher.open(whole.len()).is_none());
}

#[test]
fn permanent_faults_are_errors() {
    let error = |faults: &[Fault]| read_with(faults).expect_err("an error");
    let many = |fault| vec![fault; 30];
    insta::assert_snapshot!(
        [
            error(&many(Fault::Status(500, "InternalError"))),
            error(&many(Fault::Status(503, "SlowDown"))),
            error(&[Fault::Status(403, "AccessDenied")]),
            error(&[Fault::Status(403, "SignatureDoesNotMatch")]),
            error(&[Fault::Status(404, "NoSuchKey")]),
            error(&[Fault::Status(301, "PermanentRedirect")]),
            error(&many(Fault::Cut(0))),
            error(&[Fault::CutAndReplaced(10)]),
            error(&[Fault::CutAndDeleted(10)]),
            error(&many(Fault::CutWithoutEtag(10))),
        ]
        .join("\n")
    );
}

#[test]
fn lists_are_complete_although_pages_fail() {
    let server = Server::start();
    for number in 0..8 {
        server.put(&format!("x/{number} & more"), "1");
    }
    server.put("y", "1").fail(
        "list",
        // Two faults for the first page, which is the number of retries; then one for the second.
        &[
            Fault::Status(500, "InternalError"),
            Fault::Cut(50),
            Fault::Slow(Duration::ZERO),
            Fault::NoResponse,
        ],
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
fn concurrency_is_used_and_not_exceeded() {
    let server = Server::start();
    let keys: Vec<_> = (0..30).map(|number| format!("{number}")).collect();
    for key in &keys {
        // More than the buffers of an object and of a connection hold.
        server.put(key, body(8 << 20));
    }
    let client = client(&server, 4);
    let objects = keys.iter().map(|key| named(&client, key)).collect();
    let prefetcher = Prefetcher::new(&client, objects, 1);
    for index in 0..30 {
        let mut bytes = Vec::new();
        prefetcher.open(index).expect("an object").read_to_end(&mut bytes).expect("a whole object");
        assert_eq!(bytes.len(), 8 << 20);
    }
    assert!((2..=4).contains(&server.most_open()), "{}", server.most_open());
}

#[test]
fn web_objects_are_complete_or_errors() {
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
    let error = |faults: &[Fault]| {
        server.put("/web/b.jsonl", body(1000)).fail("/web/b.jsonl", faults);
        read(&client, &at("/web/b.jsonl")).expect_err("an error")
    };
    insta::assert_snapshot!(
        [
            read(&client, &at("/web/none")).expect_err("an error"),
            error(&[Fault::Status(401, "")]),
            error(&[Fault::Cut(10), Fault::IgnoreRange]),
            error(&[Fault::CutAndReplaced(10)]),
            error(&[Fault::CutWithoutEtag(10)]),
        ]
        .join("\n")
    );
}

#[test]
fn a_refused_connection_is_an_error() {
    let mut server = Server::start();
    server.address = "http://127.0.0.1:9".to_owned();
    let client = client(&server, 1);
    let error = read(&client, &named(&client, "x")).expect_err("an error");
    assert!(error.contains("refused"), "{error}");
}
