//! Why an input stands for nothing that can be read.

use std::fmt;
use std::path::PathBuf;

/// An input that was named and stands for nothing that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceError {
    /// It is not a valid glob pattern.
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The pattern matches no file.
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// The pattern matches symbolic links alone, which are not followed.
    OnlyLinks {
        /// The pattern.
        pattern: String,
    },
    /// A file or folder cannot be read.
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A folder or bucket prefix has nothing in it that is named like a log.
    NoLogs {
        /// The folder or address.
        input: String,
        /// How many others there are.
        others: u64,
        /// Whether it is a bucket.
        is_bucket: bool,
    },
    /// No folder of a bucket has this name, but keys start with it.
    NotAFolder {
        /// The address, without a slash at its end.
        address: String,
    },
    /// It looks like an address, but is a path.
    Misspelt {
        /// The input.
        input: String,
        /// The address that may be meant.
        address: String,
    },
    /// A bucket cannot be listed.
    List {
        /// Its address.
        address: String,
        /// Why.
        reason: String,
    },
    /// An address cannot be used.
    Address {
        /// Why; names the address.
        reason: String,
    },
    /// An address, in a build without the feature `s3`.
    NotSupported {
        /// The scheme of the address.
        scheme: String,
    },
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pattern { pattern, reason } => {
                write!(f, "cannot use `{pattern}` as a pattern: {reason}")?;
                write_slashes(f, pattern)
            }
            Self::NoMatch { pattern } => {
                write!(f, "nothing matches `{pattern}`")?;
                write_slashes(f, pattern)
            }
            Self::OnlyLinks { pattern } => {
                write!(f, "nothing matches `{pattern}` but symbolic links, which are not followed")
            }
            Self::Unreadable { path, reason } => write!(f, "cannot read `{}`: {reason}", path.display()),
            Self::NoLogs { input, others, is_bucket } => {
                write!(
                    f,
                    "no logs in `{input}`: looked for .json, .jsonl and .ndjson, each also with .gz; "
                )?;
                let noun = if *is_bucket { "object" } else { "file" };
                match others {
                    0 if *is_bucket => {
                        f.write_str("there are no objects")?;
                        write_decoded(f, input)
                    }
                    0 => f.write_str("it holds no files"),
                    1 => write!(f, "1 other {noun} left out"),
                    others => write!(f, "{others} other {noun}s left out"),
                }
            }
            Self::NotAFolder { address } => write!(
                f,
                "there is no folder `{address}/`, but there are objects whose addresses start with `{address}`; add a `*` \
                 to read them: `{address}*`"
            ),
            Self::Misspelt { input, address } => {
                write!(f, "cannot read `{input}`: there is no such file; did you mean `{address}`?")
            }
            Self::List { address, reason } => write!(f, "cannot list `{address}`: {reason}"),
            Self::Address { reason } => f.write_str(reason),
            Self::NotSupported { scheme } => {
                write!(f, "cannot read `{scheme}://`: this program was built without its feature `s3`")
            }
        }
    }
}

/// Says how a pattern of Windows is written, where `\` is a character like any other.
fn write_slashes(f: &mut fmt::Formatter<'_>, pattern: &str) -> fmt::Result {
    match with_slashes(pattern) {
        Some(meant) => write!(f, "; folders are separated by `/`, as in `{meant}`"),
        None => Ok(()),
    }
}

/// Returns a pattern with `/` in place of each `\`, if it has one and that does not separate folders on this system.
#[must_use]
pub fn with_slashes(pattern: &str) -> Option<String> {
    (pattern.contains('\\') && !std::path::is_separator('\\')).then(|| pattern.replace('\\', "/"))
}

/// Says that keys of notifications are encoded, if what was not found may be one.
pub(crate) fn write_decoded(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    match decoded(name) {
        Some(meant) => {
            write!(f, "; keys in S3 notifications are URL-encoded: if this is one, its object is `{meant}`")
        }
        None => Ok(()),
    }
}

/// Returns the name of the object if the key in `name` is encoded as in notifications of S3: `+` is a space, and `%2B` a plus
/// sign. A file has no such name unless it has an escape.
fn decoded(name: &str) -> Option<String> {
    let (start, key) = match name.strip_prefix("s3://") {
        Some(rest) => name.split_at("s3://".len() + rest.find('/')?),
        None if is_web(name) => return None,
        None => ("", name),
    };
    let mut bytes = Vec::with_capacity(key.len());
    let mut has_escapes = false;
    let mut parts = key.split('%');
    let literal = |part: &str| part.replace('+', " ").into_bytes();
    bytes.extend(literal(parts.next()?));
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        // Whoever encodes a key encodes each percent sign.
        // A number may have a sign, but an escape has none.
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?);
        bytes.extend(literal(rest));
        has_escapes = true;
    }
    let decoded = String::from_utf8(bytes).ok().filter(|decoded| !decoded.contains(char::is_control))?;
    (has_escapes || !start.is_empty() && decoded != key).then(|| format!("{start}{decoded}"))
}

fn is_web(name: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| name.starts_with(scheme))
}

impl std::error::Error for SourceError {}

#[cfg(test)]
mod tests;
