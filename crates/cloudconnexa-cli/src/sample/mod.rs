//! Made-up events that look like real ones: the same for a seed on every machine, however many there are.

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

pub(crate) use form::Format;
pub(crate) use mix::{Mix, parse as parse_mix};

use std::io::{self, Write};

use cloudconnexa_validator::catalog::EVENTS;

use fault::Fault;
use fields::Pen;
use form::{Form, Layout};
use random::Random;
use story::{Role, Story};
use text::{Clock, Spelling};

/// How much is written at once.
const BLOCK: usize = 1 << 16;

/// What a sample shall be.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) seed: u64,
    pub(crate) mix: Mix,
    pub(crate) format: Format,
    /// When it begins, in microseconds since 1970.
    pub(crate) start: u64,
    /// How many of a million events are invalid.
    pub(crate) invalid: u64,
    pub(crate) unknown_field: bool,
    pub(crate) shuffle_keys: bool,
    pub(crate) escapes: bool,
}

/// Makes one event after another.
#[derive(Debug)]
pub(crate) struct Sample {
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
    pub(crate) fn new(options: &Options) -> Self {
        let mut random = Random::new(options.seed);
        let spelling = if options.escapes { Spelling::Escaped } else { Spelling::Plain };
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

    /// Writes `count` events.
    pub(crate) fn write(&mut self, count: u64, out: &mut impl Write) -> io::Result<()> {
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

    /// Appends one event.
    fn event(&mut self, out: &mut Vec<u8>) {
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
