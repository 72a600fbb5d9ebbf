//! Objects of web servers: one URL, one object.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, IF_MATCH, RANGE};
use reqwest::redirect::Policy;
use reqwest::{StatusCode, Url};

use crate::address::web_address;
use crate::error::{Error, ErrorKind};
use crate::failure::{from_status, from_web};
use crate::limits::backoff;
use crate::public_hosts::PublicHosts;
use crate::redirect::{MAX_REDIRECTS, is_redirect, target, too_many};
use crate::response::Response;

#[cfg(test)]
mod tests;

/// A client of web servers.
#[derive(Clone, Debug)]
pub(crate) struct WebClient {
    client: reqwest::Client,
    hosts: PublicHosts,
    retries: usize,
}

impl WebClient {
    pub(crate) fn new(connect_timeout: Duration, retries: usize, hosts: PublicHosts) -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("ccxlog/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(connect_timeout)
            .dns_resolver(Arc::new(hosts.clone()))
            // Each request looks up its host, so that none uses a connection to an address that is not allowed any more.
            .pool_max_idle_per_host(0)
            .redirect(Policy::none())
            .referer(false)
            .build()
            .map_err(from_web)?;
        Ok(Self { client, hosts, retries })
    }
}

/// An object of a web server.
#[derive(Debug)]
pub(crate) struct WebObject {
    web: WebClient,
    url: Url,
    /// The URL without secrets.
    pub(crate) name: String,
}

impl WebObject {
    pub(crate) fn new(web: WebClient, url: &str) -> Result<Self, Error> {
        let (url, name) = web_address(url)?;
        Ok(Self { web, url, name })
    }

    /// Requests the object from byte `offset` on, and retries transient failures.
    pub(crate) async fn get(&self, offset: u64, etag: Option<&str>) -> Result<Response, Error> {
        let mut failures = 0;
        loop {
            match self.get_once(offset, etag).await {
                Err(error) if error.kind() == ErrorKind::Transient && failures < self.web.retries => {
                    failures += 1;
                    tokio::time::sleep(backoff(failures)).await;
                }
                response => return response,
            }
        }
    }

    async fn get_once(&self, offset: u64, etag: Option<&str>) -> Result<Response, Error> {
        let response = self.send(offset, etag).await?;
        let (status, headers) = (response.status(), response.headers());
        if !status.is_success() {
            return Err(from_status(status.as_u16(), ""));
        }
        let found = text(headers, ETAG).map(str::to_owned);
        // A weak tag promises the same meaning, not the same bytes.
        let found = found.filter(|etag| !etag.starts_with("W/"));
        let size = if offset == 0 {
            text(headers, CONTENT_LENGTH).and_then(|length| length.parse().ok())
        } else {
            if found.as_deref() != etag {
                return Err(Error::changed());
            }
            let range = text(headers, CONTENT_RANGE).unwrap_or_default();
            let range = range.strip_prefix("bytes ").and_then(|range| range.split_once('-'));
            // A server may ignore the range and send the whole object.
            if status != StatusCode::PARTIAL_CONTENT
                || range.is_none_or(|(start, _)| start.parse() != Ok(offset))
            {
                return Err(Error::permanent(
                    "the connection broke, and the server cannot send the rest alone; try again later",
                ));
            }
            None
        };
        let chunks = response.bytes_stream().map(|chunk| chunk.map_err(from_web)).boxed();
        Ok(Response { size, etag: found, chunks })
    }

    /// Sends a request, and follows redirects within the host. Returns the first response that is not a redirect.
    async fn send(&self, offset: u64, etag: Option<&str>) -> Result<reqwest::Response, Error> {
        let mut url = self.url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let mut request = self.web.client.get(url.clone());
            if offset > 0 {
                request = request.header(RANGE, format!("bytes={offset}-"));
                if let Some(etag) = etag {
                    request = request.header(IF_MATCH, etag);
                }
            }
            let response = request.send().await.map_err(from_web)?;
            if let (Some(host), Some(address)) = (url.host_str(), response.remote_addr()) {
                self.web.hosts.observe(host, address.ip());
            }
            if !is_redirect(response.status()) {
                return Ok(response);
            }
            url = target(&url, response.headers())?;
        }
        Err(too_many(&url))
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
