//! Patterns for text: `*` and `?`, ignoring case.
//!
//! Those for paths, in `globs.rs`, treat `/` in a special way, which is not special in names and user agents.

/// A pattern for text. `*` matches any characters or none, and `?` one.
#[derive(Clone, Debug)]
pub(super) struct TextPattern(Vec<Token>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// In lower case.
    Char(char),
    AnyChar,
    AnySequence,
}

impl TextPattern {
    /// Reads a pattern. Any text is one.
    pub(super) fn new(text: &str) -> Self {
        let token = |c| match c {
            '*' => Token::AnySequence,
            '?' => Token::AnyChar,
            other => Token::Char(other),
        };
        Self(lower_case(text).map(token).collect())
    }

    /// Returns whether it matches all of `text`, whatever the case.
    ///
    /// It takes time proportional to the length of the text times that of the pattern, whatever the pattern: only the last
    /// `*` ever has to try more characters, as those before it have found the first place that they can end at.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut rest = lower_case(text);
        let mut index = 0;
        let mut retry = None;
        loop {
            if self.0.get(index) == Some(&Token::AnySequence) {
                index += 1;
                retry = Some((index, rest.clone()));
                continue;
            }
            let next = rest.next();
            match (next, self.0.get(index)) {
                (None, None) => return true,
                (None, Some(_)) => return false,
                (Some(_), Some(Token::AnyChar)) => index += 1,
                (Some(c), Some(Token::Char(expected))) if c == *expected => index += 1,
                _ => {
                    let Some((after, from)) = &mut retry else { return false };
                    from.next();
                    (index, rest) = (*after, from.clone());
                }
            }
        }
    }
}

fn lower_case(text: &str) -> impl Iterator<Item = char> + Clone {
    text.chars().flat_map(char::to_lowercase)
}
