//! Counts the values of one field by type.

use std::cmp::Ordering;

use cloudconnexa_validator::catalog::{FieldSpec, Kind};

use super::Validity;
use super::vocabulary::VocabularyCounter;
use crate::profile::{FieldProfile, Number, RawExample, TypeProfile, min_present};
use crate::value_type::ValueType;
use cloudconnexa_events::UtcMicros;

/// The timestamp of a record, prepared for comparison: without one, neither a minimum nor a maximum changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordTime {
    min: i64,
    max: i64,
}

impl RecordTime {
    pub(super) fn new(timestamp: Option<UtcMicros>) -> Self {
        let Some(micros) = timestamp.map(UtcMicros::unix_micros) else {
            return Self { min: i64::MAX, max: i64::MIN };
        };
        Self { min: micros, max: micros }
    }

    pub(super) fn get(self) -> Option<UtcMicros> {
        (self.min == self.max).then(|| UtcMicros::from_unix_micros(self.min))
    }
}

/// A count, with the earliest and latest time in microseconds.
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
    pub(super) fn add(&mut self, time: RecordTime) {
        self.count += 1;
        self.first = self.first.min(time.min);
        self.last = self.last.max(time.max);
    }
}

/// The values that a field usually has, which are counted fast.
#[derive(Debug)]
pub(super) enum ExpectedValue {
    Any,
    String,
    /// A string, some of which are known.
    Vocabulary(Box<VocabularyCounter>),
    /// An integer within bounds.
    Integer {
        minimum: i64,
        maximum: i64,
    },
    /// An integer out of a few known ones.
    Version {
        minimum: i64,
        maximum: i64,
        values: Box<VocabularyCounter>,
    },
    DateTime,
    Uuid,
    Address,
}

impl ExpectedValue {
    pub(super) fn new(field: &'static FieldSpec) -> Self {
        match field.kind {
            Kind::String => Self::String,
            Kind::Integer { minimum, maximum, known } => {
                let bound = |bound| i64::try_from(bound).unwrap_or(i64::MAX);
                let (minimum, maximum) = (bound(minimum), bound(maximum));
                if known.is_empty() {
                    Self::Integer { minimum, maximum }
                } else {
                    let versions = known.iter().map(ToString::to_string);
                    Self::Version { minimum, maximum, values: Box::new(VocabularyCounter::new(versions)) }
                }
            }
            Kind::Format { formats: ["date-time"], .. } => Self::DateTime,
            Kind::Format { formats: ["uuid"], .. } => Self::Uuid,
            Kind::Format { .. } => Self::Address,
            Kind::Constant(values) => {
                Self::Vocabulary(Box::new(VocabularyCounter::new(values.iter().map(ToString::to_string))))
            }
            Kind::Vocabulary(values) => Self::Vocabulary(Box::new(VocabularyCounter::new(
                values.iter().map(|value| value.value.to_owned()),
            ))),
            // A boolean, or a newer kind of the schema: its type is all that is compared.
            _ => Self::Any,
        }
    }
}

/// The observations of one field.
#[derive(Debug)]
pub(super) struct FieldCounter {
    expected: ExpectedValue,
    types: [Counter; ValueType::ALL.len()],
    pub(super) missing: Counter,
    /// The least and the greatest of the integers that are counted fast.
    integers: (i64, i64),
    /// The least and the greatest of all other numbers.
    numbers: Option<(Number, Number)>,
    /// The earliest and the latest date and time.
    times: (i64, i64),
    examples: Vec<(ValueType, RawExample)>,
}

impl FieldCounter {
    pub(super) fn new(expected: ExpectedValue) -> Self {
        Self {
            expected,
            types: [Counter::default(); ValueType::ALL.len()],
            missing: Counter::default(),
            integers: (i64::MAX, i64::MIN),
            numbers: None,
            times: (i64::MAX, i64::MIN),
            examples: Vec::new(),
        }
    }

    /// Counts a value, given as it is in the JSON. For a valid record, checks that the validator has made are not repeated.
    #[inline]
    pub(super) fn observe(&mut self, raw: &[u8], validity: Validity, time: RecordTime) {
        let value_type =
            self.count_expected(raw, validity, time).unwrap_or_else(|| self.count_any(raw, time));
        let counter = &mut self.types[value_type as usize];
        let order = time.min.cmp(&counter.first);
        counter.add(time);
        if order.is_le() {
            self.example(value_type, raw, order);
        }
    }

    /// Counts a value that is as expected, and returns its type; `None` for any other value.
    #[inline]
    fn count_expected(&mut self, raw: &[u8], validity: Validity, time: RecordTime) -> Option<ValueType> {
        if let ExpectedValue::Integer { minimum, maximum } = self.expected {
            let number = digits(raw).filter(|number| (minimum..=maximum).contains(number))?;
            self.integers = (self.integers.0.min(number), self.integers.1.max(number));
            return Some(ValueType::Integer);
        }
        if let ExpectedValue::Version { values, .. } = &mut self.expected {
            let number = digits(raw)?;
            let is_known = values.count_known(raw, time);
            if is_known {
                self.integers = (self.integers.0.min(number), self.integers.1.max(number));
            }
            return is_known.then_some(ValueType::Integer);
        }
        let text = match raw {
            [b'"', text @ .., b'"'] if !text.is_empty() => text,
            _ => return None,
        };
        match &mut self.expected {
            // Escapes are not decoded: a string spelled with them counts as one in no format.
            ExpectedValue::String => Some(ValueType::of_string(text)),
            // Neither the empty string nor `null` is a value of a vocabulary.
            ExpectedValue::Vocabulary(values) if text != b"null" => {
                values.count_known(text, time).then_some(ValueType::String)
            }
            ExpectedValue::DateTime => {
                let micros = UtcMicros::parse_usual(text)?.unix_micros();
                self.times = (self.times.0.min(micros), self.times.1.max(micros));
                Some(ValueType::DateTime)
            }
            ExpectedValue::Uuid if validity == Validity::Valid => Some(ValueType::Uuid),
            ExpectedValue::Address if validity == Validity::Valid => {
                Some(if text.contains(&b':') { ValueType::Ipv6 } else { ValueType::Ipv4 })
            }
            _ => None,
        }
    }

