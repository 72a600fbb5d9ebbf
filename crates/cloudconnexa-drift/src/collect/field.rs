//! Counts the values of one field by what they are.

use cloudconnexa_validator::catalog::{FieldSpec, Kind};

use super::words::Words;
use crate::form::Form;
use crate::moment::Moment;
use crate::profile::{Example, FieldProfile, FormProfile, Num, least};

/// When a record was written, ready to be compared; one without a timestamp changes no least and no greatest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    least: i64,
    greatest: i64,
}

impl Time {
    pub(super) fn of(moment: Option<Moment>) -> Self {
        let Some(Moment(micros)) = moment else { return Self { least: i64::MAX, greatest: i64::MIN } };
        Self { least: micros, greatest: micros }
    }

    pub(super) fn moment(self) -> Option<Moment> {
        (self.least == self.greatest).then_some(Moment(self.least))
    }
}

/// How many, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counter {
    pub(super) count: u64,
    pub(super) first: i64,
    pub(super) last: i64,
}

impl Default for Counter {
    fn default() -> Self {
        Self { count: 0, first: i64::MAX, last: i64::MIN }
    }
}

impl Counter {
    #[inline]
    pub(super) fn add(&mut self, time: Time) {
        self.count += 1;
        self.first = self.first.min(time.least);
        self.last = self.last.max(time.greatest);
    }
}

/// What is looked at in the values of a field.
#[derive(Debug)]
pub(super) enum Watch {
    /// What they are.
    Any,
    /// Texts.
    Text,
    /// Texts of which some are known.
    Words(Box<Words>),
    /// Integers within bounds.
    Integer {
        minimum: i64,
        maximum: i64,
    },
    /// A few integers.
    Version {
        minimum: i64,
        maximum: i64,
        words: Box<Words>,
    },
    DateTime,
    Uuid,
    Address,
}

impl Watch {
    pub(super) fn of(field: &'static FieldSpec) -> Self {
        match field.kind {
            Kind::Boolean => Self::Any,
            Kind::String => Self::Text,
            Kind::Integer { minimum, maximum, known } => {
                let bound = |bound| i64::try_from(bound).unwrap_or(i64::MAX);
                let (minimum, maximum) = (bound(minimum), bound(maximum));
                if known.is_empty() {
                    Self::Integer { minimum, maximum }
                } else {
                    let versions = known.iter().map(ToString::to_string);
                    Self::Version { minimum, maximum, words: Box::new(Words::new(versions)) }
                }
            }
            Kind::Format { formats: ["date-time"], .. } => Self::DateTime,
            Kind::Format { formats: ["uuid"], .. } => Self::Uuid,
            Kind::Format { .. } => Self::Address,
            Kind::Constant(values) => {
                Self::Words(Box::new(Words::new(values.iter().map(ToString::to_string))))
            }
            Kind::Vocabulary(values) => {
                Self::Words(Box::new(Words::new(values.iter().map(|value| value.value.to_owned()))))
            }
        }
    }
}

/// What was seen of one field.
#[derive(Debug)]
pub(super) struct FieldCounter {
    watch: Watch,
    forms: [Counter; Form::ALL.len()],
    pub(super) missing: Counter,
    /// Of integers that fit; others are rare.
    integers: (i64, i64),
    numbers: Option<(Num, Num)>,
    times: (i64, i64),
    examples: Vec<(Form, Example)>,
}

impl FieldCounter {
    pub(super) fn new(watch: Watch) -> Self {
        Self {
            watch,
            forms: [Counter::default(); Form::ALL.len()],
            missing: Counter::default(),
            integers: (i64::MAX, i64::MIN),
            numbers: None,
            times: (i64::MAX, i64::MIN),
            examples: Vec::new(),
        }
    }

    /// Takes in a value as it is written. Of a record that is valid not all is looked at again.
    #[inline]
    pub(super) fn look(&mut self, raw: &[u8], is_valid: bool, time: Time) {
        let form = self.usual(raw, is_valid, time).unwrap_or_else(|| self.form(raw, time));
        let counter = &mut self.forms[form as usize];
        let is_first = time.least <= counter.first;
        counter.add(time);
        if is_first {
            self.example(form, raw, time);
        }
    }

