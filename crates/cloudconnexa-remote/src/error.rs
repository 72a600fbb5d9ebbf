//! Why an object or a list of objects could not be had, in words that say what to do.

use std::error::Error as Cause;
use std::fmt;
use std::sync::Arc;

/// Why something could not be read: a lower-case fragment with the remedy, without the name of what was read.
#[derive(Clone, Debug)]
pub struct Error {
    text: Arc<str>,
    kind: Kind,
}

/// What it depends on whether another attempt makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// There is none such.
    Gone,
    /// It is not what it was.
    Changed,
    /// It may work another time.
    Passing,
    /// It will not work.
    Lasting,
}

const REGION: &str = "the bucket is in another region; name that with `--region`";

const NO_CREDENTIALS: &str = "there are no credentials: no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, no profile with keys, no \
     web identity, and this is no machine of AWS that has a role; sign in, or set AWS_SKIP_SIGNATURE=true for a bucket \
     that is open to all";

/// Refusals of S3 that have a remedy.
const CODES: &[(&str, &str)] = &[
    (
        "InvalidAccessKeyId",
        "the access key is not known there; check AWS_ACCESS_KEY_ID, and AWS_ENDPOINT_URL if it is no AWS bucket",
    ),
    ("SignatureDoesNotMatch", "the secret key does not fit the access key; check AWS_SECRET_ACCESS_KEY"),
    ("InvalidToken", "the session token is not valid; check AWS_SESSION_TOKEN, or sign in again"),
    ("ExpiredToken", "the session has expired; sign in again"),
    ("RequestTimeTooSkewed", "the clock of this machine is wrong; set it"),
    ("NoSuchBucket", "there is no such bucket; check its name, and `--endpoint-url` if it is no AWS bucket"),
    ("NoSuchKey", "there is no such object; it may have been deleted since it was listed"),
    (
        "AccessDenied",
        "access is denied; it takes the permissions s3:ListBucket on the bucket and s3:GetObject on its objects",
    ),
    ("PermanentRedirect", REGION),
    ("AuthorizationHeaderMalformed", REGION),
    ("InvalidObjectState", "the object is archived; restore it first"),
    ("SlowDown", "the server wants fewer requests; lower `--objects-at-once`, or try again later"),
];

impl Error {
    /// Something that another attempt won't change.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self::of(Kind::Lasting, text)
    }

    pub(crate) fn of(kind: Kind, text: impl Into<String>) -> Self {
        Self { text: one_line(text.into()).into(), kind }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether what was asked for does not exist.
    pub fn is_not_found(&self) -> bool {
        self.kind == Kind::Gone
    }

    /// The same, with more said.
    pub(crate) fn with(&self, more: &str) -> Self {
        Self { text: format!("{}{more}", self.text).into(), kind: self.kind }
    }
}

/// Keys and answers of servers may have line ends and other control characters in them: they are told, and do nothing.
fn one_line(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let told = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(told).collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Cause for Error {}

impl From<object_store::Error> for Error {
    /// What was refused is told by its text alone: the types are private.
    fn from(error: object_store::Error) -> Self {
        let kind = match &error {
            object_store::Error::NotFound { .. } => Kind::Gone,
            object_store::Error::Precondition { .. } => return Self::changed(),
            _ => Kind::Lasting,
        };
        let whole = error.to_string();
        if ["http://169.254.169.254", "/latest/api/token"].iter().any(|part| whole.contains(part)) {
            return Self::new(NO_CREDENTIALS);
        }
        let texts: Vec<_> = causes(&error).iter().map(ToString::to_string).collect();
        let deepest = texts.last().map(String::as_str).unwrap_or_default();
        if whole.contains("redirect without LOCATION") {
            return Self::new(REGION);
        }
        for text in &texts {
            let answer = text.strip_prefix("Server returned non-2xx status code: ");
            let answer = answer.or_else(|| text.strip_prefix("Server returned error response: "));
            if let Some(answer) = answer {
                let status = answer.get(..3).and_then(|status| status.parse().ok());
                return Self::refused(kind, status.unwrap_or(0), answer);
            }
        }
        // What failed after all attempts does not pass; an answer that broke off was not asked for again yet.
        let was_tried = texts.iter().any(|text| text.starts_with("Error performing "));
        let kind = if was_tried || kind != Kind::Lasting { kind } else { Kind::Passing };
        Self::of(kind, plain(deepest))
    }
}

impl Error {
    /// It was replaced while it was read.
    pub(crate) fn changed() -> Self {
        Self::of(Kind::Changed, "the object was replaced while it was read; read it again")
    }

    /// What a server answered instead of what was asked for.
    fn refused(kind: Kind, status: u16, body: &str) -> Self {
        let code = element(body, "Code").unwrap_or_default();
        if let Some((_, remedy)) = CODES.iter().find(|(known, _)| *known == code) {
            return Self::of(kind, format!("{remedy} ({status} {code})"));
        }
        Self::status(status, &[code, element(body, "Message").unwrap_or_default()].join(" "))
    }

    /// A status that tells of a failure.
    pub(crate) fn status(status: u16, more: &str) -> Self {
        let more = plain(more.trim());
        let more = if more.is_empty() { String::new() } else { format!(": {more}") };
        match status {
            404 | 410 => Self::of(Kind::Gone, format!("there is no such object ({status}){more}")),
            412 => Self::changed(),
            401 | 403 => Self::new(format!(
                "access is denied ({status}){more}; check the credentials, and that they may read this"
            )),
            408 | 429 | 500..=599 => Self::of(
                Kind::Passing,
                format!("the server answers {status}, again and again{more}; try again later"),
            ),
            _ => Self::new(format!("the server answers {status}{more}")),
        }
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        let lasting = error.is_builder() || error.is_redirect();
        let kind = if lasting { Kind::Lasting } else { Kind::Passing };
        // The address may hold a secret.
        Self::of(kind, plain(&deepest(&error.without_url())))
    }
}

/// What it comes of, and what that comes of.
fn causes<'a>(error: &'a (dyn Cause + 'static)) -> Vec<&'a (dyn Cause + 'static)> {
    let mut causes = vec![error];
    let mut last = error;
    while let Some(cause) = last.source() {
        causes.push(cause);
        last = cause;
    }
    causes
}

/// What is at the bottom of it.
fn deepest(error: &(dyn Cause + 'static)) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}

/// On one line, not too long: servers answer with whole pages.
fn plain(text: &str) -> String {
    let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = words.char_indices().nth(300) {
        words.truncate(cut);
        words.push('…');
    }
    words
}

/// The text of the first XML element of this name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}
