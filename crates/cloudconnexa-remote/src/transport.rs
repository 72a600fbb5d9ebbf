//! HTTP/1.1 for the S3 client.
//!
//! The S3 client has a transport of its own, which is built with HTTP/2 but never speaks it. This one saves building that:
//! S3 and its like speak HTTP/1.1.

use std::collections::hash_map::RandomState;
use std::error::Error as _;
use std::future::Future;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt as _;
use object_store::client::{
    ClientConfigKey, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService,
};
use object_store::{ClientOptions, Error};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use tokio::net::lookup_host;

use crate::failure::unreachable;
use crate::limits::CONNECT_TIMEOUT;
use crate::redirect::refused_by_bucket;

#[cfg(test)]
mod tests;

/// The future of [`HttpService::call`].
pub(crate) type ResponseFuture<'a> =
    Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'a>>;

/// Connects to servers with `reqwest`.
#[derive(Debug, Default)]
pub(crate) struct Http;

impl HttpConnector for Http {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let generic = |error| Error::Generic { store: "HTTP client", source: Box::new(error) };
        Ok(HttpClient::new(Transport(client(options).map_err(generic)?)))
    }
}

/// Builds a client with those options that [`connections`](crate::limits::connections) and the S3 client set.
pub(crate) fn client(options: &ClientOptions) -> reqwest::Result<reqwest::Client> {
    let allow_http = options.get_config_value(&ClientConfigKey::AllowHttp).is_some_and(|text| text == "true");
    reqwest::Client::builder()
        .user_agent(concat!("ccxlog/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect_timeout(options))
        .dns_resolver(Arc::new(RotatingResolver))
        .https_only(!allow_http)
        .redirect(Policy::none())
        .referer(false)
        .build()
}

/// Returns the connect timeout, which is in whole seconds: the S3 client shortens it for the metadata service of AWS.
fn connect_timeout(options: &ClientOptions) -> Duration {
    options
        .get_config_value(&ClientConfigKey::ConnectTimeout)
        .and_then(|text| text.strip_suffix('s')?.parse().ok())
        .map_or(CONNECT_TIMEOUT, Duration::from_secs)
}

/// Starts at a random address of a host, to spread the load over the servers of S3.
struct RotatingResolver;

impl Resolve for RotatingResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let mut addresses: Vec<_> = lookup_host((name.as_str(), 0)).await?.collect();
            let random = RandomState::new().build_hasher().finish();
            if let Some(start) = random.checked_rem(addresses.len() as u64) {
                addresses.rotate_left(usize::try_from(start)?);
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[derive(Debug)]
struct Transport(reqwest::Client);

impl HttpService for Transport {
    fn call<'a, 'b>(&'a self, request: HttpRequest) -> ResponseFuture<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let invalid = |error| HttpError::new(HttpErrorKind::Unknown, error);
            let url: Url = parts.uri.to_string().parse().map_err(invalid)?;
            let mut request = reqwest::Request::new(parts.method, url.clone());
            *request.headers_mut() = parts.headers;
            // Only uploads have bodies of several parts, and this crate uploads nothing.
            *request.body_mut() = body.as_bytes().cloned().map(Into::into);

            let response = self.0.execute(request).await.map_err(|error| request_error(&url, error))?;
            let (status, version) = (response.status(), response.version());
            let headers = response.headers().clone();
            if let Some(error) = refused_by_bucket(&url, status, &headers) {
                return Err(HttpError::new(HttpErrorKind::Unknown, error));
            }
            let body = reqwest::Body::from(response).map_err(http_error);
            let mut response = HttpResponse::new(HttpResponseBody::new(body));
            (*response.status_mut(), *response.version_mut()) = (status, version);
            *response.headers_mut() = headers;
            Ok(response)
        })
    }
}

/// Converts the error of a request that got no response.
fn request_error(url: &Url, error: reqwest::Error) -> HttpError {
    if !error.is_connect() {
        return http_error(error);
    }
    let kind = if error.is_timeout() { HttpErrorKind::Timeout } else { HttpErrorKind::Connect };
    HttpError::new(kind, unreachable(url, &error))
}

/// Converts an error. Its kind decides whether the S3 client retries.
fn http_error(error: reqwest::Error) -> HttpError {
    let kind = if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_connect() {
        HttpErrorKind::Connect
    } else if error.is_decode() {
        HttpErrorKind::Decode
    } else {
        cause_kind(&error)
    };
    // The URL may hold a secret.
    HttpError::new(kind, error.without_url())
}

/// Returns the kind of the first cause that has one.
fn cause_kind(error: &reqwest::Error) -> HttpErrorKind {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            if error.is_closed() || error.is_incomplete_message() || error.is_body_write_aborted() {
                return HttpErrorKind::Request;
            }
            if error.is_timeout() {
                return HttpErrorKind::Timeout;
            }
        }
        match error.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::TimedOut) => return HttpErrorKind::Timeout,
            Some(
                io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof,
            ) => return HttpErrorKind::Interrupted,
            _ => {}
        }
        cause = error.source();
    }
    HttpErrorKind::Unknown
}
