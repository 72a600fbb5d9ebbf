//! The contenders: each has a name, and a function that returns how many records of a run are valid.

use std::hint::black_box;

use cloudconnexa_events::Event;
use cloudconnexa_validator::view::BodyView;
use cloudconnexa_validator::{EventView, FastCheck, Position, Validator};
use serde_json::Value;

use crate::scenarios::Input;
use crate::{derive, quotes};

pub struct Contender {
    pub name: &'static str,
    pub takes: Takes,
    pub run: Box<dyn FnMut(&Input) -> usize>,
}

/// The scenarios that a contender takes part in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Every scenario.
    All,
    /// Plain events.
    Plain,
    /// Plain events, and invalid ones.
    Invalid,
}

/// Returns all contenders of this build. The first is the baseline.
pub fn all() -> Vec<Contender> {
    let mut all = ours();
    all.extend(usual());
    #[cfg(feature = "libraries")]
    all.extend(libraries::all());
    all.push(contender("floor: UTF-8 check + newlines", Takes::Plain, |input| {
        if std::str::from_utf8(&input.text).is_err() {
            return 0;
        }
        memchr::memchr_iter(b'\n', &input.text).map(black_box).count()
    }));
    let mut places = Vec::new();
    all.push(contender("floor: places of unescaped quotes", Takes::Plain, move |input| {
        input.count(|record| {
            quotes::find(record, &mut places);
            black_box(&places).len().is_multiple_of(2)
        })
    }));
    all
}

fn contender(name: &'static str, takes: Takes, run: impl FnMut(&Input) -> usize + 'static) -> Contender {
    Contender { name, takes, run: Box::new(run) }
}

/// Whether a record was read. What was read counts as used, so that the compiler cannot leave any of it out.
///
/// All that make something of a record end with this. It takes a reference: an event is a struct of 1 kB, and to move it
/// through `black_box` would be measured as part of reading it.
fn read<T, E>(result: &Result<T, E>) -> bool {
    black_box(result).is_ok()
}

fn ours() -> Vec<Contender> {
    let leak = || -> &'static Validator { Box::leak(Box::new(Validator::new())) };
    let (fast, both, explaining) = (leak(), leak(), leak());
    let (mut native, mut portable) = (fast.checker(), fast.portable_checker());
    let mut native_notices = fast.checker();
    let mut portable_notices = fast.portable_checker();
    let mut check = both.checker();
    let (mut view, mut owned) = (fast.checker(), fast.checker());
    vec![
        // Like the others, these only answer yes or no.
        contender("ours, yes or no", Takes::All, move |input| input.count(|record| native.is_valid(record))),
        contender("ours, yes or no, portable scan", Takes::All, move |input| {
            input.count(|record| portable.is_valid(record))
        }),
        contender("ours, fast tier with notices", Takes::Plain, move |input| {
            input.count(|record| matches!(native_notices.fast_check(record), FastCheck::Valid(_)))
        }),
        contender("ours, fast tier with notices, portable scan", Takes::Plain, move |input| {
            input.count(|record| matches!(portable_notices.fast_check(record), FastCheck::Valid(_)))
        }),
        contender("ours, all findings", Takes::Invalid, move |input| {
            input.count(|record| check.check(record, Position::START).is_valid())
        }),
        contender("ours, all findings, explaining tier alone", Takes::Invalid, move |input| {
            input.count(|record| explaining.check(record, Position::START).is_valid())
        }),
        contender("our view, reading five fields", Takes::Plain, move |input| {
            input.count(|record| view.view(record).as_ref().map(five_fields).is_some())
        }),
        contender("our types, by the view", Takes::Plain, move |input| {
            input.count(|record| owned.view(record).is_some_and(|view| read(&view.to_event())))
        }),
        contender("our types, by serde_json", Takes::Plain, |input| {
            input.count(|record| read(&Event::from_slice(record)))
        }),
    ]
}

