//! Which redirects are followed: those of a web server within the same host, and none of a bucket.
//!
//! The address of an object may hold a secret, such as a signature, and so may the address that it is redirected to. Neither
//! may reach another host, or a message.

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{StatusCode, Url};

use crate::address::without_secrets;
use crate::error::Error;

#[cfg(test)]
mod tests;

/// The number of redirects in a row that are followed.
pub(crate) const MAX_REDIRECTS: usize = 5;

/// The number of characters of an address that a message shows: servers can send long ones.
const SHOWN_CHARS: usize = 120;

/// Returns whether the response asks for the same request at another address.
pub(crate) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Returns the address that a web server redirects to, if it may be requested after `from`.
pub(crate) fn target(from: &Url, headers: &HeaderMap) -> Result<Url, Error> {
    let mut target = location(from, headers)?;
    let rule = match (from.scheme(), target.scheme()) {
        ("https", "http") => "redirects from `https` to `http` are not followed",
        (_, "http" | "https") if is_same_host(from, &target) => {
            // Those that the server writes into its addresses are not the user's.
            let _ = target.set_username(from.username());
            let _ = target.set_password(from.password());
            return Ok(target);
        }
        (_, "http" | "https") => "redirects to another host or port are not followed",
        _ => {
            return Err(Error::permanent(format!(
                "the server redirects to `{}`, which is not an `http` or `https` address; check the address in a browser",
                shown(&target)
            )));
        }
    };
    let instead = match target.query() {
        Some(_) => "pass it instead (with the part after the `?`, which is hidden here)",
        None => "pass it instead",
    };
    Err(Error::permanent(format!(
        "the server redirects to `{}`, and {rule}; if you trust that address, {instead}, or pipe the object: \
         `curl -L ADDRESS | ccxlog validate -`",
        shown(&target)
    )))
}

/// Returns the error of an object that is redirected again and again, at last from `from`.
pub(crate) fn too_many(from: &Url) -> Error {
    Error::permanent(format!(
        "the server redirects more than {MAX_REDIRECTS} times, at last from `{}`; check the address in a browser",
        shown(from)
    ))
}

/// Returns the error of a redirected request to a bucket, or `None` for other responses.
///
/// A signature is valid for one host. S3 redirects to other regions.
pub(crate) fn refused_by_bucket(from: &Url, status: StatusCode, headers: &HeaderMap) -> Option<Error> {
    if !is_redirect(status) {
        return None;
    }
    let region = headers.get("x-amz-bucket-region").and_then(|region| region.to_str().ok());
    if let Some(region) = region.filter(|region| is_region(region)) {
        return Some(Error::permanent(format!(
            "the bucket is in another region; set it with `--region {region}`"
        )));
    }
    // Without an address, the S3 client reports what that means.
    headers.get(LOCATION)?;
    let error = |target: Url| {
        Error::permanent(format!(
            "the server redirects to `{}`, but a signed request is valid for one host; if the bucket is there, pass \
             `--endpoint-url {}`",
            shown(&target),
            target.origin().ascii_serialization()
        ))
    };
    Some(location(from, headers).map_or_else(|invalid| invalid, error))
}

fn location(from: &Url, headers: &HeaderMap) -> Result<Url, Error> {
    let location = headers.get(LOCATION).and_then(|location| str::from_utf8(location.as_bytes()).ok());
    location
        .and_then(|location| from.join(location).ok())
        .ok_or_else(|| Error::permanent("the server redirects, but not to a valid address"))
}

/// Returns whether two addresses are on the same host and port, or the second is the first over TLS.
fn is_same_host(from: &Url, target: &Url) -> bool {
    let is_upgrade = from.scheme() == "http" && target.scheme() == "https";
    let has_same_port =
        from.scheme() == target.scheme() && from.port_or_known_default() == target.port_or_known_default();
    // An explicit port that is the default one is `None` as well.
    let has_default_ports = is_upgrade && from.port().is_none() && target.port().is_none();
    from.host() == target.host() && (has_same_port || has_default_ports)
}

fn is_region(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Returns an address for a message. An ellipsis replaces its query.
fn shown(url: &Url) -> String {
    if !url.has_host() {
        return format!("{}:…", url.scheme());
    }
    let mut text = without_secrets(url.as_str());
    if let Some((end, _)) = text.char_indices().nth(SHOWN_CHARS) {
        text.truncate(end);
        text.push('…');
    } else if url.query().is_some() {
        text.push_str("?…");
    }
    text
}
