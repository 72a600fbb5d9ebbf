//! Conditions on a field, such as `destinationPort=443`.

use std::cmp::Ordering;

use cloudconnexa_events::UtcMicros;
use cloudconnexa_validator::catalog::Kind;

use super::field::{EventFields, Field, FieldValue};
use super::number::Number;
use super::pattern::TextPattern;
use crate::time;

/// A condition on a field. An event without the field does not meet it, whatever the condition.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// As it was given.
    text: Box<str>,
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
        Ok(Self { text: condition.into(), field, test })
    }

    /// Returns it as it was given.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The field that it is about.
    pub(super) fn field(&self) -> &Field {
        &self.field
    }

    /// Returns why it does not tell valid events apart, if the field never has such a value.
    pub(super) fn doubt(&self) -> Option<String> {
        let kinds = self.field.kinds();
        let is_any = |is: fn(&Kind) -> bool| !kinds.is_empty() && kinds.iter().all(is);
        let (text, name) = (&self.text, self.field.name());
        let is_boolean = is_any(|kind| matches!(kind, Kind::Boolean));
        let is_number = is_any(|kind| matches!(kind, Kind::Integer { .. }));
        let (what, verb, remedy) = match &self.test {
            Test::Is(literal) | Test::IsNot(literal) => {
                let is_possible = match literal.text.as_str() {
                    "null" => true,
                    value if is_boolean => matches!(value, "true" | "false"),
                    _ if is_number => literal.number.is_some_and(|number| is_within(number, &kinds)),
                    _ => true,
                };
                if is_possible {
                    return None;
                }
                let verb = if matches!(self.test, Test::Is(_)) { "no" } else { "every" };
                let meant = boolean(&literal.text).filter(|_| is_boolean);
                let operator = if verb == "no" { "=" } else { "!=" };
                (self.field.range(), verb, meant.map(|meant| format!("{name}{operator}{meant}")))
            }
            Test::Compare(_, Bound::Number(_)) if is_boolean => (self.field.range(), "no", None),
            Test::Compare(_, Bound::Time(_)) if is_boolean || is_number => (self.field.range(), "no", None),
            _ => return None,
        };
        let remedy = remedy.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        Some(format!("`{name}` is {what}, so {verb} valid event that has it meets `{text}`{remedy}"))
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

/// Returns whether a number is within the bounds of one of the kinds.
fn is_within(number: Number, kinds: &[Kind]) -> bool {
    let is_at_most = |one: Number, other: Number| one.compare(other).is_some_and(Ordering::is_le);
    let bound = |bound: u64| Number::parse(&bound.to_string());
    kinds.iter().any(|kind| match kind {
        Kind::Integer { minimum, maximum, .. } => {
            bound(*minimum).is_none_or(|minimum| is_at_most(minimum, number))
                && bound(*maximum).is_none_or(|maximum| is_at_most(number, maximum))
        }
        _ => true,
    })
}

/// Returns the boolean that people mean by a word.
fn boolean(word: &str) -> Option<&'static str> {
    let is_one_of = |words: &[&str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    if is_one_of(&["true", "yes", "1", "t", "y", "on"]) {
        return Some("true");
    }
    is_one_of(&["false", "no", "0", "f", "n", "off"]).then_some("false")
}

fn bound(condition: &str, value: &str) -> Result<Bound, String> {
    if let Some(number) = Number::parse(value) {
        return Ok(Bound::Number(number));
    }
    time::parse_micros(value).map(Bound::Time).map_err(|_| {
        format!("`{condition}` compares with `{value}`, which is neither a number nor a time; use `=`, `!=` or `~` for text")
    })
}