/// Reads a time, a text of the vocabulary, two texts and a field of the `log`.
fn five_fields(view: &EventView<'_>) {
    let header = view.header();
    black_box((header.timestamp(), header.category(), header.initiator(), header.cloud_id()));
    match view.body() {
        BodyView::ClientDisconnected(log) => _ = black_box(log.session_bytes_in()),
        BodyView::ClientConnected(log) => _ = black_box(log.client_public_ip()),
        BodyView::FlowEstablished(log) => _ = black_box(log.destination_port()),
        BodyView::DomainBlocked(log) => _ = black_box(log.domain()),
        _ => _ = black_box(view.name()),
    }
}

/// Returns the usual choices, which are also what ours is built on.
fn usual() -> Vec<Contender> {
    let schema: Value = serde_json::from_str(cloudconnexa_events::SCHEMA).unwrap();
    let runtime = jsonschema::options().should_validate_formats(true).offline().build(&schema).unwrap();
    let errors = runtime.clone();
    vec![
        contender("serde_json + jsonschema", Takes::Invalid, move |input| {
            input.count(|record| {
                serde_json::from_slice::<Value>(record).is_ok_and(|value| runtime.is_valid(&value))
            })
        }),
        contender("serde_json + jsonschema, all errors", Takes::Invalid, move |input| {
            input.count(|record| {
                serde_json::from_slice::<Value>(record).is_ok_and(|value| {
                    errors.iter_errors(&value).map(|error| black_box(error.to_string())).count() == 0
                })
            })
        }),
        contender("serde_json, plain derive, validating nothing", Takes::Plain, |input| {
            input.count(|record| read(&serde_json::from_slice::<derive::Event>(record)))
        }),
        contender("serde_json, skipping everything", Takes::Plain, |input| {
            input.count(|record| serde_json::from_slice::<serde::de::IgnoredAny>(record).is_ok())
        }),
    ]
}

#[cfg(feature = "libraries")]
mod libraries {
    use super::{Contender, Takes, Value, contender, derive, read};

    /// The same schema as compile-time code.
    #[jsonschema::validator(
        path = "../schema/log-event.schema.json",
        validate_formats = true,
        methods = {is_valid = true, validate = false, iter_errors = false}
    )]
    struct Compiled;

    pub fn all() -> Vec<Contender> {
        let schema: Value = serde_json::from_str(cloudconnexa_events::SCHEMA).unwrap();
        let mut schemas = boon::Schemas::new();
        let mut compiler = boon::Compiler::new();
        compiler.enable_format_assertions();
        compiler.add_resource("log-event.json", schema).unwrap();
        let index = compiler.compile("log-event.json", &mut schemas).unwrap();
        let (mut copy, mut buffers) = (Vec::new(), simd_json::Buffers::default());
        let (mut typed_copy, mut typed_buffers) = (Vec::new(), simd_json::Buffers::default());
        vec![
            contender("serde_json + jsonschema, compile-time macro", Takes::Invalid, move |input| {
                input.count(|record| {
                    serde_json::from_slice::<Value>(record).is_ok_and(|value| Compiled::is_valid(&value))
                })
            }),
            contender("serde_json + boon", Takes::Plain, move |input| {
                input.count(|record| {
                    serde_json::from_slice::<Value>(record)
                        .is_ok_and(|value| schemas.validate(&value, index).is_ok())
                })
            }),
            contender("sonic-rs to its tree, validating nothing", Takes::Plain, |input| {
                input.count(|record| read(&sonic_rs::from_slice::<sonic_rs::Value>(record)))
            }),
            contender("sonic-rs, plain derive, validating nothing", Takes::Plain, |input| {
                input.count(|record| read(&sonic_rs::from_slice::<derive::Event>(record)))
            }),
            contender("simd-json, plain derive, validating nothing", Takes::Plain, move |input| {
                input.count(|record| {
                    typed_copy.clear();
                    typed_copy.extend_from_slice(record);
                    read(&simd_json::serde::from_slice_with_buffers::<derive::Event>(
                        &mut typed_copy,
                        &mut typed_buffers,
                    ))
                })
            }),
            contender("simd-json to its tape, validating nothing", Takes::Plain, move |input| {
                input.count(|record| {
                    // It writes into its input.
                    copy.clear();
                    copy.extend_from_slice(record);
                    read(&simd_json::to_tape_with_buffers(&mut copy, &mut buffers))
                })
            }),
        ]
    }
}