    /// What a value is that is as most are.
    #[inline]
    fn usual(&mut self, raw: &[u8], is_valid: bool, time: Time) -> Option<Form> {
        if let Watch::Integer { minimum, maximum } = self.watch {
            let number = digits(raw).filter(|number| (minimum..=maximum).contains(number))?;
            self.integers = (self.integers.0.min(number), self.integers.1.max(number));
            return Some(Form::Integer);
        }
        if let Watch::Version { words, .. } = &mut self.watch {
            let number = digits(raw)?;
            let is_known = words.known(raw, time);
            if is_known {
                self.integers = (self.integers.0.min(number), self.integers.1.max(number));
            }
            return is_known.then_some(Form::Integer);
        }
        let text = match raw {
            [b'"', text @ .., b'"'] if !text.is_empty() => text,
            _ => return None,
        };
        match &mut self.watch {
            // One that is spelled with escapes is like no other.
            Watch::Text => Some(Form::of_text(text)),
            // Neither the empty text nor `null` is a value of a vocabulary.
            Watch::Words(words) if text != b"null" => words.known(text, time).then_some(Form::String),
            Watch::DateTime => {
                let Moment(micros) = Moment::usual(text)?;
                self.times = (self.times.0.min(micros), self.times.1.max(micros));
                Some(Form::DateTime)
            }
            Watch::Uuid if is_valid => Some(Form::Uuid),
            Watch::Address if is_valid => Some(if text.contains(&b':') { Form::Ipv6 } else { Form::Ipv4 }),
            _ => None,
        }
    }

    /// What any value is.
    #[inline(never)]
    fn form(&mut self, raw: &[u8], time: Time) -> Form {
        let text = || str::from_utf8(raw).unwrap_or_default();
        match raw.first() {
            Some(b'n') => Form::Null,
            Some(b't' | b'f') => Form::Boolean,
            Some(b'[') => Form::Array,
            Some(b'{') => Form::Object,
            Some(b'"') => {
                let decoded: Option<String> = serde_json::from_str(text()).ok();
                let decoded = decoded.unwrap_or_default();
                if let Watch::Words(words) = &mut self.watch {
                    let form = Form::of_text(decoded.as_bytes());
                    if matches!(form, Form::EmptyString | Form::NullString) {
                        return form;
                    }
                    words.add(&decoded, time);
                    return Form::String;
                }
                let form = Form::of_text(decoded.as_bytes());
                // Formats of free texts are told only as far as they are usual.
                let moment = match (&self.watch, form) {
                    (Watch::DateTime, _) | (_, Form::DateTime) => Moment::parse(&decoded),
                    _ => None,
                };
                if let Some(Moment(micros)) = moment {
                    self.times = (self.times.0.min(micros), self.times.1.max(micros));
                    return Form::DateTime;
                }
                form
            }
            _ => self.number(text(), time),
        }
    }

    fn number(&mut self, text: &str, time: Time) -> Form {
        let Some(number) = Num::parse(text) else { return Form::Number };
        let numbers = self.numbers.get_or_insert((number, number));
        *numbers = (numbers.0.min(number), numbers.1.max(number));
        let bounds = match self.watch {
            Watch::Integer { minimum, maximum } | Watch::Version { minimum, maximum, .. } => {
                minimum..=maximum
            }
            _ => i64::MIN..=i64::MAX,
        };
        let Num::Integer(integer) = number else { return Form::Number };
        let is_bounded = matches!(self.watch, Watch::Integer { .. } | Watch::Version { .. });
        if is_bounded && !i64::try_from(integer).is_ok_and(|integer| bounds.contains(&integer)) {
            return Form::IntegerOutOfBounds;
        }
        if let Watch::Version { words, .. } = &mut self.watch {
            words.add(&integer.to_string(), time);
        }
        Form::Integer
    }

    #[inline(never)]
    fn example(&mut self, form: Form, raw: &[u8], time: Time) {
        let example = Example::of(str::from_utf8(raw).unwrap_or_default(), time.moment());
        match self.examples.iter_mut().find(|(other, _)| *other == form) {
            Some((_, least)) => least.least(example),
            None => self.examples.push((form, example)),
        }
    }

    /// How many values there were.
    pub(super) fn present(&self) -> u64 {
        self.forms.iter().map(|form| form.count).sum()
    }

    pub(super) fn finish(mut self) -> FieldProfile {
        let forms = Form::ALL.into_iter().zip(&self.forms).filter(|(_, counter)| counter.count > 0);
        let forms = forms
            .map(|(form, counter)| {
                let place = self.examples.iter().position(|(other, _)| *other == form);
                let example = place.map(|place| self.examples.swap_remove(place).1);
                (form, FormProfile { seen: counter.seen(), example })
            })
            .collect();
        let (low, high) = self.integers;
        let integer = |number: i64| (low <= high).then(|| Num::Integer(number.into()));
        let (minimum, maximum) = self.numbers.unzip();
        let (earliest, latest) = self.times;
        let moment = |micros: i64| (earliest <= latest).then_some(Moment(micros));
        FieldProfile {
            missing: self.missing.seen(),
            forms,
            minimum: least(minimum, integer(low)),
            maximum: maximum.max(integer(high)),
            earliest: moment(earliest),
            latest: moment(latest),
            values: match self.watch {
                Watch::Words(words) | Watch::Version { words, .. } => words.finish(),
                _ => None,
            },
        }
    }
}

/// A number of few digits.
fn digits(raw: &[u8]) -> Option<i64> {
    if raw.is_empty() || raw.len() > 18 {
        return None;
    }
    let mut number = 0;
    for byte in raw {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(number)
}