    /// Counts any value, and returns its type.
    #[inline(never)]
    fn count_any(&mut self, raw: &[u8], time: RecordTime) -> ValueType {
        let text = || str::from_utf8(raw).unwrap_or_default();
        match raw.first() {
            Some(b'n') => ValueType::Null,
            Some(b't' | b'f') => ValueType::Boolean,
            Some(b'[') => ValueType::Array,
            Some(b'{') => ValueType::Object,
            Some(b'"') => {
                let decoded: Option<String> = serde_json::from_str(text()).ok();
                let decoded = decoded.unwrap_or_default();
                if let ExpectedValue::Vocabulary(values) = &mut self.expected {
                    let value_type = ValueType::of_string(decoded.as_bytes());
                    if matches!(value_type, ValueType::EmptyString | ValueType::NullString) {
                        return value_type;
                    }
                    values.add(&decoded, time);
                    return ValueType::String;
                }
                let value_type = ValueType::of_string(decoded.as_bytes());
                // Where a date and time is expected, forms that `of_string` takes for a plain string are recognised too.
                let timestamp = match (&self.expected, value_type) {
                    (ExpectedValue::DateTime, _) | (_, ValueType::DateTime) => UtcMicros::parse(&decoded),
                    _ => None,
                };
                if let Some(micros) = timestamp.map(UtcMicros::unix_micros) {
                    self.times = (self.times.0.min(micros), self.times.1.max(micros));
                    return ValueType::DateTime;
                }
                value_type
            }
            _ => self.count_number(text(), time),
        }
    }

    /// Counts a number, and returns its type.
    fn count_number(&mut self, text: &str, time: RecordTime) -> ValueType {
        let Some(number) = Number::parse(text) else { return ValueType::Number };
        let numbers = self.numbers.get_or_insert((number, number));
        *numbers = (numbers.0.min(number), numbers.1.max(number));
        let bounds = match self.expected {
            ExpectedValue::Integer { minimum, maximum } | ExpectedValue::Version { minimum, maximum, .. } => {
                minimum..=maximum
            }
            _ => i64::MIN..=i64::MAX,
        };
        let Number::Integer(integer) = number else { return ValueType::Number };
        let is_bounded =
            matches!(self.expected, ExpectedValue::Integer { .. } | ExpectedValue::Version { .. });
        if is_bounded && !i64::try_from(integer).is_ok_and(|integer| bounds.contains(&integer)) {
            return ValueType::IntegerOutOfBounds;
        }
        if let ExpectedValue::Version { values, .. } = &mut self.expected {
            values.add(&integer.to_string(), time);
        }
        ValueType::Integer
    }

    /// Keeps a value as the example of its type if it comes before the current one: if its time does, by this order, or if it
    /// is less.
    #[inline(never)]
    fn example(&mut self, value_type: ValueType, raw: &[u8], order: Ordering) {
        let raw = str::from_utf8(raw).unwrap_or_default();
        match self.examples.iter_mut().find(|(other, _)| *other == value_type) {
            Some((_, first)) if order.is_lt() => first.replace(raw),
            Some((_, first)) => first.keep_least(raw),
            None => self.examples.push((value_type, RawExample::new(raw))),
        }
    }

    /// Returns the number of values.
    pub(super) fn present(&self) -> u64 {
        self.types.iter().map(|value_type| value_type.count).sum()
    }

    pub(super) fn finish(mut self) -> FieldProfile {
        let types = ValueType::ALL.into_iter().zip(&self.types).filter(|(_, counter)| counter.count > 0);
        let types = types
            .map(|(value_type, counter)| {
                let index = self.examples.iter().position(|(other, _)| *other == value_type);
                // The earliest value is the example.
                let at = (counter.first != i64::MAX).then(|| UtcMicros::from_unix_micros(counter.first));
                let example = index.map(|index| self.examples.swap_remove(index).1.finish(at));
                (value_type, TypeProfile { seen: counter.occurrences(), example })
            })
            .collect();
        let (low, high) = self.integers;
        let integer = |number: i64| (low <= high).then(|| Number::Integer(number.into()));
        let (minimum, maximum) = self.numbers.unzip();
        let (earliest, latest) = self.times;
        let time = |micros: i64| (earliest <= latest).then(|| UtcMicros::from_unix_micros(micros));
        FieldProfile {
            missing: self.missing.occurrences(),
            types,
            minimum: min_present(minimum, integer(low)),
            maximum: maximum.max(integer(high)),
            earliest: time(earliest),
            latest: time(latest),
            values: match self.expected {
                ExpectedValue::Vocabulary(values) | ExpectedValue::Version { values, .. } => values.finish(),
                _ => None,
            },
        }
    }
}

/// Parses an integer of at most 18 digits without a sign.
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
