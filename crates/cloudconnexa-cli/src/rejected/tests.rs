use super::*;

fn line(raw: &[u8]) -> Vec<u8> {
    let at = Position { offset: 7, line: 2, column: 3 };
    let reason =
        Reason { id: "syntax", severity: "error", pointer: "", line: 2, column: 3, message: "m".into() };
    let mut out = Vec::new();
    let entry = RejectedEntry { source: "a \"b\"", at, is_element: false, part: Some((1, true)), raw };
    write(&mut out, &entry, &[reason]);
    out
}

#[test]
fn written_lines_are_read_back() {
    for raw in [&b""[..], b"\"\\\n\r\0\x7f", b"\xff\xfe", "ü🦀\u{2028}".as_bytes(), b"\xed\xa0\x80"] {
        let entry = read(&line(raw), Position::START).unwrap();
        assert_eq!(entry.raw, raw);
        assert_eq!((entry.source.as_str(), entry.part), ("a \"b\"", Some((1, true))));
        assert_eq!(entry.at, Position { offset: 7, line: 2, column: 3 });
    }
    insta::assert_snapshot!(String::from_utf8([line(b"{\n"), line(b"\xff")].concat()).unwrap());
}

#[test]
fn damaged_lines_are_reported_with_their_location() {
    let text = String::from_utf8(line(b"x")).unwrap();
    let with = |from: &str, to: &str| text.replacen(from, to, 1);
    let cases = [
        "{".to_owned(),
        "7".to_owned(),
        "{}".to_owned(),
        with("\"format\":1", "\"format\":2"),
        with("\"raw\"", "\"other\""),
        with("\"raw\":\"x\"", "\"rawBase64\":\"eA\""),
        with("\"raw\":\"x\"", "\"raw\":\"x\",\"rawBase64\":\"eA==\""),
        with("\"line\":2", "\"line\":0"),
        with("\"offset\":7", "\"offset\":18446744073709551615"),
        with("\"offset\":7", "\"offset\":-7"),
        with("\"part\":1,", ""),
        with("\"source\"", "\"surce\""),
        with("\"source\"", "\"line\":1,\n\"source\""),
    ];
    let messages = cases.map(|case| {
        let (at, message) = read(case.as_bytes(), Position::START).unwrap_err();
        format!("{}:{}: {message}", at.line, at.column)
    });
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn no_damage_panics() {
    let text = line(b"\xff{}");
    for at in 0..text.len() {
        let _ = read(&text[..at], Position::START);
        for byte in [0, b'"', b'{', b'9', 0xff] {
            let mut damaged = text.clone();
            damaged[at] = byte;
            let _ = read(&damaged, Position::START);
        }
    }
}
