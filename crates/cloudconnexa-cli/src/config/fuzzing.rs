//! What must hold of a config file, whatever stands in it.

use std::path::Path;

use super::parse;
use crate::levels::{Levels, matches};

const NAME: &str = "ccxlog.toml";

/// It can be used, or it is told with its line and column why not.
pub(crate) fn config(bytes: &[u8]) {
    match parse(bytes, NAME, Path::new("logs")) {
        Ok(config) => {
            let levels = Levels { config: config.wishes, overrides: config.overrides, ..Levels::default() };
            for path in ["a.json", "logs/2026/11/22/events-00.jsonl.gz", ".x/[a]/\u{fc}/*"] {
                let _ = levels.of(path);
                for pattern in &config.exclude {
                    let _ = matches(pattern, path);
                }
            }
            for (_, at) in config.formats {
                assert_eq!(place(bytes, &at), Some(at.len()));
            }
            for bytes in [config.max_record_bytes, config.max_inflated_bytes] {
                assert_ne!(bytes, Some(0));
            }
        }
        Err(told) => {
            let ends = told.match_indices(NAME).find_map(|(from, _)| place(bytes, &told[from..]));
            assert!(ends.is_some(), "no place in: {told}");
        }
    }
}

/// The end of `ccxlog.toml:LINE` or `ccxlog.toml:LINE:COLUMN` at the start of `text`, if there is such a place.
fn place(bytes: &[u8], text: &str) -> Option<usize> {
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
    // Behind its last character something can be missing.
    let is_place = (1..=line.len() + 1).contains(&column);
    is_place.then_some(text.len() - rest.len())
}
