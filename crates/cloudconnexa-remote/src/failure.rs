//! Failures of S3 and of HTTP as errors that name the remedy.

use std::error::Error as Cause;

use reqwest::Url;

use crate::error::{Error, ErrorKind};

const OTHER_REGION: &str = "the bucket is in another region; set it with `--region`";

const NO_CREDENTIALS: &str = "there are no credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, no profile has keys, there \
     is no web identity, and this is not an AWS machine with a role; sign in, or set AWS_SKIP_SIGNATURE=true for a \
     public bucket";

/// Error codes of S3 that have a remedy, with the message.
const CODES: &[(&str, &str)] = &[
    (
        "InvalidAccessKeyId",
        "the server does not know the access key; check AWS_ACCESS_KEY_ID, and AWS_ENDPOINT_URL if it is not an AWS bucket",
    ),
    ("SignatureDoesNotMatch", "the secret key does not match the access key; check AWS_SECRET_ACCESS_KEY"),
    ("InvalidToken", "the session token is not valid; check AWS_SESSION_TOKEN, or sign in again"),
    ("ExpiredToken", "the session has expired; sign in again"),
    ("RequestTimeTooSkewed", "the clock of this machine is wrong; set it"),
    (
        "NoSuchBucket",
        "there is no such bucket; check its name, and `--endpoint-url` if it is not an AWS bucket",
    ),
    ("NoSuchKey", "there is no such object; it may have been deleted since it was listed"),
    (
        "AccessDenied",
        "access is denied; reading takes the permissions s3:ListBucket on the bucket and s3:GetObject on its objects",
    ),
    ("PermanentRedirect", OTHER_REGION),
    ("AuthorizationHeaderMalformed", OTHER_REGION),
    ("InvalidObjectState", "the object is archived; restore it first"),
    ("SlowDown", "the server wants fewer requests; lower `--objects-at-once`, or try again later"),
];

/// Error codes of S3 that are about one object, and not about whoever requests it.
const REFUSALS: [&str; 2] = ["AccessDenied", "InvalidObjectState"];

/// Converts an error of the S3 client.
///
/// Its types are private, so a refusal of the server is recognised by its text.
#[expect(clippy::needless_pass_by_value, reason = "it is passed to `map_err`")]
pub(crate) fn from_s3(error: object_store::Error) -> Error {
    let kind = match &error {
        object_store::Error::NotFound { .. } => ErrorKind::NotFound,
        object_store::Error::Precondition { .. } => return Error::changed(),
        _ => ErrorKind::Permanent,
    };
    let whole = error.to_string();
    // The last resort for credentials is the metadata service of AWS machines: its failure means that there are none.
    if ["http://169.254.169.254", "/latest/api/token"].iter().any(|part| whole.contains(part)) {
        return Error::permanent(NO_CREDENTIALS);
    }
    let causes = chain(&error);
    if let Some(own) = own(&causes) {
        return own;
    }
    let texts: Vec<_> = causes.iter().map(ToString::to_string).collect();
    let root = texts.last().map(String::as_str).unwrap_or_default();
    if whole.contains("redirect without LOCATION") {
        return Error::permanent(OTHER_REGION);
    }
    for text in &texts {
        let response = text.strip_prefix("Server returned non-2xx status code: ");
        let response = response.or_else(|| text.strip_prefix("Server returned error response: "));
        if let Some(response) = response {
            let status = response.get(..3).and_then(|status| status.parse().ok());
            return refused(kind, status.unwrap_or(0), response);
        }
    }
    // The client has retried requests already; it has not retried a response that broke off.
    let was_retried = texts.iter().any(|text| text.starts_with("Error performing "));
    let kind = if was_retried || kind != ErrorKind::Permanent { kind } else { ErrorKind::Transient };
    Error::new(kind, shortened(root))
}

/// Converts an error of the web client.
pub(crate) fn from_web(error: reqwest::Error) -> Error {
    if let Some(own) = own(&chain(&error)) {
        return own;
    }
    let kind = if error.is_builder() { ErrorKind::Permanent } else { ErrorKind::Transient };
    // The URL may hold a secret.
    let error = error.without_url();
    Error::new(kind, shortened(&chain(&error).last().map_or_else(String::new, ToString::to_string)))
}

/// Returns the error of an S3 server, or one that credentials come from, that cannot be connected to.
pub(crate) fn unreachable(server: &Url, error: &reqwest::Error) -> Error {
    let server = server.origin().ascii_serialization();
    let cause = shortened(&chain(error).last().map_or_else(String::new, ToString::to_string));
    // The S3 client retries by the kind of its own error, so that nobody else has to.
    Error::permanent(format!(
        "cannot connect to `{server}`: {cause}; check `--endpoint-url` or AWS_ENDPOINT_URL, and the network"
    ))
}

/// Converts an error response of S3.
fn refused(kind: ErrorKind, status: u16, body: &str) -> Error {
    let code = element(body, "Code").unwrap_or_default();
    let kind = if REFUSALS.contains(&code) { ErrorKind::Refused } else { kind };
    if let Some((_, remedy)) = CODES.iter().find(|(known, _)| *known == code) {
        return Error::new(kind, format!("{remedy} ({status} {code})"));
    }
    from_status(status, &[code, element(body, "Message").unwrap_or_default()].join(" "))
}

/// Converts the status of an error response, with what else the response says.
pub(crate) fn from_status(status: u16, more: &str) -> Error {
    let more = shortened(more.trim());
    let more = if more.is_empty() { String::new() } else { format!(": {more}") };
    match status {
        404 | 410 => Error::new(ErrorKind::NotFound, format!("there is no such object ({status}){more}")),
        412 => Error::changed(),
        401 | 403 => Error::permanent(format!(
            "access is denied ({status}){more}; check the credentials, and that they may read this"
        )),
        408 | 429 | 500..=599 => {
            Error::transient(format!("the server keeps answering {status}{more}; try again later"))
        }
        _ => Error::permanent(format!("the server answers {status}{more}")),
    }
}

/// Returns the error, its cause, the cause of that, and so on.
fn chain<'a>(error: &'a (dyn Cause + 'static)) -> Vec<&'a (dyn Cause + 'static)> {
    let mut chain = vec![error];
    let mut last = error;
    while let Some(cause) = last.source() {
        chain.push(cause);
        last = cause;
    }
    chain
}

/// Returns the cause that is an error of this crate, such as a refused redirect.
fn own(causes: &[&(dyn Cause + 'static)]) -> Option<Error> {
    causes.iter().find_map(|cause| cause.downcast_ref::<Error>()).cloned()
}

/// Returns the text on one line and with at most 300 characters: servers respond with whole pages.
fn shortened(text: &str) -> String {
    let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = words.char_indices().nth(300) {
        words.truncate(cut);
        words.push('…');
    }
    words
}

/// Returns the text of the first XML element of this name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}
