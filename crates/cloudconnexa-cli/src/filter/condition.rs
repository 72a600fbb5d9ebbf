//! Conditions on a field, such as `destinationPort=443`.

use std::cmp::Ordering;

use cloudconnexa_events::UtcMicros;

use super::field::{EventFields, Field, FieldValue};
use super::number::Number;
use super::pattern::TextPattern;
use crate::time;

/// A condition on a field. An event without the field does not meet it, whatever the condition.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    field: Field,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    Is(Literal),
    IsNot(Literal),
    /// One of these orders to the bound.
    Compare(&'static [Ordering], Bound),
    Like(TextPattern),
}

/// A value to be equal to.
#[derive(Clone, Debug)]
struct Literal {
    text: String,
    number: Option<Number>,
}

/// A value to be less or greater than.
#[derive(Clone, Copy, Debug)]
enum Bound {
    Number(Number),
    /// In microseconds since 1970.
    Time(i64),
}

/// The operators, with those first that start with another one.
const OPERATORS: [&str; 8] = ["==", "!=", "<=", ">=", "=", "<", ">", "~"];

impl Condition {
    /// Reads `FIELD=VALUE`. An error is a sentence.
    pub(super) fn parse(condition: &str) -> Result<Self, String> {
        let start = condition.find(['=', '!', '<', '>', '~']).unwrap_or(condition.len());
        let (name, rest) = condition.split_at(start);
        let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator));
        let Some(operator) = operator.filter(|_| !name.is_empty()) else {
            return Err(format!(
                "`{condition}` is not a condition; write `FIELD=VALUE`, or `!=`, `<`, `<=`, `>`, `>=` or `~` instead of `=`"
            ));
        };
        let value = &rest[operator.len()..];
        let field = Field::parse(name.trim())?;
        let literal = || Literal { text: value.to_owned(), number: Number::parse(value) };
        let test = match operator {
            "==" => return Err(format!("`{condition}` has two `=`; write `{name}={value}`")),
            "=" => Test::Is(literal()),
            "!=" => Test::IsNot(literal()),
            "<" => Test::Compare(&[Ordering::Less], bound(condition, value)?),
            "<=" => Test::Compare(&[Ordering::Less, Ordering::Equal], bound(condition, value)?),
            ">" => Test::Compare(&[Ordering::Greater], bound(condition, value)?),
            ">=" => Test::Compare(&[Ordering::Greater, Ordering::Equal], bound(condition, value)?),
            _ => Test::Like(TextPattern::new(value)),
        };
        Ok(Self { field, test })
    }

    /// The field that it is about.
    pub(super) fn field(&self) -> &Field {
        &self.field
    }

    /// Returns whether an event meets it.
    pub(super) fn matches(&self, event: &EventFields<'_, '_>) -> bool {
        let Some(value) = self.field.value(event) else { return false };
        match &self.test {
            Test::Is(literal) => literal.equals(&value),
            Test::IsNot(literal) => !literal.equals(&value),
            Test::Compare(orders, bound) => {
                bound.compare(&value).is_some_and(|order| orders.contains(&order))
            }
            Test::Like(pattern) => pattern.matches(&value.text()),
        }
    }
}

impl Literal {
    fn equals(&self, value: &FieldValue<'_>) -> bool {
        let text = value.text();
        if *text == *self.text {
            return true;
        }
        // `443` is also `443.0`, unless it is text.
        let number = self.number.filter(|_| value.is_number());
        number
            .zip(Number::parse(&text))
            .is_some_and(|(one, other)| one.compare(other) == Some(Ordering::Equal))
    }
}

impl Bound {
    /// Compares a value with the bound. Returns `None` if it is neither a number nor a time, as the bound is.
    fn compare(self, value: &FieldValue<'_>) -> Option<Ordering> {
        let text = value.text();
        match self {
            Self::Number(bound) => Number::parse(&text)?.compare(bound),
            Self::Time(bound) => Some(UtcMicros::parse(&text)?.unix_micros().cmp(&bound)),
        }
    }
}

fn bound(condition: &str, value: &str) -> Result<Bound, String> {
    if let Some(number) = Number::parse(value) {
        return Ok(Bound::Number(number));
    }
    time::parse_micros(value).map(Bound::Time).map_err(|_| {
        format!("`{condition}` compares with `{value}`, which is neither a number nor a time; use `=`, `!=` or `~` for text")
    })
}
