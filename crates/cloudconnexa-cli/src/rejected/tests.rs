use cloudconnexa_reader::Span;
use cloudconnexa_reader::records::FramingFault;

use super::*;

fn line(raw: &[u8]) -> Vec<u8> {
    let at = Position { offset: 7, line: 2, column: 3 };
    let finding = Finding::framing(Span { start: at, end: at }, FramingFault::TrailingComma);
    let reason = Reason { finding: &finding, severity: "error" };
    let mut out = Vec::new();
    let entry = RejectedEntry {
        source: "a \"b\"",
        at,
        is_element: false,
        part: Some((1, true)),
        raw,
        more_findings: 0,
    };
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

/// Pieces of hostile records: what is escaped, what is reported again and again, what gets long pointers and messages.
const HOSTILE: [&str; 16] = [
    "{",
    "}",
    "[",
    "\u{1}\u{2}\u{3}",
    "\"\"",
    "\"\\u0001\":",
    "\"~/~/~/\":{",
    "\"a\":1,\"a\":1,",
    "\"log\":{\"a\":1},",
    "1e999,",
    "\\\\\\\\",
    "\n",
    "\u{202e}",
    "\"eventName\":\"client-connected\",",
    "\"cloudId\":7,",
    "\"timestamp\":\"\\u0007\\u0007\\u0007\",",
];

fn bound(raw: usize) -> usize {
    18 * raw + 600
}

#[test]
fn a_line_is_bounded_by_the_length_of_its_record() {
    let validator = cloudconnexa_validator::Validator::new();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % limit
    };
    let mut records: Vec<Vec<u8>> =
        ["", "{}\n", "{", "{\"a\":1}\n"].iter().map(|text| text.as_bytes().to_vec()).collect();
    for length in [300, 5_000, 100_000] {
        let key = "\\u0001~".repeat(length / 7);
        records.push(
            format!("{{\"eventName\":7,\"{key}\":{{{}\"b\":1}}}}", "\"a\":1,".repeat(length / 6))
                .into_bytes(),
        );
        records.push(vec![1; length]);
        records.push(vec![0xff; length]);
        records.push("{\"a\":1,\"a\":1,".repeat(length / 14).into_bytes());
    }
    for _ in 0..5_000 {
        let mut text = String::from(if below(3) > 0 { "{\"eventName\":7," } else { "" });
        for _ in 0..below(12) {
            let piece = HOSTILE[below(HOSTILE.len())];
            text += &piece.repeat(1 + below(4));
        }
        text += ["", "}", "\"z\":1}", "\"z\":1}}}"][below(4)];
        records.push(text.into_bytes());
    }
    let mut left_out = 0;
    for raw in records {
        let report = validator.check(&raw, Position::START);
        let reasons: Vec<_> =
            report.findings.iter().map(|finding| Reason { finding, severity: "error" }).collect();
        let mut line = Vec::new();
        let entry = RejectedEntry {
            source: "a.jsonl",
            at: Position::START,
            is_element: false,
            part: None,
            raw: &raw,
            more_findings: 0,
        };
        write(&mut line, &entry, &reasons);
        assert!(line.len() <= bound(raw.len()), "{}: {line:?}", String::from_utf8_lossy(&raw));
        // Nothing is lost, and what is left out is counted.
        assert_eq!(read(&line, Position::START).unwrap().raw, raw);
        let value: serde_json::Value = serde_json::from_slice(&line).unwrap();
        let more = value["moreFindings"].as_u64().unwrap_or(0);
        assert_eq!(value["findings"].as_array().unwrap().len() as u64 + more, reasons.len() as u64);
        assert!(reasons.is_empty() || value["findings"][0].is_object());
        left_out += more;
    }
    assert!(left_out > 1000, "{left_out}");
}

/// As many as the length of the record allows, but at least one, however long it is. Those that nobody kept count as well.
#[test]
fn findings_that_do_not_fit_are_counted() {
    let key = "k".repeat(600);
    let repeated = "\"a\":1,".repeat(4);
    let record = format!("{{\"eventName\":\"test-message\",\"{key}\":{{{repeated}\"z\":1}}}}");
    let report = cloudconnexa_validator::Validator::new().check(record.as_bytes(), Position::START);
    // The longest ones first.
    let reasons: Vec<_> =
        report.findings.iter().rev().map(|finding| Reason { finding, severity: "error" }).collect();
    assert!(reasons.len() > 6);
    let listed = |length: usize| {
        let mut line = Vec::new();
        let raw = vec![b'x'; length];
        let (source, at) = ("a.jsonl", Position::START);
        let entry = RejectedEntry { source, at, is_element: false, part: None, raw: &raw, more_findings: 3 };
        write(&mut line, &entry, &reasons);
        let line: serde_json::Value = serde_json::from_slice(&line).unwrap();
        let findings = line["findings"].as_array().unwrap().clone();
        assert_eq!(line["moreFindings"], reasons.len() - findings.len() + 3);
        findings
    };
    let all = listed(100_000);
    assert_eq!(all.len(), reasons.len());
    let size = |count: usize| serde_json::to_string(&all[..count]).unwrap().len();
    for length in 1..600 {
        let (count, room) = (listed(length).len(), 16 * length + 256);
        assert!(count == 1 || size(count) <= room + "]".len() + ",".len(), "{length}: {count}");
        assert!(count == all.len() || size(count + 1) > room, "{length}: {count}");
    }
    assert_eq!(listed(1).len(), 1);
}

#[test]
fn text_with_many_escapes_is_written_as_base64() {
    let is_text = |raw: &[u8]| {
        let line: serde_json::Value = serde_json::from_slice(&line(raw)).unwrap();
        assert!(line["raw"].is_string() != line["rawBase64"].is_string());
        line["raw"].is_string()
    };
    for short in [b'x', b'"', b'\\', b'\n', b'\r', b'\t', 0x08, 0x0c] {
        assert!(is_text(&[short; 1000]), "{short}");
    }
    // Each takes six bytes, of which four are beyond what is allowed for all.
    for long in [0, 1, 0x1f] {
        assert_eq!([16, 17].map(|count| is_text(&vec![long; count])), [true, false]);
    }
    assert!(!is_text(b"\xff"));
}
