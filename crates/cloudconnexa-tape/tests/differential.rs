//! Compares the tape with `serde_json` and with jsonschema's own representation, over mutated events.

use cloudconnexa_tape::{CompiledSchema, Index, Tape};
use cloudconnexa_validator::Position;
use serde_json::Value;

const EXAMPLES: [&str; 5] = [
    include_str!("../../../tests/corpus/documented/client-disconnected-v1.json"),
    include_str!("../../../tests/corpus/documented/domain-blocked-v1.json"),
    include_str!("../../../tests/corpus/documented/log-stream-paused-v1.json"),
    include_str!("../../../tests/corpus/documented/log-stream-started-v1.json"),
    include_str!("../../../tests/corpus/documented/test-message-v1.json"),
];

/// Fragments that mutations insert into a text: spellings that readers of JSON have disagreed about.
const TOKENS: [&str; 64] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "/",
    " ",
    "\n",
    "\t",
    "\r",
    "\0",
    "\u{7f}",
    "\u{feff}",
    "null",
    "true",
    "false",
    "nul",
    "True",
    "NaN",
    "-",
    "+",
    ".",
    "e",
    "E",
    "0",
    "-0",
    "-0.0",
    "1.0",
    "01",
    "1.",
    ".5",
    "1e5",
    "1E+2",
    "1e-7",
    "1e400",
    "-1e999",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775809",
    "3.14159265358979",
    "123456789012345678901234567890",
    "\\u0041",
    "\\ud83e\\udd80",
    "\\ud83e",
    "\\udd80",
    "\\x",
    "\\\"",
    "ü",
    "🦀",
    "\u{2028}",
    "\"\"",
    "{}",
    "[]",
    "[[",
    "[1,2]",
    "{\"a\":1,\"a\":2}",
    "\"eventName\":\"test-message\",",
    "\"log\":{},",
    "\"sessionBytesIn\":-1,",
    "\"2023-12-20T10:45:60Z\"",
    "//",
];

/// A small generator of pseudo-random numbers (xorshift): the same mutants in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn mutant(&mut self) -> Vec<u8> {
        let mut text = EXAMPLES[self.below(EXAMPLES.len())].as_bytes().to_vec();
        for _ in 0..=self.below(3) {
            self.mutate(&mut text);
        }
        text
    }

    fn mutate(&mut self, text: &mut Vec<u8>) {
        let at = self.below(text.len() + 1);
        let end = (at + self.below(12)).min(text.len());
        match self.below(8) {
            0 => drop(text.drain(at..end)),
            1 => text.truncate(at),
            2 => {
                let copied = text[at..end].to_vec();
                drop(text.splice(at..at, copied));
            }
            3 if at < text.len() => text[at] ^= 1 << self.below(8),
            4 => self.swap_values(text),
            5 => {
                let depth = self.below(140);
                let nested = ["[".repeat(depth), "]".repeat(depth)].concat();
                drop(text.splice(at..at, nested.into_bytes()));
            }
            _ => {
                let token = TOKENS[self.below(TOKENS.len())];
                let gone = if self.below(2) == 0 { at } else { end };
                drop(text.splice(at..gone, token.bytes()));
            }
        }
    }

    /// Replaces a whole value, which usually leaves the text well-formed.
    fn swap_values(&mut self, text: &mut Vec<u8>) {
        let colons: Vec<_> =
            (0..text.len().saturating_sub(1)).filter(|&at| text[at..].starts_with(b": ")).collect();
        if colons.is_empty() {
            return;
        }
        let start = colons[self.below(colons.len())] + 2;
        let length = text[start..].iter().position(|&byte| byte == b'\n').unwrap_or(0);
        let comma = usize::from(text[..start + length].ends_with(b","));
        let token = TOKENS[self.below(TOKENS.len())];
        drop(text.splice(start..start + length.saturating_sub(comma), token.bytes()));
    }
}

fn engines() -> (jsonschema::Validator, CompiledSchema) {
    let schema: Value = serde_json::from_str(cloudconnexa_events::SCHEMA).unwrap();
    let reference = jsonschema::options()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .offline()
        .build(&schema)
        .unwrap();
    let ours = CompiledSchema::new(&schema, &[]).unwrap();
    (reference, ours)
}

fn errors<'a>(errors: impl IntoIterator<Item = jsonschema::ValidationError<'a>>) -> Vec<String> {
    let mut errors: Vec<_> = errors
        .into_iter()
        .map(|error| format!("{} {} {}", error.instance_path(), error.schema_path(), error.masked()))
        .collect();
    errors.sort_unstable();
    errors
}

#[test]
fn a_tape_holds_what_serde_json_reads_and_validates_alike() {
    let (reference, ours) = engines();
    let validator = cloudconnexa_validator::Validator::new();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut read, mut valid, mut repeated) = (0, 0, 0);
    for _ in 0..60_000 {
        let mutant = random.mutant();
        let shown = String::from_utf8_lossy(&mutant);
        let report = validator.check(&mutant, Position::START);
        let Ok(expected) = serde_json::from_slice::<Value>(&mutant) else {
            assert!(!report.is_valid(), "{shown}");
            // The only fault after which the tape keeps reading.
            let huge = report.findings.iter().any(|finding| finding.rule().id == "number-overflow");
            assert!(huge || report.findings.len() == 1, "{shown}");
            continue;
        };
        let tape =
            Tape::parse(str::from_utf8(&mutant).unwrap()).unwrap_or_else(|fault| panic!("{fault:?} {shown}"));
        assert_eq!(tape.value(Index::ROOT), expected, "{shown}");
        assert_eq!(errors(ours.errors(&tape)), errors(reference.iter_errors(&expected)), "{shown}");
        // The other thing that only we refuse.
        let is_repeated = !tape.repeated().is_empty();
        let is_valid = reference.is_valid(&expected);
        assert_eq!(ours.is_valid(&tape), is_valid, "{shown}");
        assert_eq!(report.is_valid(), is_valid && !is_repeated, "{shown}");
        read += 1;
        valid += usize::from(is_valid);
        repeated += usize::from(is_repeated);
    }
    // Mutants that never get anywhere would prove nothing.
    assert!(read > 10_000 && valid > 3_000 && repeated > 50, "{read} {valid} {repeated}");
}
