use super::push_escaped;

#[track_caller]
fn check(text: &str) {
    let mut out = b"\"".to_vec();
    push_escaped(&mut out, text.as_bytes());
    out.push(b'"');
    let read: String = serde_json::from_slice(&out).expect("it is JSON");
    assert_eq!(read, text);
    // Nothing is escaped that need not be.
    assert_eq!(
        String::from_utf8(out).expect("it is UTF-8"),
        serde_json::to_string(text).expect("it is text")
    );
}

#[test]
fn text_is_escaped_as_serde_json_does() {
    for text in [
        "",
        "\"",
        "\\",
        "a",
        "{\"a\":\"b\\u0041\",\"c\":[1,2]}",
        "\u{1}\n\r\t\u{8}\u{c}\u{1f} ",
        "é\"ü\\\u{10ffff}\u{7f}",
    ] {
        check(text);
    }
}

#[test]
fn a_quote_is_escaped_wherever_it_is() {
    for length in 0..40 {
        for at in 0..length {
            for other in 0..length {
                let mut text = vec![b'a'; length];
                text[at] = b'"';
                text[other] = b'\\';
                check(str::from_utf8(&text).expect("it is ASCII"));
            }
        }
    }
}

#[test]
fn text_of_any_length_is_escaped() {
    for length in (0..300).chain([1_000, 4_096]) {
        check(&"\"".repeat(length));
        check(&"ab\"".repeat(length));
        check(&"é\\".repeat(length));
        check(&format!("{}\n", "\"a\":".repeat(length)));
    }
}
