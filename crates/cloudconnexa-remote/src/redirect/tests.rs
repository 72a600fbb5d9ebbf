//! Tests of which redirects are followed, and what messages about the others say.

use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use reqwest::{StatusCode, Url};

use super::{refused_by_bucket, target};

fn redirected(from: &str, location: &str) -> Result<String, String> {
    let location = HeaderValue::from_bytes(location.as_bytes()).unwrap();
    let headers = HeaderMap::from_iter([(LOCATION, location)]);
    target(&Url::parse(from).unwrap(), &headers).map(String::from).map_err(|error| error.to_string())
}

#[test]
fn redirects_within_the_host_are_followed() {
    for (from, location, expected) in [
        ("https://logs.example/a?sig=1", "/b", "https://logs.example/b"),
        ("https://logs.example/a/b?sig=1", "../c?x=2", "https://logs.example/c?x=2"),
        ("https://logs.example/a", "//logs.example/b", "https://logs.example/b"),
        ("https://logs.example:443/a", "https://LOGS.example/ü b", "https://logs.example/%C3%BC%20b"),
        ("http://logs.example:8080/a", "http://logs.example:8080/b", "http://logs.example:8080/b"),
        ("http://[::1]:8080/a", "http://[0:0:0:0:0:0:0:1]:8080/b", "http://[::1]:8080/b"),
        // Encryption may be added.
        ("http://logs.example/a", "https://logs.example/a", "https://logs.example/a"),
        ("http://logs.example:80/a", "https://logs.example:443/a", "https://logs.example/a"),
        // The user's password stays, and a server cannot set another one.
        ("https://me:pw@logs.example/a", "/b", "https://me:pw@logs.example/b"),
        ("https://me:pw@logs.example/a", "https://x:y@logs.example/b", "https://me:pw@logs.example/b"),
        ("https://logs.example/a", "https://x:y@logs.example/b", "https://logs.example/b"),
    ] {
        assert_eq!(redirected(from, location).as_deref(), Ok(expected), "{from} {location}");
    }
}

#[test]
fn redirects_that_leave_the_host_are_refused() {
    for (from, location) in [
        ("https://logs.example/a", "https://cdn.example/a"),
        ("https://logs.example/a", "//cdn.example/a"),
        ("https://logs.example/a", "\\\\cdn.example\\a"),
        ("https://logs.example/a", "https://logs.example@cdn.example/a"),
        ("https://logs.example/a", "https://eu.logs.example/a"),
        ("https://logs.example/a", "https://logs.example./a"),
        ("https://logs.example/a", "https://logs.example:8443/a"),
        ("https://logs.example/a", "https://169.254.169.254/latest/meta-data/"),
        ("http://logs.example/a", "http://[::ffff:169.254.169.254]/"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:9090/a"),
        // Another port may be another service.
        ("http://logs.example:8080/a", "https://logs.example:8080/a"),
        ("http://logs.example:8080/a", "https://logs.example/a"),
        ("http://logs.example/a", "https://logs.example:8443/a"),
    ] {
        let error = redirected(from, location).unwrap_err();
        assert!(error.contains("and redirects to another host or port are not followed"), "{error}");
    }
}

#[test]
fn redirects_never_step_down_from_https() {
    for location in ["http://logs.example/a", "http://logs.example:443/a", "http://cdn.example/a"] {
        let error = redirected("https://logs.example/a", location).unwrap_err();
        assert!(error.contains("and redirects from `https` to `http` are not followed"), "{error}");
    }
}

#[test]
fn redirects_to_other_schemes_are_refused() {
    for location in ["file:///etc/passwd", "ftp://logs.example/a", "data:,secret"] {
        let error = redirected("https://logs.example/a", location).unwrap_err();
        assert!(error.contains("which is not an `http` or `https` address"), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn messages_name_the_target_without_its_secrets_and_say_what_to_do() {
    let signed = "https://me:secret@cdn.example/a.gz?sig=secret#secret";
    let messages = [
        redirected("https://logs.example/a", signed),
        redirected("https://logs.example/a", "http://logs.example/a"),
        redirected("https://logs.example/a", "data:,secret"),
    ];
    let messages = messages.map(Result::unwrap_err).join("\n");
    assert!(!messages.contains("secret"), "{messages}");
    insta::assert_snapshot!(messages, @"
    the server redirects to `https://cdn.example/a.gz?…`, and redirects to another host or port are not followed; if you trust that address, pass it instead (with the part after the `?`, which is hidden here), or pipe the object: `curl -L ADDRESS | ccxlog validate -`
    the server redirects to `http://logs.example/a`, and redirects from `https` to `http` are not followed; if you trust that address, pass it instead, or pipe the object: `curl -L ADDRESS | ccxlog validate -`
    the server redirects to `data:…`, which is not an `http` or `https` address; check the address in a browser
    ");
    let long = redirected("https://logs.example/a", &format!("https://cdn.example/{}", "ü/".repeat(9999)));
    let long = long.unwrap_err();
    assert!(long.len() < 500 && long.contains("…`") && long.ends_with("validate -`"), "{long}");
}

#[test]
fn only_redirects_of_buckets_are_refused_and_headers_are_not_trusted() {
    let from = Url::parse("https://s3.example/logs/a").unwrap();
    let refused = |status: u16, headers: &[(&'static str, &str)]| {
        let header = |&(name, value): &(&'static str, &str)| {
            (name.parse().unwrap(), HeaderValue::from_str(value).unwrap())
        };
        let headers = headers.iter().map(header).collect();
        let status = StatusCode::from_u16(status).unwrap();
        refused_by_bucket(&from, status, &headers).map(|error| error.to_string())
    };
    let location = ("location", "https://other.example:9000/logs/a?X-Amz-Signature=secret");
    assert_eq!(refused(200, &[location, ("x-amz-bucket-region", "eu-west-1")]), None);
    assert_eq!(refused(304, &[location]), None);
    assert_eq!(refused(301, &[]), None, "the S3 client knows what that means");
    let error = refused(307, &[location, ("x-amz-bucket-region", "` && reboot")]).unwrap();
    assert!(error.ends_with("pass `--endpoint-url https://other.example:9000`"), "{error}");
    assert!(!error.contains("secret") && !error.contains("reboot"), "{error}");
}
