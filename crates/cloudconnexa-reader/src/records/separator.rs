//! Finds what separates two values where a line end should, by looking a bounded number of bytes ahead.

/// The longest run of white space and separators that is looked at, in bytes. After more of them, text is not recognized as
/// another value.
const MAX_RUN: usize = 64;

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Stands for a line end between two events, where only a line end belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Separator {
    /// White space on one line.
    Blank,
    /// CR without LF.
    CarriageReturn,
    /// A comma, also one before or after a line end.
    Comma,
    /// A semicolon, also one before or after a line end.
    Semicolon,
    /// A backslash and the letter `n` or `r`, as in the inside of a string.
    EscapedLineEnd,
    /// Another character: a line separator of Unicode, or a control character such as the record separator.
    Character(char),
}

impl Separator {
    /// Whether it means nothing between the lines of a text, so that it is wrong only between two events on one line.
    fn is_white_space(self) -> bool {
        matches!(self, Self::Blank | Self::CarriageReturn)
    }
}

/// White space and separators in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// How many bytes there are.
    pub(super) length: usize,
    /// What they are: the first that is not white space, if there is one, or else what is most unusual.
    pub(super) separator: Option<Separator>,
    pub(super) next: Next,
}

/// What follows a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A `{`.
    Value,
    /// The end of the line.
    LineEnd,
    /// The end of the input.
    End,
    /// A NUL byte, or a byte order mark.
    Filling,
    /// Any other byte.
    Other,
    /// The next bytes decide.
    Unknown,
}

impl Run {
    /// Returns the run at the start of `text`. More bytes may follow if it `is_open`.
    pub(super) fn at_start(text: &[u8], is_open: bool) -> Self {
        let mut run = Self { length: 0, separator: None, next: Next::Other };
        while run.length <= MAX_RUN {
            let rest = &text[run.length..];
            match Token::first(rest, is_open) {
                Token::Separator(separator, length) => {
                    run.length += length;
                    if run
                        .separator
                        .is_none_or(|known| known.is_white_space() && separator != Separator::Blank)
                    {
                        run.separator = Some(separator);
                    }
                }
                Token::Next(next) => {
                    run.next = next;
                    break;
                }
            }
        }
        run
    }

    /// Whether it has more than white space.
    pub(super) fn is_visible(&self) -> bool {
        self.separator.is_some_and(|separator| !separator.is_white_space())
    }
}

/// A part of a run, or what follows it.
enum Token {
    Separator(Separator, usize),
    Next(Next),
}

impl Token {
    fn first(text: &[u8], is_open: bool) -> Self {
        const CHARACTERS: [char; 6] = ['\x0b', '\x0c', '\x1e', '\u{85}', '\u{2028}', '\u{2029}'];
        let is_cut = |whole: &[u8]| is_open && text.len() < whole.len() && whole.starts_with(text);
        match text {
            [] => Self::Next(if is_open { Next::Unknown } else { Next::End }),
            [b'\n', ..] => Self::Next(Next::LineEnd),
            [b' ' | b'\t', ..] | [b'\r', b'\n', ..] => Self::Separator(Separator::Blank, 1),
            [b'\r' | b'\\'] if is_open => Self::Next(Next::Unknown),
            [b'\r', ..] => Self::Separator(Separator::CarriageReturn, 1),
            [b',', ..] => Self::Separator(Separator::Comma, 1),
            [b';', ..] => Self::Separator(Separator::Semicolon, 1),
            [b'\\', b'n' | b'r', ..] => Self::Separator(Separator::EscapedLineEnd, 2),
            [b'{', ..] => Self::Next(Next::Value),
            [0, ..] | [0xef, 0xbb, 0xbf, ..] => Self::Next(Next::Filling),
            _ if is_cut(BYTE_ORDER_MARK) => Self::Next(Next::Unknown),
            _ => {
                for character in CHARACTERS {
                    let mut buffer = [0; 4];
                    let bytes = character.encode_utf8(&mut buffer).as_bytes();
                    if text.starts_with(bytes) {
                        return Self::Separator(Separator::Character(character), bytes.len());
                    }
                    if is_cut(bytes) {
                        return Self::Next(Next::Unknown);
                    }
                }
                Self::Next(Next::Other)
            }
        }
    }
}

/// Returns whether a run of separators that are not white space may start with this byte.
pub(super) fn may_start(byte: u8) -> bool {
    matches!(byte, b',' | b';' | b'\\' | 0x0b | 0x0c | 0x1e | 0xc2 | 0xe2)
}

#[cfg(test)]
mod tests {
    use super::{MAX_RUN, Next, Run, Separator, may_start};

    fn run(text: &[u8]) -> (usize, Option<Separator>, Next) {
        let Run { length, separator, next } = Run::at_start(text, false);
        (length, separator, next)
    }

    #[test]
    fn a_run_is_named_after_what_is_no_white_space() {
        for (text, length, separator, next) in [
            (&b"{"[..], 0, None, Next::Value),
            (b" \t{", 2, Some(Separator::Blank), Next::Value),
            (b" \r{", 2, Some(Separator::CarriageReturn), Next::Value),
            (b"\r , ;{", 5, Some(Separator::Comma), Next::Value),
            (b"\\r\\n{", 4, Some(Separator::EscapedLineEnd), Next::Value),
            (b"\xe2\x80\xa8 ,{", 5, Some(Separator::Character('\u{2028}')), Next::Value),
            (b" \r\n", 2, Some(Separator::Blank), Next::LineEnd),
            (b",\n", 1, Some(Separator::Comma), Next::LineEnd),
            (b",", 1, Some(Separator::Comma), Next::End),
            (b",\0", 1, Some(Separator::Comma), Next::Filling),
            (b"\xef\xbb\xbf", 0, None, Next::Filling),
            (b" x", 1, Some(Separator::Blank), Next::Other),
            (b"\\t", 0, None, Next::Other),
            (b"\xe2\x80\xa7", 0, None, Next::Other),
            (b"[", 0, None, Next::Other),
        ] {
            assert_eq!(run(text), (length, separator, next), "{text:?}");
        }
    }

    #[test]
    fn nothing_is_decided_before_the_bytes_are_there() {
        for text in [&b""[..], b" ", b",\r", b"\\", b"\xe2", b"\xe2\x80", b"\xc2", b"\xef", b" \xef\xbb"] {
            assert_eq!(Run::at_start(text, true).next, Next::Unknown, "{text:?}");
            assert_ne!(Run::at_start(text, false).next, Next::Unknown, "{text:?}");
        }
        let long = [b' '; MAX_RUN + 1];
        assert_eq!(Run::at_start(&long, true).next, Next::Other);
        assert_eq!(Run::at_start(&long[1..], true).next, Next::Unknown);
    }

    #[test]
    fn each_separator_has_its_first_byte_in_the_list() {
        for byte in 0..=u8::MAX {
            let is_visible = [&b""[..], b"n", b"\x85", b"\x80\xa8"].iter().any(|rest| {
                let text = [&[byte], *rest].concat();
                Run::at_start(&text, false).is_visible() && !byte.is_ascii_whitespace()
            });
            assert!(!is_visible || may_start(byte), "{byte:#x}");
        }
    }
}
