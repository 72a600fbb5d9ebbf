//! A JSON text together with its value, and where in the text each node is.

mod scan;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::error::SchemaError;
use crate::json::Json;
use crate::pointer;
use scan::{Entered, Scanner};

/// A JSON text, and the value that it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    text: String,
    root: Json,
}

/// Where a node is in the text of a [`Document`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// The line of the value, from 1.
    pub line: usize,
    /// The column at which the value starts, in characters, from 1.
    pub column: usize,
    /// The bytes of the key with its quotes; `None` for the root and for elements of arrays.
    pub key: Option<Range<usize>>,
    /// The bytes of the value.
    pub value: Range<usize>,
}

impl Document {
    /// Parses a JSON text.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`SchemaErrorKind::Json`](crate::SchemaErrorKind::Json) if `text` is not JSON, or if an object
    /// in it has duplicate keys.
    pub fn parse(text: impl Into<String>) -> Result<Self, SchemaError> {
        let text = text.into();
        let root = Json::parse(&text).map_err(|error| SchemaError::json(&error))?;
        Ok(Self { text, root })
    }

    /// Returns the text as it was parsed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the value that the text holds.
    #[must_use]
    pub fn root(&self) -> &Json {
        &self.root
    }

    /// Returns where the node at a JSON Pointer is, or `None` if there is no such node.
    ///
    /// Scans the text up to the node: meant for the few nodes that a message is about.
    ///
    /// ```
    /// use cloudconnexa_schema::Document;
    ///
    /// let document = Document::parse("{\n  \"maximum\": 65535\n}")?;
    /// let location = document.locate("/maximum").expect("the key is there");
    /// assert_eq!((location.line, location.column), (2, 14));
    /// assert_eq!(&document.text()[location.value], "65535");
    /// assert_eq!(document.locate("/minimum"), None);
    /// # Ok::<(), cloudconnexa_schema::SchemaError>(())
    /// ```
    #[must_use]
    pub fn locate(&self, pointer: &str) -> Option<Location> {
        let mut scanner = Scanner::new(&self.text);
        let mut key = None;
        for part in pointer.split('/').skip(1) {
            key = match scanner.enter(&pointer::unescape(part))? {
                Entered::Member(key) => Some(key),
                Entered::Element => None,
            };
        }
        let value = scanner.value();
        let before = &self.text[..value.start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Some(Location {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            key,
            value,
        })
    }

    /// Returns where the node at a JSON Pointer is or, if it is missing, the closest node around it that exists.
    ///
    /// Messages about a missing keyword point at the object that lacks it.
    #[must_use]
    pub fn locate_nearest(&self, pointer: &str) -> Option<Location> {
        std::iter::successors(Some(pointer), |pointer| pointer::parent(pointer))
            .find_map(|pointer| self.locate(pointer))
    }
}
