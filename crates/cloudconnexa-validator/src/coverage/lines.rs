//! Finds the line of the schema that describes a point.
//!
//! Lines are looked up in the built-in text rather than generated into tables, where each new line of the schema would
//! change hundreds of numbers.

use cloudconnexa_events::SCHEMA;

use super::plan::{Branch, EVENT_NAME, Point};
use cloudconnexa_tape::{Index, Tape};

/// Sets the line of each point.
pub(super) fn fill(points: &mut [Point]) {
    let Ok(tape) = Tape::parse(SCHEMA) else { return };
    let schema = Schema { tape };
    let ends: Vec<usize> = memchr::memchr_iter(b'\n', SCHEMA.as_bytes()).collect();
    for point in points {
        if let Some(index) = schema.index(point) {
            let start = schema.tape.range(index).start;
            point.line = ends.partition_point(|&end| end < start) as u64 + 1;
        }
    }
}

/// The text of the schema, parsed. The lint of `cloudconnexa-codegen` guarantees its structure.
struct Schema {
    tape: Tape<'static>,
}

impl Schema {
    /// The key, or the element of a list, that describes a point.
    fn index(&self, point: &Point) -> Option<Index> {
        let Some(field) = point.field else { return self.of_envelope(point) };
        let properties = self.value(self.object(point)?, "properties")?;
        let key = self.key(properties, field.name)?;
        match point.branch {
            Branch::Present | Branch::Absent => Some(key),
            branch => self.branch(key.value(), branch),
        }
    }

    /// The members that are not fields of the header or of a `log`: `eventName`, `log`, and unknown fields.
    fn of_envelope(&self, point: &Point) -> Option<Index> {
        if point.branch == Branch::UnknownField {
            return self.key(self.object(point)?, "properties");
        }
        let key = self.key(self.value(Index::ROOT, "properties")?, &point.pointer[1..])?;
        match point.branch {
            Branch::Present | Branch::Absent => Some(key),
            branch => self.branch(key.value(), branch),
        }
    }

    /// The definition of the object that a point is about: the header, or the `log` of its event.
    fn object(&self, point: &Point) -> Option<Index> {
        let mut chain = self.tape.elements(self.value(Index::ROOT, "allOf")?);
        let Some(event) = point.event else { return self.definition(chain.next()?) };
        let branch = chain.find(|&branch| {
            let name = self.path(branch, &["if", "properties", EVENT_NAME, "const"]);
            name.is_some_and(|name| self.tape.is_string(name, event.name))
        })?;
        self.definition(self.path(branch, &["then", "properties", "log"])?)
    }

    /// Returns the position in the schema where a node, or the definition that it refers to, describes a branch.
    fn branch(&self, node: Index, branch: Branch) -> Option<Index> {
        let node = self.definition(node).unwrap_or(node);
        match branch {
            Branch::Value(value) => match self.value(node, "enum") {
                Some(list) => self.element(list, value),
                None => self.among(node, "const", value),
            },
            Branch::Empty => self.among(node, "const", ""),
            Branch::Format(format) => self.among(node, "format", format),
            Branch::OtherValue => self
                .among(node, "type", "string")
                // Of a number.
                .or_else(|| self.key(node, "x-known-values")),
            Branch::Number(number) => self.number(node, number),
            Branch::Null => self.element(self.value(node, "type")?, "null"),
            Branch::NotNull => {
                let mut types = self.tape.elements(self.value(node, "type")?);
                types.find(|&name| !self.tape.is_string(name, "null"))
            }
            Branch::True | Branch::False => self.key(node, "type"),
            Branch::Present | Branch::Absent | Branch::UnknownField => None,
        }
    }

    /// Returns the position of a listed number, or of its nearest bound.
    fn number(&self, node: Index, number: u64) -> Option<Index> {
        let is = |value: Index| self.tape.raw(value).parse() == Ok(number);
        if let Some(known) = self.value(node, "x-known-values") {
            return self.tape.elements(known).find(|&value| is(value));
        }
        let maximum = self.key(node, "maximum")?;
        if is(maximum.value()) { Some(maximum) } else { self.key(node, "minimum") }
    }

    /// The key of `keyword` in the one of the `anyOf` of `node` where it has this value.
    fn among(&self, node: Index, keyword: &str, value: &str) -> Option<Index> {
        let mut branches = self.tape.elements(self.value(node, "anyOf")?);
        branches.find_map(|branch| {
            self.key(branch, keyword).filter(|key| self.tape.is_string(key.value(), value))
        })
    }

    fn element(&self, list: Index, value: &str) -> Option<Index> {
        self.tape.elements(list).find(|&element| self.tape.is_string(element, value))
    }

    /// Returns the definition that the `$ref` of a node refers to.
    fn definition(&self, node: Index) -> Option<Index> {
        let reference = self.tape.string(self.value(node, "$ref")?)?;
        self.path(Index::ROOT, &["$defs", reference.strip_prefix("#/$defs/")?])
    }

    fn path(&self, node: Index, names: &[&str]) -> Option<Index> {
        names.iter().try_fold(node, |node, name| self.value(node, name))
    }

    fn value(&self, object: Index, name: &str) -> Option<Index> {
        self.key(object, name).map(Index::value)
    }

    fn key(&self, object: Index, name: &str) -> Option<Index> {
        self.tape.members(object).map(|(key, _)| key).find(|&key| self.tape.is_string(key, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::points;

    #[test]
    fn each_point_has_its_line() {
        let schema = Schema { tape: Tape::parse(SCHEMA).unwrap() };
        let lines: Vec<&str> = SCHEMA.lines().collect();
        for point in points() {
            assert!(schema.index(point).is_some(), "{point:?}");
            let line = lines[usize::try_from(point.line).unwrap() - 1].trim();
            let name = point.pointer.rsplit('/').next().unwrap();
            let expected = match point.branch {
                Branch::Present | Branch::Absent => format!("\"{name}\": {{"),
                Branch::UnknownField => "\"properties\": {".to_owned(),
                Branch::Null => "\"null\"".to_owned(),
                Branch::NotNull => "\"string\",".to_owned(),
                Branch::True | Branch::False => "\"type\": \"boolean\",".to_owned(),
                Branch::Value(value) => {
                    assert!(line.contains(&format!("\"{value}\"")), "{point:?}: {line}");
                    continue;
                }
                Branch::OtherValue if line.starts_with("\"x-known-values\"") => continue,
                Branch::OtherValue => "\"type\": \"string\",".to_owned(),
                Branch::Format(format) => format!("\"format\": \"{format}\","),
                Branch::Empty => "\"const\": \"\",".to_owned(),
                Branch::Number(number) => {
                    let text = line.trim_end_matches(',').rsplit(' ').next().unwrap();
                    let bound: u64 = text.parse().unwrap();
                    assert!(bound == number || line.starts_with("\"minimum\"") && bound < number, "{line}");
                    continue;
                }
            };
            assert_eq!(line, expected, "{point:?}");
        }
    }
}
