//! Objects of web servers: one address, one object.

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, IF_MATCH, RANGE};
use reqwest::{StatusCode, Url};

use crate::address::without_secrets;
use crate::body::Answer;
use crate::client::pause;
use crate::error::{Error, Kind};

/// What asks web servers.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    client: reqwest::Client,
    retries: usize,
}

impl Web {
    pub(crate) fn new(connect: Duration, retries: usize) -> Result<Self, Error> {
        let agent = concat!("ccxlog/", env!("CARGO_PKG_VERSION"));
        let client = reqwest::Client::builder().user_agent(agent).connect_timeout(connect).build()?;
        Ok(Self { client, retries })
    }
}

/// An object of a web server.
#[derive(Debug)]
pub(crate) struct Page {
    web: Web,
    url: Url,
    /// Without secrets.
    pub(crate) name: String,
}

impl Page {
    pub(crate) fn new(web: Web, url: &str) -> Result<Self, Error> {
        let parsed = Url::parse(url).map_err(|error| {
            Error::new(format!("`{}` is no address of a web server: {error}", without_secrets(url)))
        })?;
        Ok(Self { web, url: parsed, name: without_secrets(url) })
    }

    /// Asks for what is behind the first `from` bytes.
    pub(crate) async fn get(&self, from: u64, etag: Option<&str>) -> Result<Answer, Error> {
        let mut failures = 0;
        loop {
            match self.once(from, etag).await {
                Err(error) if error.kind() == Kind::Passing && failures < self.web.retries => {
                    failures += 1;
                    tokio::time::sleep(pause(failures)).await;
                }
                answer => return answer,
            }
        }
    }

    async fn once(&self, from: u64, etag: Option<&str>) -> Result<Answer, Error> {
        let mut request = self.web.client.get(self.url.clone());
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
            if let Some(etag) = etag {
                request = request.header(IF_MATCH, etag);
            }
        }
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers());
        if !status.is_success() {
            return Err(Error::status(status.as_u16(), ""));
        }
        let found = text(headers, ETAG).map(str::to_owned);
        // A weak one promises the same meaning, not the same bytes.
        let found = found.filter(|etag| !etag.starts_with("W/"));
        let size = if from == 0 {
            text(headers, CONTENT_LENGTH).and_then(|length| length.parse().ok())
        } else {
            if found.as_deref() != etag {
                return Err(Error::changed());
            }
            let range = text(headers, CONTENT_RANGE).unwrap_or_default();
            let starts_there = range.strip_prefix("bytes ").and_then(|range| range.split_once('-'));
            if status != StatusCode::PARTIAL_CONTENT
                || starts_there.is_none_or(|(start, _)| start.parse() != Ok(from))
            {
                return Err(Error::new(
                    "the connection broke, and the server does not send the rest alone; try again later",
                ));
            }
            None
        };
        let chunks = response.bytes_stream().map(|chunk| chunk.map_err(Error::from)).boxed();
        Ok(Answer { size, etag: found, chunks })
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
