//! Tests of parsing addresses.

use super::{Address, web_address, without_secrets};

#[test]
fn parse_tells_addresses_from_paths() {
    for path in ["a.json", "-", "/s3:/x", "s3:/bucket", "C:\\logs", "gs://bucket/x", "://"] {
        assert!(Address::parse(path).is_none(), "{path}");
    }
    let bucket = |bucket: &str, key: &str| Address::Bucket { bucket: bucket.to_owned(), key: key.to_owned() };
    for (text, expected) in [
        ("s3://logs", bucket("logs", "")),
        ("S3://logs/", bucket("logs", "")),
        ("s3://my.logs_1/CloudConnexa/a b/*.gz", bucket("my.logs_1", "CloudConnexa/a b/*.gz")),
    ] {
        assert_eq!(Address::parse(text).unwrap().unwrap(), expected);
    }
    for text in ["s3://", "s3:///key", "s3://..", "s3://a:b@host/x", "s3://a?b/c", "s3://-x"] {
        assert!(Address::parse(text).unwrap().is_err(), "{text}");
    }
}

#[test]
fn names_of_urls_have_no_secrets() {
    assert_eq!(without_secrets("https://me:pass@host:8/a/b.gz?X-Amz-Signature=1#x"), "https://host:8/a/b.gz");
    assert_eq!(without_secrets("http://host"), "http://host");
    assert_eq!(without_secrets("http://host?token=1"), "http://host");
}

#[test]
fn names_have_no_secrets_however_the_url_is_written() {
    for text in [
        "https://me:secret@host/a?secret#secret",
        "https:///me:secret@host/a",
        "https://\\me:secret@host/a",
        "https://me:sec\tret@host/a",
        "https://me:secret@host\\a?secret",
    ] {
        let (url, name) = web_address(text).unwrap();
        assert_eq!((url.host_str(), name.contains("secret")), (Some("host"), false), "{text}: {name}");
    }
    assert_eq!(web_address("https://host:443/ü a.json?x").unwrap().1, "https://host:443/ü a.json");
    for text in ["https://me:se/cret@host/a", "https://me:x?secret@host/a", "https://me:x@host:secret/a"] {
        let error = web_address(text).unwrap_err().to_string();
        assert!(error.starts_with("`https://…` is not a URL: ") && !error.contains("cret"), "{error}");
    }
    let error = web_address("https://ho st/a?secret").unwrap_err().to_string();
    assert!(error.starts_with("`https://ho st/a` is not a URL: "), "{error}");
}
