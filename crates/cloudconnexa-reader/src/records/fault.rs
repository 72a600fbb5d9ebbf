//! What can be wrong around records.

use std::fmt;

/// What is wrong around records, or with the length of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FramingFault {
    /// A comma of an array with no element after it.
    TrailingComma,
    /// A comma of an array with no element before it.
    LeadingComma,
    /// An element of an array that starts with this bracket, without a comma before it.
    NoComma(char),
    /// Any other text after an element of an array.
    UnexpectedText,
    /// The input ends within an array.
    ArrayNotClosed,
    /// Text after an array.
    AfterArray,
    /// Two records on one line.
    NoLineEnd,
    /// A record of more than `limit` bytes.
    TooLong {
        /// The longest record that is allowed, in bytes.
        limit: u64,
    },
}

impl fmt::Display for FramingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TrailingComma => f.write_str("expected an event after the comma, found `]`"),
            Self::LeadingComma => f.write_str("expected an event, found `,`"),
            Self::NoComma(bracket) => {
                write!(f, "expected `,` or `]` after an event of the array, found `{bracket}`")
            }
            Self::UnexpectedText => {
                f.write_str("expected `,` or `]` after an event of the array, found other text")
            }
            Self::ArrayNotClosed => f.write_str("the array of events is not closed"),
            Self::AfterArray => f.write_str("expected the end of the input after the array of events"),
            Self::NoLineEnd => f.write_str("expected a line end between two events, found `{`"),
            Self::TooLong { limit } => write!(f, "the record is longer than {limit} bytes"),
        }
    }
}
