//! Made-up events that look like real ones: the same for a seed on every machine, however many there are.
//!
//! ```
//! use cloudconnexa_sample::{Mix, Options, Sample};
//!
//! let mix: Mix = "flow-established=9,traffic-blocked=1".parse()?;
//! let mut sample = Sample::new(&Options { seed: 7, mix, ..Options::default() });
//! let mut lines = Vec::new();
//! sample.write(100, &mut lines)?;
//! assert_eq!(lines.iter().filter(|byte| **byte == b'\n').count(), 100);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! What is made of a seed can change with the schema: a sample is to be made when it is needed, not to be kept.

mod fault;
mod fields;
mod form;
mod mix;
mod random;
mod story;
#[cfg(test)]
mod tests;
mod text;
mod words;
mod world;

pub use form::Format;
pub use mix::{Mix, MixError};
pub use text::Spelling;

use std::io::{self, Write};

use cloudconnexa_validator::catalog::EVENTS;

use fault::Fault;
use fields::Pen;
use form::{Form, Layout};
use random::Random;
use story::{Role, Story};
use text::Clock;

/// How much is written at once.
const BLOCK: usize = 1 << 16;

/// What a sample shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Another seed gives other events.
    pub seed: u64,
    /// Which events, and how many of each.
    pub mix: Mix,
    /// How they are laid out.
    pub format: Format,
    /// When it begins, in microseconds since 1970.
    pub start: u64,
    /// How many of a million events are invalid.
    pub invalid: u64,
    /// Puts a field that the schema does not describe into every event.
    pub unknown_field: bool,
    /// Puts the fields of every event into another order.
    pub shuffle_keys: bool,
    /// How free texts are written.
    pub spelling: Spelling,
}

impl Default for Options {
    /// Valid events of all kinds, one a line, as the vendor lays them out, from the beginning of 2026 on.
    fn default() -> Self {
        Self {
            seed: 1,
            mix: Mix::default(),
            format: Format::Jsonl,
            start: 1_767_225_600_000_000,
            invalid: 0,
            unknown_field: false,
            shuffle_keys: false,
            spelling: Spelling::Plain,
        }
    }
}

/// Makes one event after another.
#[derive(Debug)]
pub struct Sample {
    random: Random,
    story: Story,
    clock: Clock,
    spelling: Spelling,
    forms: Vec<Form>,
    layout: Layout,
    mix: Mix,
    invalid: u64,
}

impl Sample {
    /// Makes up who and what it is about.
    pub fn new(options: &Options) -> Self {
        let mut random = Random::new(options.seed);
        let spelling = options.spelling;
        Self {
            story: Story::new(&mut random, options.start, spelling),
            random,
            clock: Clock::default(),
            spelling,
            forms: EVENTS.iter().map(|event| Form::new(event, options.unknown_field)).collect(),
            layout: Layout::new(options.format, options.shuffle_keys),
            mix: options.mix.clone(),
            invalid: options.invalid,
        }
    }

    /// Writes `count` events, and what the format has before, between and behind them.
    pub fn write(&mut self, count: u64, out: &mut impl Write) -> io::Result<()> {
        let (opening, between, closing) = match self.layout.format {
            Format::Jsonl | Format::Pretty => ("", "\n", if count > 0 { "\n" } else { "" }),
            Format::Array => ("[\n", ",\n", if count > 0 { "\n]\n" } else { "]\n" }),
        };
        let mut block = Vec::with_capacity(2 * BLOCK);
        block.extend_from_slice(opening.as_bytes());
        for number in 0..count {
            if number > 0 {
                block.extend_from_slice(between.as_bytes());
            }
            self.event(&mut block);
            if block.len() >= BLOCK {
                out.write_all(&block)?;
                block.clear();
            }
        }
        block.extend_from_slice(closing.as_bytes());
        out.write_all(&block)
    }

    /// Appends one event, without what separates it from others.
    pub fn event(&mut self, out: &mut Vec<u8>) {
        let mut place = *self.random.weighted(&self.mix.0);
        // An event can need another first; where the mix has no such events, the story helps itself.
        if let Some(needed) = self.story.prerequisite(Role::of(EVENTS[place].name))
            && let Some(other) = EVENTS.iter().position(|event| Role::of(event.name) == needed)
            && self.mix.has(EVENTS[other].name)
        {
            place = other;
        }
        let form = &self.forms[place];
        let is_invalid = self.invalid > 0 && self.random.below(1_000_000) < self.invalid;
        let fault = if is_invalid { Fault::any(&mut self.random, &form.required) } else { None };
        let scene = self.story.next(EVENTS[place].name, &mut self.random);
        let (random, clock) = (&mut self.random, &mut self.clock);
        let mut pen = Pen { random, clock, spelling: self.spelling, out };
        self.layout.event(form, &scene, fault, &mut pen);
    }
}
