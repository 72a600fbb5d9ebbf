//! Properties of config files, whatever bytes they have.

use std::path::Path;

use super::parse;
use crate::levels::Levels;

const NAME: &str = "ccxlog.toml";

/// A file is usable, or it is refused with line and column.
pub(crate) fn config(bytes: &[u8]) {
    match parse(bytes, NAME, Path::new("logs")) {
        Ok(config) => {
            let levels = Levels { config: config.severities, scoped: config.overrides, ..Levels::default() };
            for path in ["a.json", "logs/2026/11/22/events-00.jsonl.gz", ".x/[a]/\u{fc}/*"] {
                let _ = levels.of(path);
                for pattern in &config.exclude {
                    let _ = pattern.matches(path);
                }
            }
            for (_, location) in config.formats {
                assert_eq!(location_end(bytes, &location), Some(location.len()));
            }
            for bytes in [config.max_record_bytes, config.max_inflated_bytes] {
                assert_ne!(bytes, Some(0));
            }
        }
        Err(message) => {
            let mut starts = message.match_indices(NAME);
            let end = starts.find_map(|(start, _)| location_end(bytes, &message[start..]));
            assert!(end.is_some(), "no location in: {message}");
        }
    }
}

/// Returns the end of `ccxlog.toml:LINE` or `ccxlog.toml:LINE:COLUMN` at the start of `text`, if the file has such a
/// location.
fn location_end(bytes: &[u8], text: &str) -> Option<usize> {
    let mut rest = text.strip_prefix(NAME)?;
    let mut numbers = Vec::new();
    while let Some(tail) = rest.strip_prefix(':') {
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        let Ok(number) = tail[..digits].parse::<usize>() else { break };
        numbers.push(number);
        rest = &tail[digits..];
    }
    let lines: Vec<_> = bytes.split(|byte| *byte == b'\n').collect();
    let (first, column) = (*numbers.first()?, numbers.get(1).copied().unwrap_or(1));
    let line = lines.get(first.checked_sub(1)?)?;
    // Something can be missing after the last character.
    let exists = (1..=line.len() + 1).contains(&column);
    exists.then_some(text.len() - rest.len())
}
