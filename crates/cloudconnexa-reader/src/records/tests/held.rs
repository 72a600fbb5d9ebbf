//! How many bytes a splitter holds back.

use super::*;
use crate::records::splitter::KEPT_BYTES;

#[test]
fn only_what_is_not_handed_out_is_held() {
    let mut splitter = Splitter::new();
    splitter.push(b"{}\n  {\"a\"", |_| {});
    assert_eq!(splitter.held(), 4);
    splitter.push(b":1}\n[", |_| {});
    assert_eq!(splitter.held(), 1);
}

/// None of these has an end that would let go of it.
#[test]
fn no_more_than_the_longest_record_is_held() {
    const LIMIT: usize = 100;
    for (start, unit) in [
        ("{\"a\":\"", "x"),
        ("{\"a\":\"", "ü"),
        ("{\"a\":[\n", "1,\n"),
        ("[{\"a\":[", "{},"),
        ("[{} ", "x"),
        ("[{}] ", "x "),
        ("x", " "),
        ("\n", " "),
        ("{}", "\0"),
        ("{}\n", ",\n"),
    ] {
        let text = start.to_owned() + &unit.repeat(1000);
        for length in [7, 2 * LIMIT] {
            let mut splitter = Splitter::with_limit(LIMIT);
            for chunk in text.as_bytes().chunks(length) {
                splitter.push(chunk, |_| {});
                // The byte beyond the limit may be the line end.
                assert!(splitter.held() <= LIMIT + 1, "{} bytes of {start:?} {unit:?}", splitter.held());
            }
        }
    }
}

#[test]
fn the_buffer_of_a_long_record_is_freed() {
    let mut splitter = Splitter::new();
    let long = [&b"{\"a\":\""[..], &vec![b'x'; 4 * KEPT_BYTES], b"\"}\n{}\n"].concat();
    splitter.push(&long, |_| {});
    splitter.push(b"{", |_| {});
    let buffer = splitter.finish(|_| {});
    assert!(buffer.capacity() <= 2 * KEPT_BYTES, "{} bytes", buffer.capacity());
}
