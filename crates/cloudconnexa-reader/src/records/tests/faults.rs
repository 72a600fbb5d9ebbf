//! What faults say, and where they are.

use super::*;

/// Returns the faults of an input as `line:column..line:column message`, those of refused bytes included.
fn faults(input: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut sink = |item: Item<'_>| match item {
        Item::Fault(span, fault) | Item::Refused(Refused { why: Some((span, fault)), .. }) => {
            let (start, end) = (span.start, span.end);
            assert_eq!(start.column + end.offset - start.offset, end.column, "all are on one line of ASCII");
            found.push(format!("{}:{}..{} {fault}", start.line, start.column, end.column));
        }
        _ => {}
    };
    let mut splitter = Splitter::with_limit(40);
    splitter.push(input.as_bytes(), &mut sink);
    splitter.finish(&mut sink);
    found
}

#[test]
fn each_fault_says_what_was_found_and_where() {
    for (input, expected) in [
        ("[{} ,\n]", "1:5..6 expected an event after the comma, found `]`"),
        ("[ ,{}]", "1:3..4 expected an event, found `,`"),
        ("[{} {}]", "1:5..6 expected `,` or `]` after an event of the array, found `{`"),
        ("[{} [{}]]", "1:5..6 expected `,` or `]` after an event of the array, found `[`"),
        ("[{} x y ,{}]", "1:5..8 expected `,` or `]` after an event of the array, found other text"),
        ("[{} x y {}]", "1:5..8 expected `,` or `]` after an event of the array, found other text"),
        ("[{}\n", "2:1..1 the array of events is not closed"),
        ("[{}]\n {}", "2:2..3 expected the end of the input after the array of events"),
        ("[{}]\nx y ", "2:1..4 expected the end of the input after the array of events"),
        (
            "[{}]\n [{}]",
            "2:2..3 expected the end of the input after the array of events, found another array",
        ),
        ("{}{}", "1:3..4 expected a line end between two events, found `{`"),
        ("{} {}", "1:3..4 expected a line end between two events, found only white space"),
        (
            "{} \r{}",
            "1:3..5 expected only a line end between two events, found a carriage return without a line feed",
        ),
        ("{}, {}", "1:3..5 expected only a line end between two events, found `,`"),
        ("{};\n{}", "1:3..4 expected only a line end between two events, found `;`"),
        ("{}\\n{}", "1:3..5 expected only a line end between two events, found a line end written as `\\n`"),
        ("{}\x1e{}", "1:3..4 expected only a line end between two events, found U+001E"),
        ("{}\0\n", "1:3..4 a NUL byte outside of events"),
        ("{}\0\0", "1:3..5 2 NUL bytes in a row"),
        (
            "{\"a\":\"123456789012345678901234567890123456789\"} \n",
            "1:1..48 the record is longer than 40 bytes",
        ),
        ("{\"a\":1,\n\"b\":2}", ""),
    ] {
        let expected: Vec<_> = Some(expected).filter(|fault| !fault.is_empty()).into_iter().collect();
        assert_eq!(faults(input), expected, "of {input:?}");
    }
}
