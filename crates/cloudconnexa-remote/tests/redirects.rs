//! Redirects: neither a secret nor a request reaches a host that the user did not name.

#![allow(clippy::disallowed_methods, reason = "tests talk to servers of their own")]

mod server;

use std::io::Read as _;

use cloudconnexa_remote::{Address, Client, Credentials, Object, Options};
use server::{BUCKET, Fault, KEY, Server};

/// The query of a presigned address.
const QUERY: &str = "X-Amz-Credential=AKIA&X-Amz-Signature=secret";

/// Returns a client that ignores the environment of the tests.
fn client(server: &Server) -> Client {
    let options = Options::default()
        .endpoint(server.address.clone())
        .retries(1)
        .credentials(Credentials::new(KEY.to_owned(), "secret".to_owned()));
    Client::new(options).expect("a client")
}

fn read_object(client: &Client, object: &Object) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    client.read(object).read_to_end(&mut bytes).map(|_| bytes).map_err(|error| error.to_string())
}

fn read_url(server: &Server, url: String) -> Result<Vec<u8>, String> {
    let client = client(server);
    let object = client.object(&Address::Web { url }).expect("an object");
    assert!(!object.name().contains("secret"), "{}", object.name());
    read_object(&client, &object)
}

/// Reads `/web/a`, with a secret in the query.
fn read_presigned(server: &Server) -> Result<Vec<u8>, String> {
    read_url(server, format!("{}/web/a?{QUERY}", server.address))
}

fn read_from_bucket(server: &Server, key: &str) -> Result<Vec<u8>, String> {
    let client = client(server);
    let address = Address::Bucket { bucket: BUCKET.to_owned(), key: key.to_owned() };
    read_object(&client, &client.object(&address).expect("an object"))
}

#[track_caller]
fn assert_nothing_received(other: &Server) {
    assert_eq!(other.heads(), Vec::<String>::new());
}

