//! The canonical form of JSON: equal for texts that mean the same value, to the last digit.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Returns the canonical form of a JSON text: without white space, keys sorted, strings with as few escapes as possible, and
/// numbers as an integer without trailing zeros and a power of ten. What is not JSON is returned as it is.
pub(crate) fn canonical(json: &str) -> Cow<'_, str> {
    // The usual values need no work. A number such as `1e2` or `10` is the same as others.
    if matches!(json, "true" | "false" | "null") || is_plain_string(json) {
        return Cow::Borrowed(json);
    }
    let mut reader = Reader { rest: json };
    let mut text = String::with_capacity(json.len());
    match reader.value(&mut text) {
        Some(()) if reader.peek().is_none() => Cow::Owned(text),
        _ => Cow::Borrowed(json),
    }
}

fn is_plain_string(json: &str) -> bool {
    let inside = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.is_some_and(|inside| !inside.bytes().any(|byte| matches!(byte, b'"' | b'\\') || byte < b' '))
}

/// Reads JSON that has been checked before, so that recursion is bounded.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Returns the next byte after white space.
    fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.rest.bytes().next()
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn value(&mut self, text: &mut String) -> Option<()> {
        match self.peek()? {
            b'"' => text.push_str(&self.string()?),
            b'[' => self.array(text)?,
            b'{' => self.object(text)?,
            _ => {
                let end = self.rest.find([',', ']', '}', ' ', '\t', '\n', '\r']);
                let token = self.take(end.unwrap_or(self.rest.len()))?;
                match token {
                    "true" | "false" | "null" => text.push_str(token),
                    number => push_number(number, text)?,
                }
            }
        }
        Some(())
    }

    /// Returns the next string in its canonical form.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        let mut bytes = self.rest.bytes().enumerate().skip(1);
        let end = loop {
            match bytes.next()? {
                (at, b'"') => break at + 1,
                (_, b'\\') => _ = bytes.next()?,
                _ => {}
            }
        };
        let quoted = self.take(end)?;
        if is_plain_string(quoted) {
            return Some(Cow::Borrowed(quoted));
        }
        let value: String = serde_json::from_str(quoted).ok()?;
        Some(Cow::Owned(serde_json::Value::from(value).to_string()))
    }

    fn array(&mut self, text: &mut String) -> Option<()> {
        self.take(1)?;
        text.push('[');
        if self.peek()? != b']' {
            loop {
                self.value(text)?;
                match self.peek()? {
                    b',' => text.push_str(self.take(1)?),
                    _ => break,
                }
            }
        }
        text.push_str(self.take(1)?);
        Some(())
    }

    fn object(&mut self, text: &mut String) -> Option<()> {
        self.take(1)?;
        let mut entries = BTreeMap::new();
        while self.peek()? != b'}' {
            if self.peek()? == b',' {
                self.take(1)?;
                self.peek()?;
            }
            let key = self.string()?;
            self.peek()?;
            self.take(1)?;
            let mut value = String::new();
            self.value(&mut value)?;
            entries.insert(key, value);
        }
        self.take(1)?;
        text.push('{');
        for (index, (key, value)) in entries.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let _ = write!(text, "{comma}{key}:{value}");
        }
        text.push('}');
        Some(())
    }
}

/// Appends a number as an integer and a power of ten: `-150e-2` for `-1.50`.
fn push_number(number: &str, text: &mut String) -> Option<()> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_end_matches('0');
    let zeros = digits.len() - significant.len();
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        text.push('0');
        return Some(());
    }
    // Far beyond what any number has; those that are equal after rounding have more digits than fit into memory.
    let exponent: i128 =
        exponent.parse().unwrap_or(if exponent.starts_with('-') { i128::MIN / 2 } else { i128::MAX / 2 });
    let exponent = exponent + zeros as i128 - fraction.len() as i128;
    let _ = write!(text, "{sign}{significant}e{exponent}");
    Some(())
}
