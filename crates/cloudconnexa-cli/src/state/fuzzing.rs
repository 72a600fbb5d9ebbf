//! Properties of state files, whatever bytes they have.

use super::ContentId;
use super::file::{CHECKSUM_KEY, HEADER, Line, continued, parse, with_checksum};

/// Checks the bytes as they are, and as lines with correct checksums, which random bytes never have.
pub(crate) fn state(bytes: &[u8]) {
    file(bytes);
    let mut correct = HEADER.as_bytes().to_vec();
    let mut checksum = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(text) = line.strip_suffix(b"}\n") else {
            correct.extend_from_slice(line);
            continue;
        };
        checksum = continued(checksum, text);
        correct.extend_from_slice(text);
        correct.extend_from_slice(format!("{CHECKSUM_KEY}{checksum:08x}\"}}\n").as_bytes());
    }
    file(&correct);
}

/// A file is refused with the reason, or its complete lines are read, nothing else is, and more can be appended.
fn file(bytes: &[u8]) {
    let parsed = match parse(bytes) {
        Ok(parsed) => parsed,
        Err(message) => {
            let is_foreign =
                message.starts_with("is not a state file") || message.starts_with("is of another version");
            let line = message.strip_prefix("is damaged at line ").and_then(|rest| rest.split(' ').next());
            let line = line.and_then(|line| line.parse::<usize>().ok());
            let lines = bytes.split_inclusive(|byte| *byte == b'\n').count();
            assert!(is_foreign || line.is_some_and(|line| (2..=lines).contains(&line)), "{message}");
            return;
        }
    };
    let complete = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    assert_eq!(parsed.length, complete, "all complete lines, and nothing else");
    let names: Vec<serde_json::Value> = bytes[..complete]
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok())
        .filter_map(|line| line.get("name").cloned())
        .collect();
    assert!(parsed.done.keys().all(|name| names.iter().any(|known| known == name)), "{:?}", parsed.done);

    let again = parse(&bytes[..complete]).expect("only the incomplete line is gone");
    assert_eq!((&again.done, again.checksum), (&parsed.done, parsed.checksum));
    // As the next run appends.
    let (name, content) = (
        "new\n\u{fc}".to_owned(),
        ContentId { inode: Some(u64::MAX), ..ContentId::new("\"v\"".to_owned(), u64::MAX) },
    );
    let mut text = if complete == 0 { HEADER.as_bytes().to_vec() } else { bytes[..complete].to_vec() };
    let (mut checksum, mut expected) = (parsed.checksum, parsed.done);
    let done = Line::Done { name: name.clone(), content: content.clone(), findings: false };
    text.extend(with_checksum(&done, &mut checksum).expect("JSON").into_bytes());
    let later = parse(&text).expect("what was written");
    expected.insert(name, content);
    assert_eq!((&later.done, later.checksum, later.length), (&expected, checksum, text.len()));
}
