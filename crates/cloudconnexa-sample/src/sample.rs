//! The generator: one event after another, from the options.

use std::io::{self, Write};

use cloudconnexa_validator::catalog::EVENTS;

use crate::fault::Fault;
use crate::key::key;
use crate::layout::{EventTemplate, Format, Layout};
use crate::mix::Mix;
use crate::options::Options;
use crate::random::Random;
use crate::simulator::{Role, Simulator, Snapshot};
use crate::text::{Spelling, TimestampWriter};
use crate::writer::Writer;

/// The number of bytes that are collected before they are written.
const BLOCK_BYTES: usize = 1 << 16;

/// A generator of events.
///
/// Each call continues where the last one ended: sessions that were started stay open, and time goes on.
#[derive(Debug)]
pub struct Sample {
    random: Random,
    simulator: Simulator,
    timestamps: TimestampWriter,
    spelling: Spelling,
    templates: Vec<EventTemplate>,
    layout: Layout,
    mix: Mix,
    invalid: u64,
    seed: u64,
}

impl Sample {
    /// Creates the tenants that the events will be about. Nothing is written yet.
    pub fn new(options: &Options) -> Self {
        let mut random = Random::new(options.seed);
        let spelling = options.spelling;
        Self {
            simulator: Simulator::new(&mut random, options.start, options.interval, spelling),
            random,
            timestamps: TimestampWriter::default(),
            spelling,
            templates: EVENTS.iter().map(|event| EventTemplate::new(event, options.unknown_field)).collect(),
            layout: Layout::new(options.format, options.shuffle_keys),
            mix: options.mix.clone(),
            invalid: options.invalid,
            seed: options.seed,
        }
    }

    /// Writes `count` events, with the separators of the format around them.
    ///
    /// # Errors
    ///
    /// Returns the first error of `out`. How many events it holds by then is unspecified.
    ///
    /// # Examples
    ///
    /// ```
    /// use cloudconnexa_sample::{Options, Sample};
    ///
    /// let mut lines = Vec::new();
    /// Sample::new(&Options::default().seed(7)).write(3, &mut lines)?;
    /// assert_eq!(lines.iter().filter(|byte| **byte == b'\n').count(), 3);
    /// # Ok::<_, std::io::Error>(())
    /// ```
    pub fn write(&mut self, count: u64, out: &mut impl Write) -> io::Result<()> {
        let (opening, between, closing) = match self.layout.format {
            Format::Jsonl | Format::Pretty => ("", "\n", if count > 0 { "\n" } else { "" }),
            Format::Array => ("[\n", ",\n", if count > 0 { "\n]\n" } else { "]\n" }),
        };
        let mut block = Vec::with_capacity(2 * BLOCK_BYTES);
        block.extend_from_slice(opening.as_bytes());
        for number in 0..count {
            if number > 0 {
                block.extend_from_slice(between.as_bytes());
            }
            self.event(&mut block);
            if block.len() >= BLOCK_BYTES {
                out.write_all(&block)?;
                block.clear();
            }
        }
        block.extend_from_slice(closing.as_bytes());
        out.write_all(&block)
    }

    /// Returns the name that the vendor would give the object with the event that was written last, by the hour of that
    /// event: `2026-11-27-08-00-k3x9.jsonl.gz`.
    ///
    /// ```
    /// use cloudconnexa_sample::{Options, Sample};
    ///
    /// let hour = 3_600_000_000;
    /// let mut sample = Sample::new(&Options::default().interval(Some(hour)));
    /// sample.write(30, &mut std::io::sink())?;
    /// assert!(sample.key().starts_with("2026-01-02-05-00-"));
    /// # Ok::<_, std::io::Error>(())
    /// ```
    pub fn key(&self) -> String {
        key(self.simulator.now(), self.seed)
    }

    /// Advances the simulation to an event of this name, whose values can then be written to `out`.
    pub(crate) fn step<'a>(
        &'a mut self,
        event: &'static str,
        out: &'a mut Vec<u8>,
    ) -> (Snapshot<'a>, Writer<'a>) {
        let snapshot = self.simulator.next(event, &mut self.random);
        let (random, timestamps) = (&mut self.random, &mut self.timestamps);
        (snapshot, Writer { random, timestamps, spelling: self.spelling, out })
    }

    /// Appends one event to `out`, without a separator.
    pub fn event(&mut self, out: &mut Vec<u8>) {
        let mut index = *self.random.weighted(&self.mix.0);
        // Some events need another one first, such as an open session. Where the mix has no such event, the simulator
        // takes the step without writing it.
        if let Some(needed) = self.simulator.prerequisite(Role::of(EVENTS[index].name))
            && let Some(other) = EVENTS.iter().position(|event| Role::of(event.name) == needed)
            && self.mix.has(EVENTS[other].name)
        {
            index = other;
        }
        let template = &self.templates[index];
        let is_invalid = self.invalid > 0 && self.random.below(1_000_000) < self.invalid;
        let fault = if is_invalid { Fault::pick(&mut self.random, &template.required) } else { None };
        let snapshot = self.simulator.next(EVENTS[index].name, &mut self.random);
        let (random, timestamps) = (&mut self.random, &mut self.timestamps);
        let mut writer = Writer { random, timestamps, spelling: self.spelling, out };
        self.layout.event(template, &snapshot, fault, &mut writer);
    }
}