#[test]
fn another_host_receives_nothing() {
    let other = Server::start();
    other.put("/web/b", "other");
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start();
        let location = format!("Location: {}/web/b?token=secret", other.address);
        server.redirect("/web/a", status, &[&location]);
        let error = read_presigned(&server).expect_err("a refusal");
        assert_eq!(server.heads().len(), 1, "it is not retried");
        assert!(error.contains(&format!("`{}/web/b?…`", other.address)), "{error}");
        assert!(error.contains("another host or port") && error.contains("curl -L"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
    assert_nothing_received(&other);
}

#[test]
fn another_name_of_the_same_server_is_another_host() {
    let server = Server::start();
    let location = format!("Location: {}/web/b", server.address.replace("127.0.0.1", "localhost"));
    server.put("/web/b", "b").redirect("/web/a", 302, &[&location]);
    assert!(read_presigned(&server).is_err());
    assert_eq!(server.heads().len(), 1);
}

#[test]
fn a_redirect_within_the_host_is_followed_without_a_referer() {
    for location in ["/web/b", "b", "http://SERVER/web/b?part=2"] {
        let server = Server::start();
        let location = location.replace("http://SERVER", &server.address);
        server.put("/web/b", "target").redirect("/web/a", 302, &[&format!("Location: {location}")]);
        assert_eq!(read_presigned(&server), Ok(b"target".to_vec()), "{location}");
        let heads = server.heads();
        assert_eq!(heads.len(), 2);
        let second = heads[1].to_ascii_lowercase();
        assert!(second.starts_with("get /web/b"), "{second}");
        assert!(!second.contains("referer") && !second.contains("secret"), "{second}");
    }
}

#[test]
fn the_password_of_an_address_stays_on_its_host() {
    let (server, other) = (Server::start(), Server::start());
    let with_password = server.address.replace("http://", "http://me:secret@");
    let url = format!("{with_password}/web/a");
    server.put("/web/b", "target").redirect("/web/a", 302, &[&format!("Location: {}/web/b", server.address)]);
    assert_eq!(read_url(&server, url.clone()), Ok(b"target".to_vec()));
    let heads = server.heads();
    assert!(heads.len() == 2 && heads.iter().all(|head| head.contains("authorization: Basic ")), "{heads:?}");
    server.redirect("/web/a", 302, &[&format!("Location: {}/web/b", other.address)]);
    let error = read_url(&server, url).expect_err("a refusal");
    assert!(!error.contains("secret"), "{error}");
    assert_nothing_received(&other);
}

#[test]
fn a_loop_of_redirects_ends() {
    let server = Server::start();
    server.redirect("/web/a", 302, &["Location: /web/b?token=secret"]);
    server.redirect("/web/b", 302, &["Location: /web/a?token=secret"]);
    let error = read_presigned(&server).expect_err("an end");
    assert!(error.contains("redirects more than 5 times"), "{error}");
    assert!(!error.contains("secret"), "{error}");
    assert_eq!(server.heads().len(), 6);
}

#[test]
fn the_rest_of_a_redirected_object_is_requested_like_its_start() {
    let server = Server::start();
    server.put("/web/b", "0123456789").redirect("/web/a", 302, &["Location: /web/b"]);
    server.fail("/web/b", &[Fault::Cut(4)]);
    assert_eq!(read_presigned(&server), Ok(b"0123456789".to_vec()));
    assert_eq!(server.requests(), ["/web/a", "/web/b", "/web/a bytes=4-", "/web/b bytes=4-"]);
}

#[test]
fn a_redirect_without_a_valid_address_is_an_error() {
    for headers in [&[][..], &["Location: http://[::1/"]] {
        let server = Server::start();
        server.redirect("/web/a", 302, headers);
        let error = read_presigned(&server).expect_err("an error");
        assert_eq!(error, "the server redirects, but not to a valid address");
    }
}

/// The authorization of a request, and a token that is exchanged for credentials, are meant for one host.
#[test]
fn a_signed_request_is_never_redirected() {
    let other = Server::start();
    other.put("a.jsonl", "other");
    for status in [301, 302, 307, 308] {
        let server = Server::start();
        let location = format!("Location: {}/{BUCKET}/a.jsonl?token=secret", other.address);
        server.redirect("a.jsonl", status, &[&location]).redirect("list", status, &[&location]);
        let error = read_from_bucket(&server, "a.jsonl").expect_err("a refusal");
        assert!(error.contains(&format!("`{}/{BUCKET}/a.jsonl?…`", other.address)), "{error}");
        assert!(error.ends_with(&format!("pass `--endpoint-url {}`", other.address)), "{error}");
        let listing = client(&server).list(BUCKET, "").expect("a list").next().expect("an item");
        assert_eq!(listing.expect_err("a refusal").to_string(), error);
        assert_eq!(server.requests(), ["a.jsonl", "list"], "neither is retried");
    }
    assert_nothing_received(&other);
}

#[test]
fn a_signed_request_is_not_redirected_within_the_host_either() {
    let server = Server::start();
    server.put("b.jsonl", "b").redirect("a.jsonl", 307, &[&format!("Location: /{BUCKET}/b.jsonl")]);
    assert!(read_from_bucket(&server, "a.jsonl").is_err());
    assert_eq!(server.requests(), ["a.jsonl"]);
}

#[test]
fn a_redirect_to_another_region_names_it() {
    for headers in [
        &["x-amz-bucket-region: eu-west-1"][..],
        &["x-amz-bucket-region: eu-west-1", "Location: https://logs.s3.eu-west-1.amazonaws.com/a"],
    ] {
        let server = Server::start();
        server.redirect("a.jsonl", 301, headers);
        let error = read_from_bucket(&server, "a.jsonl").expect_err("an error");
        assert_eq!(error, "the bucket is in another region; set it with `--region eu-west-1`");
    }
}
