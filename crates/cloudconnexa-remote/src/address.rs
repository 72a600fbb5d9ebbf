//! What an argument says about where objects are.

use std::fmt::Write as _;

use crate::error::Error;

/// Where to look for objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A bucket, with a key or the beginning of keys, which may be empty.
    Bucket {
        /// The name of the bucket.
        bucket: String,
        /// What is behind the first `/`.
        key: String,
    },
    /// One object of a web server.
    Web {
        /// The whole address.
        url: String,
    },
}

impl Address {
    /// Reads `s3://bucket/prefix` or `https://host/file`; `None` if it is something else, such as a path.
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
        // The name becomes a part of a host name or of a path.
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if bucket.is_empty() || !bucket.chars().all(is_name) || bucket.starts_with(['.', '-']) {
            return Err(Error::new(format!(
                "`{bucket}` is no name of a bucket; expected `s3://BUCKET/PREFIX`, such as `s3://my-logs/CloudConnexa/`"
            )));
        }
        Ok(Self::Bucket { bucket: bucket.to_owned(), key: key.to_owned() })
    }
}

/// An address of the web without user, password, query and fragment, which can be as good as a password.
pub(crate) fn without_secrets(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let host = host.rsplit('@').next().unwrap_or_default();
    let mut name = String::new();
    let _ = write!(name, "{scheme}://{host}{path}");
    name
}

#[cfg(test)]
mod tests {
    use super::{Address, without_secrets};

    #[test]
    fn addresses_are_told_from_paths() {
        for path in ["a.json", "-", "/s3:/x", "s3:/bucket", "C:\\logs", "gs://bucket/x", "://"] {
            assert!(Address::parse(path).is_none(), "{path}");
        }
        let bucket =
            |bucket: &str, key: &str| Address::Bucket { bucket: bucket.to_owned(), key: key.to_owned() };
        for (text, expected) in [
            ("s3://logs", bucket("logs", "")),
            ("S3://logs/", bucket("logs", "")),
            ("s3://my.logs_1/CloudConnexa/a b/*.gz", bucket("my.logs_1", "CloudConnexa/a b/*.gz")),
        ] {
            assert_eq!(Address::parse(text).unwrap().unwrap(), expected);
        }
        for text in ["s3://", "s3:///key", "s3://..", "s3://a:b@host/x", "s3://a?b/c", "s3://-x"] {
            assert!(Address::parse(text).unwrap().is_err(), "{text}");
        }
    }

    #[test]
    fn secrets_are_not_told() {
        assert_eq!(
            without_secrets("https://me:pass@host:8/a/b.gz?X-Amz-Signature=1#x"),
            "https://host:8/a/b.gz"
        );
        assert_eq!(without_secrets("http://host"), "http://host");
        assert_eq!(without_secrets("http://host?token=1"), "http://host");
    }
}
