//! What must hold of a state file, whatever stands in it.

use super::{CHECK, Content, HEADER, Line, chained, parse, signed};

/// As it lies there, and as lines whose checksums are right, which bytes by chance never have.
pub(crate) fn state(bytes: &[u8]) {
    file(bytes);
    let mut signed = HEADER.as_bytes().to_vec();
    let mut check = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(text) = line.strip_suffix(b"}\n") else {
            signed.extend_from_slice(line);
            continue;
        };
        check = chained(check, text);
        signed.extend_from_slice(text);
        signed.extend_from_slice(format!("{CHECK}{check:08x}\"}}\n").as_bytes());
    }
    file(&signed);
}

/// It is refused with a word on why, or knows what stands in whole lines and no more, and takes another.
fn file(bytes: &[u8]) {
    let known = match parse(bytes) {
        Ok(known) => known,
        Err(told) => {
            let foreign = told.starts_with("is no state file") || told.starts_with("is of another version");
            let line = told.strip_prefix("is damaged at line ").and_then(|rest| rest.split(' ').next());
            let line = line.and_then(|line| line.parse::<usize>().ok());
            let lines = bytes.split_inclusive(|byte| *byte == b'\n').count();
            assert!(foreign || line.is_some_and(|line| (2..=lines).contains(&line)), "{told}");
            return;
        }
    };
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    assert_eq!(known.length, whole, "all whole lines, and no other");
    let names: Vec<serde_json::Value> = bytes[..whole]
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok())
        .filter_map(|line| line.get("name").cloned())
        .collect();
    assert!(known.done.keys().all(|name| names.iter().any(|told| told == name)), "{:?}", known.done);

    let again = parse(&bytes[..whole]).expect("nothing but the torn line is gone");
    assert_eq!((&again.done, again.check), (&known.done, known.check));
    // As the next run writes, behind what is left.
    let (name, content) = ("new\n\u{fc}".to_owned(), Content { version: "\"v\"".to_owned(), size: u64::MAX });
    let mut text = if whole == 0 { HEADER.as_bytes().to_vec() } else { bytes[..whole].to_vec() };
    let (mut check, mut expected) = (known.check, known.done);
    let done = Line::Done { name: name.clone(), content: content.clone(), findings: false };
    text.extend(signed(&done, &mut check).expect("JSON").into_bytes());
    let later = parse(&text).expect("what was written");
    expected.insert(name, content);
    assert_eq!((&later.done, later.check, later.length), (&expected, check, text.len()));
}
