//! What can be wrong around records.

use std::fmt;

use super::separator::Separator;

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
    /// An array after an array, as where each line holds one.
    SecondArray,
    /// Two records on one line, with nothing between them.
    NoLineEnd,
    /// Two records that are separated by something else than a line end, or by more than one.
    Separator(Separator),
    /// NUL bytes, which belong to no record.
    Nul {
        /// How many there are in a row.
        length: u64,
    },
    /// A byte order mark after the start of the input.
    ByteOrderMark,
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
            Self::SecondArray => {
                f.write_str("expected the end of the input after the array of events, found another array")
            }
            Self::NoLineEnd => f.write_str("expected a line end between two events, found `{`"),
            Self::Separator(separator) => separated_by(f, *separator),
            Self::Nul { length: 1 } => f.write_str("a NUL byte outside of events"),
            Self::Nul { length } => write!(f, "{length} NUL bytes in a row"),
            Self::ByteOrderMark => f.write_str("a byte order mark after the start of the input"),
            Self::TooLong { limit } => write!(f, "the record is longer than {limit} bytes"),
        }
    }
}

fn separated_by(f: &mut fmt::Formatter<'_>, separator: Separator) -> fmt::Result {
    let found = match separator {
        Separator::Blank => "only white space",
        Separator::CarriageReturn => "a carriage return without a line feed",
        Separator::Comma => "`,`",
        Separator::Semicolon => "`;`",
        Separator::EscapedLineEnd => "a line end written as `\\n`",
        Separator::Character(character) => {
            let code = u32::from(character);
            return write!(f, "expected only a line end between two events, found U+{code:04X}");
        }
    };
    match separator {
        Separator::Blank => write!(f, "expected a line end between two events, found {found}"),
        _ => write!(f, "expected only a line end between two events, found {found}"),
    }
}
