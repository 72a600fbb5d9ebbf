//! Where an error is: from a line and a column to the JSON Pointer of the value there.

use std::borrow::Cow;

/// A part of the path to where a reader is.
enum Step {
    /// In an object, with the key that was read last, as it is written between its quotes.
    Key(Option<(usize, usize)>),
    /// In an array, at an element.
    Element(usize),
}

/// Returns the JSON Pointer of the value that `serde_json` read last when it reported an error at this position.
///
/// The text up to there must be JSON, as it is if the error is not one of syntax.
pub(crate) fn at(text: &str, line: usize, column: usize) -> String {
    let lines = text.split_inclusive('\n');
    let before: usize = lines.take(line.saturating_sub(1)).map(str::len).sum();
    let end = text.len().min(before.saturating_add(column));
    let bytes = &text.as_bytes()[..end];
    let mut steps = Vec::new();
    // Whether the next string is a key.
    let mut is_key = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' => {
                steps.push(Step::Key(None));
                is_key = true;
            }
            b'[' => steps.push(Step::Element(0)),
            b'}' | b']' => {
                steps.pop();
                is_key = false;
            }
            b',' => match steps.last_mut() {
                Some(Step::Element(index)) => *index += 1,
                _ => is_key = true,
            },
            b'"' => {
                let close = end_of_string(bytes, at + 1);
                if is_key && let Some(Step::Key(key)) = steps.last_mut() {
                    *key = Some((at, close));
                    is_key = false;
                }
                at = close;
            }
            _ => {}
        }
        at += 1;
    }
    let mut pointer = String::new();
    for step in steps {
        match step {
            // Before its first key, the object itself is what is wrong.
            Step::Key(None) => {}
            Step::Key(Some((open, close))) => {
                pointer.push('/');
                pointer.push_str(&decoded(text, open, close).replace('~', "~0").replace('/', "~1"));
            }
            Step::Element(index) => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
        }
    }
    pointer
}

/// Returns the index of the closing quote of a string, or the end of the text.
fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Returns the text of a string between quotes at these indices.
fn decoded(text: &str, open: usize, close: usize) -> Cow<'_, str> {
    let quoted = text.get(open..=close).unwrap_or_default();
    serde_json::from_str::<String>(quoted)
        .map_or_else(|_| Cow::Borrowed(quoted.trim_matches('"')), Cow::Owned)
}
