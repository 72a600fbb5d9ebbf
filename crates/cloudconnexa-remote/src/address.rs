//! Addresses of objects, as users write them.

use reqwest::Url;

use crate::error::Error;

#[cfg(test)]
mod tests;

/// The address of a bucket, a prefix in it, or one object.
///
/// ```
/// use cloudconnexa_remote::Address;
///
/// let address = Address::parse("s3://my-logs/CloudConnexa/").expect("not a path")?;
/// assert_eq!(address, Address::Bucket { bucket: "my-logs".to_owned(), key: "CloudConnexa/".to_owned() });
/// assert!(Address::parse("logs/today.jsonl").is_none());
/// # Ok::<(), cloudconnexa_remote::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Address {
    /// A bucket, with a key or a prefix of keys.
    Bucket {
        /// The name of the bucket.
        bucket: String,
        /// The text after the first `/`: a key, a prefix, or empty.
        key: String,
    },
    /// One object on a web server.
    Web {
        /// The URL, as it was written.
        url: String,
    },
}

impl Address {
    /// Parses `s3://bucket/prefix` or `https://host/file`; `http` works as well.
    ///
    /// Returns `None` for anything else, such as a path.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Permanent`](crate::ErrorKind::Permanent) if the name of the bucket has characters that
    /// a bucket name cannot have. A URL is checked by [`Client::object`](crate::Client::object).
    pub fn parse(text: &str) -> Option<Result<Self, Error>> {
        let (scheme, rest) = text.split_once("://")?;
        match scheme.to_ascii_lowercase().as_str() {
            "s3" => Some(Self::bucket(rest)),
            "http" | "https" => Some(Ok(Self::Web { url: text.to_owned() })),
            _ => None,
        }
    }

    fn bucket(rest: &str) -> Result<Self, Error> {
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        // The name becomes part of a host name or of a path: anything else could point to another server.
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if bucket.is_empty() || !bucket.chars().all(is_allowed) || bucket.starts_with(['.', '-']) {
            return Err(Error::permanent(format!(
                "`{bucket}` is not a bucket name; expected `s3://BUCKET/PREFIX`, such as `s3://my-logs/CloudConnexa/`"
            )));
        }
        Ok(Self::Bucket { bucket: bucket.to_owned(), key: key.to_owned() })
    }
}

/// Parses the address of an object on a web server. Also returns its name, which has no secrets.
pub(crate) fn web_address(text: &str) -> Result<(Url, String), Error> {
    let name = without_secrets(text);
    let url = Url::parse(text).map_err(|error| {
        // Nobody can say where the password of an invalid URL ends.
        let (scheme, _) = text.split_once("://").unwrap_or_default();
        let name = if text.contains('@') { format!("{scheme}://…") } else { name.clone() };
        Error::permanent(format!("`{name}` is not a URL: {error}"))
    })?;
    let mut public = url.clone();
    let _ = (public.set_username(""), public.set_password(None));
    public.set_query(None);
    public.set_fragment(None);
    // As it was written, unless it was written in a way that only the parser understands.
    let name = if Url::parse(&name).as_ref() == Ok(&public) { name } else { public.into() };
    Ok((url, name))
}

/// Returns a URL without user, password, query and fragment, any of which can be a secret.
pub(crate) fn without_secrets(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}
