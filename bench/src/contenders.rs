//! Who is measured: each a name and a function over all records of a run, which gives how many it takes for valid.

use std::hint::black_box;

use cloudconnexa_events::Event;
use cloudconnexa_validator::{Judgement, Position, Validator};
use serde_json::Value;

pub struct Contender {
    pub name: &'static str,
    pub run: Box<dyn FnMut(&Input) -> usize>,
}

/// The records of a run, one after the other, and where each ends.
pub struct Input {
    pub text: Vec<u8>,
    pub ends: Vec<usize>,
}

impl Input {
    pub fn new(records: &[String]) -> Self {
        let text: Vec<u8> = records.concat().into_bytes();
        let ends = records
            .iter()
            .scan(0, |end, record| {
                *end += record.len();
                Some(*end)
            })
            .collect();
        Self { text, ends }
    }

    fn count(&self, mut is_valid: impl FnMut(&[u8]) -> bool) -> usize {
        let mut start = 0;
        let mut valid = 0;
        for &end in &self.ends {
            valid += usize::from(is_valid(&self.text[start..end]));
            start = end;
        }
        valid
    }
}

mod macros {
    /// The same schema as compile-time code.
    #[jsonschema::validator(
        path = "../schema/log-event.schema.json",
        validate_formats = true,
        methods = {is_valid = true, validate = false, iter_errors = false}
    )]
    pub struct Compiled;
}

pub fn all() -> Vec<Contender> {
    let schema: Value = serde_json::from_str(cloudconnexa_events::SCHEMA).unwrap();
    let leak = || -> &'static Validator { Box::leak(Box::new(Validator::new())) };
    let (fast, both, explaining) = (leak(), leak(), leak());
    let mut judge = fast.checker();
    let mut portable = fast.portable_checker();
    let mut check = both.checker();
    let runtime = jsonschema::options().should_validate_formats(true).offline().build(&schema).unwrap();
    let errors = runtime.clone();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("log-event.json", schema).unwrap();
    let index = compiler.compile("log-event.json", &mut schemas).unwrap();
    vec![
        contender("ours: judge", move |input| {
            input.count(|record| matches!(judge.judge(record), Judgement::Valid(_)))
        }),
        contender("ours: judge, portable scan", move |input| {
            input.count(|record| matches!(portable.judge(record), Judgement::Valid(_)))
        }),
        contender("ours: check (both tiers)", move |input| {
            input.count(|record| check.check(record, Position::START).is_valid())
        }),
        contender("ours: explaining tier", move |input| {
            input.count(|record| explaining.check(record, Position::START).is_valid())
        }),
        contender("serde_json + jsonschema", move |input| {
            input.count(|record| {
                serde_json::from_slice::<Value>(record).is_ok_and(|value| runtime.is_valid(&value))
            })
        }),
        contender("serde_json + jsonschema, errors", move |input| {
            input.count(|record| {
                serde_json::from_slice::<Value>(record).is_ok_and(|value| {
                    errors.iter_errors(&value).map(|error| black_box(error.to_string())).count() == 0
                })
            })
        }),
        contender("serde_json + jsonschema macro", move |input| {
            input.count(|record| {
                serde_json::from_slice::<Value>(record).is_ok_and(|value| macros::Compiled::is_valid(&value))
            })
        }),
        contender("serde_json + boon", move |input| {
            input.count(|record| {
                serde_json::from_slice::<Value>(record)
                    .is_ok_and(|value| schemas.validate(&value, index).is_ok())
            })
        }),
        contender("typed (cloudconnexa-events)", |input| {
            input.count(|record| Event::from_slice(record).is_ok())
        }),
        contender("sonic-rs to its tree", |input| {
            input.count(|record| sonic_rs::from_slice::<sonic_rs::Value>(record).map(black_box).is_ok())
        }),
        contender("simd-json tape", {
            let mut copy = Vec::new();
            let mut buffers = simd_json::Buffers::default();
            move |input| {
                input.count(|record| {
                    // It writes into its input.
                    copy.clear();
                    copy.extend_from_slice(record);
                    simd_json::to_tape_with_buffers(&mut copy, &mut buffers).map(black_box).is_ok()
                })
            }
        }),
        contender("serde_json IgnoredAny", |input| {
            input.count(|record| serde_json::from_slice::<serde::de::IgnoredAny>(record).is_ok())
        }),
        contender("floor: UTF-8 + newlines", |input| {
            if std::str::from_utf8(&input.text).is_err() {
                return 0;
            }
            memchr::memchr_iter(b'\n', &input.text).map(black_box).count()
        }),
    ]
}

fn contender(name: &'static str, run: impl FnMut(&Input) -> usize + 'static) -> Contender {
    Contender { name, run: Box::new(run) }
}
