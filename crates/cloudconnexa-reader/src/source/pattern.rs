//! Glob patterns over paths and keys.

#[cfg(test)]
mod tests;

use std::path::{Path, is_separator};

use super::SourceError;

/// A glob pattern. `*` stays within a folder, and what lies below a match is matched as well.
///
/// Matching takes time proportional to the length of the path times that of the pattern, whatever the pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    tokens: Tokens,
}

impl Pattern {
    /// Reads a relative pattern.
    ///
    /// # Errors
    ///
    /// If it is absolute, or not a pattern.
    pub fn new(text: &str) -> Result<Self, SourceError> {
        let error =
            |reason: &str| SourceError::Pattern { pattern: text.to_owned(), reason: reason.to_owned() };
        if Path::new(text).is_absolute() {
            let relative = text.trim_start_matches('/');
            return Err(error(&format!("it must be relative, such as `{relative}`")));
        }
        let plain = text.strip_prefix("./").unwrap_or(text);
        let plain = plain.strip_suffix('/').unwrap_or(plain);
        let tokens = Tokens::parse(plain).map_err(error)?;
        Ok(Self { text: plain.to_owned(), tokens })
    }

    /// The pattern as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches `path`, which has `/` between folders, or a folder above it.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.tokens.matches(path, Extent::WholeOrFolder)
    }
}

/// What of a path has to match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Whole,
    /// All of it, or all that comes before one of its `/`.
    WholeOrFolder,
}

/// The parsed text of a pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tokens(Vec<Token>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    /// `?`: any character but a separator.
    AnyChar,
    /// `*`: any characters but separators.
    AnySequence,
    /// `**/`: any folders, or none. `**` at the end: anything.
    AnyFolders,
    /// `[…]` and `[!…]`: a character in one of these ranges, or in none of them, but never a separator.
    Class {
        ranges: Vec<(char, char)>,
        is_negated: bool,
    },
}

const WILDCARDS: &str = "wildcards are either regular `*` or recursive `**`";
const RECURSIVE: &str = "recursive wildcards must form a single path component";
const RANGE: &str = "invalid range pattern";

impl Tokens {
    /// Reads a pattern.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let chars: Vec<char> = text.chars().collect();
        let mut tokens = Vec::new();
        let mut index = 0;
        while let Some(&char) = chars.get(index) {
            index += match char {
                '?' => {
                    tokens.push(Token::AnyChar);
                    1
                }
                '*' => {
                    let (token, length) = wildcard(&chars, index)?;
                    tokens.push(token);
                    length
                }
                '[' => {
                    let (token, length) = class(&chars[index..]).ok_or(RANGE)?;
                    tokens.push(token);
                    length
                }
                other => {
                    tokens.push(Token::Char(other));
                    1
                }
            };
        }
        Ok(Self(tokens))
    }

    /// Whether it starts with this character, other than by a wildcard.
    pub(super) fn starts_with(&self, char: char) -> bool {
        self.0.first() == Some(&Token::Char(char))
    }

    /// Whether there is a wildcard or a class in it.
    pub(super) fn is_literal(&self) -> bool {
        self.0.iter().all(|token| matches!(token, Token::Char(_)))
    }

    /// Whether it is `**`.
    pub(super) fn is_recursive(&self) -> bool {
        self.0 == [Token::AnyFolders]
    }

    /// Whether it matches `path`.
    ///
    /// Follows all ways to match at once, as a set of the tokens that may come next: there are never more than tokens,
    /// where backtracking could try exponentially many ways one after another.
    pub(super) fn matches(&self, path: &str, extent: Extent) -> bool {
        let end = self.0.len();
        // Whether each token, and the end of the pattern, may come next.
        let (mut here, mut next) = (vec![false; end + 1], vec![false; end + 1]);
        here[0] = true;
        let mut at_start = true;
        for char in path.chars() {
            self.skip_wildcards(&mut here, at_start);
            let separator = is_separator(char);
            if char == '/' && extent == Extent::WholeOrFolder && self.is_end(&here, end) {
                return true;
            }
            next.fill(false);
            for (index, token) in self.0.iter().enumerate().filter(|(index, _)| here[*index]) {
                match token {
                    Token::AnyFolders => next[index] = true,
                    Token::AnySequence => next[index] |= !separator,
                    Token::AnyChar => next[index + 1] |= !separator,
                    Token::Char(expected) => next[index + 1] |= is_same(char, *expected),
                    Token::Class { ranges, is_negated } => {
                        let is_within = ranges.iter().any(|&(low, high)| (low..=high).contains(&char));
                        next[index + 1] |= !separator && is_within != *is_negated;
                    }
                }
            }
            std::mem::swap(&mut here, &mut next);
            if !here.contains(&true) {
                return false;
            }
            at_start = separator;
        }
        self.skip_wildcards(&mut here, at_start);
        self.is_end(&here, end)
    }

    /// Adds what may follow a wildcard that matches nothing more. Folders end with a separator.
    fn skip_wildcards(&self, here: &mut [bool], at_start: bool) {
        for (index, token) in self.0.iter().enumerate() {
            let may_end = match token {
                Token::AnySequence => true,
                Token::AnyFolders => at_start,
                _ => false,
            };
            here[index + 1] |= here[index] && may_end;
        }
    }

    /// Whether the path may end here.
    fn is_end(&self, here: &[bool], end: usize) -> bool {
        // A `**` at the end also matches a file.
        here[end] || self.0.last() == Some(&Token::AnyFolders) && here[end - 1]
    }
}

/// Reads the wildcard at `start`. Returns how many characters it has.
fn wildcard(chars: &[char], start: usize) -> Result<(Token, usize), &'static str> {
    let count = chars[start..].iter().take_while(|char| **char == '*').count();
    let after = chars.get(start + count).copied();
    match count {
        1 => Ok((Token::AnySequence, 1)),
        2 if start > 0 && !is_separator(chars[start - 1]) => Err(RECURSIVE),
        2 => match after {
            None => Ok((Token::AnyFolders, 2)),
            Some(after) if is_separator(after) => Ok((Token::AnyFolders, 3)),
            Some(_) => Err(RECURSIVE),
        },
        _ => Err(WILDCARDS),
    }
}

/// Reads the class that `chars` start with. Returns how many characters it has. A `]` that comes first is part of it.
fn class(chars: &[char]) -> Option<(Token, usize)> {
    let is_negated = chars.get(1) == Some(&'!');
    let start = if is_negated { 2 } else { 1 };
    let end = start + 1 + chars.get(start + 1..)?.iter().position(|char| *char == ']')?;
    let (mut ranges, mut rest) = (Vec::new(), &chars[start..end]);
    while let [first, tail @ ..] = rest {
        if let ['-', last, tail @ ..] = tail {
            ranges.push((*first, *last));
            rest = tail;
        } else {
            ranges.push((*first, *first));
            rest = tail;
        }
    }
    Some((Token::Class { ranges, is_negated }, end + 1))
}

fn is_same(one: char, other: char) -> bool {
    one == other || is_separator(one) && is_separator(other)
}
