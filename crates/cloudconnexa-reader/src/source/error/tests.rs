//! Tests of what messages suggest.

use super::decoded;

#[test]
fn a_key_of_a_notification_is_decoded() {
    for (encoded, meant) in [
        ("s3://logs/a+b%2Bc.jsonl.gz", "s3://logs/a b+c.jsonl.gz"),
        ("s3://logs/CloudConnexa/t%C3%BCr/a.jsonl", "s3://logs/CloudConnexa/tür/a.jsonl"),
        ("s3://a.b/x+y/", "s3://a.b/x y/"),
        ("a+b%2Bc.jsonl.gz", "a b+c.jsonl.gz"),
        ("100%25.jsonl", "100%.jsonl"),
    ] {
        assert_eq!(decoded(encoded).as_deref(), Some(meant), "{encoded}");
    }
    for plain in [
        "s3://logs/a.jsonl",
        "s3://logs",
        "a+b.jsonl",
        "s3://logs/100%.jsonl",
        "s3://logs/100%zz.jsonl",
        "s3://logs/100%+2.jsonl",
        "s3://logs/a%0Ab.jsonl",
        "s3://logs/a%FFb.jsonl",
        "s3://logs/a%ü.jsonl",
        "https://example.com/a%2Bc.jsonl",
        "-",
        "",
    ] {
        assert_eq!(decoded(plain), None, "{plain}");
    }
}
