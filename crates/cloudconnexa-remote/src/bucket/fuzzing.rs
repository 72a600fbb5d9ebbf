//! Properties of listing a bucket that hold for any responses.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use futures_util::future;
use object_store::ClientOptions;
use object_store::aws::AmazonS3Builder;
use object_store::client::{
    HttpClient, HttpConnector, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{OnceCell, mpsc};

use super::Bucket;
use crate::limits::retry;
use crate::list_check::CheckedConnector;
use crate::object::Object;
use crate::pages::{Query, send_pages};
use crate::skip::Listed;
use crate::transport::ResponseFuture;

/// A server that gives one response after another, and repeats the last.
#[derive(Clone, Debug)]
struct FakeServer {
    responses: Arc<Vec<Bytes>>,
    requests: Arc<AtomicUsize>,
}

impl HttpConnector for FakeServer {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

impl HttpService for FakeServer {
    fn call<'a, 'b>(&'a self, _: HttpRequest) -> ResponseFuture<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        let index = self.requests.fetch_add(1, Ordering::Relaxed).min(self.responses.len() - 1);
        let mut body = self.responses[index].clone();
        let status = body.get(..3).and_then(|text| str::from_utf8(text).ok()?.parse::<u16>().ok());
        let status = status.filter(|status| (200..600).contains(status));
        if status.is_some() {
            body = body.slice(3..);
        }
        let mut response = HttpResponse::new(HttpResponseBody::from(body));
        *response.status_mut() = status.unwrap_or(200).try_into().expect("a status");
        Box::pin(future::ready(Ok(response)))
    }
}

/// 2026-11-28T00:00:00Z: older days may be left out of a list of dated keys.
const SINCE: i64 = 1_795_824_000;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));

/// Lists a bucket, and returns the keys and the error.
///
/// `bytes` are the responses, separated by zero bytes; a response may start with its status, if that is not 200. The list
/// ends after a bounded number of requests, an error comes last and on one line, and keys come only from pages of lists.
pub(crate) fn listing(bytes: &[u8]) -> (Vec<String>, Option<String>) {
    let responses: Vec<_> = bytes.split(|byte| *byte == 0).map(Bytes::copy_from_slice).collect();
    let server = FakeServer { responses: Arc::new(responses), requests: Arc::default() };
    let builder = AmazonS3Builder::new()
        .with_bucket_name("logs")
        .with_endpoint("http://127.0.0.1:9")
        .with_allow_http(true)
        .with_skip_signature(true)
        .with_retry(retry(0))
        .with_http_connector(CheckedConnector(server.clone()));
    let bucket =
        Bucket { name: "logs".to_owned(), builder, is_region_unknown: false, store: OnceCell::new() };
    let (sender, mut pages) = mpsc::channel(1);
    let (mut keys, mut failed) = (Vec::new(), None);
    RUNTIME.block_on(async {
        let query = Query { prefix: String::new(), since: Some(SINCE), retries: 0 };
        let sending = pin!(send_pages(Arc::new(bucket), query, sender));
        let receiving = pin!(async {
            while let Some(page) = pages.recv().await {
                assert!(failed.is_none(), "an error has to come last");
                match page {
                    Ok(Listed { objects, .. }) => {
                        // Of a key that the S3 client does not accept, nothing else is known.
                        let is_consistent =
                            |object: &Object| object.size.is_some() == object.modified.is_some();
                        assert!(objects.iter().all(is_consistent));
                        keys.extend(objects.iter().map(|object| object.key().to_owned()));
                    }
                    Err(error) => failed = Some(error.to_string()),
                }
            }
        });
        future::join(sending, receiving).await;
    });
    let requests = server.requests.load(Ordering::Relaxed);
    // A key that is not accepted is isolated by halving pages, and keys that start with a slash are listed on their own.
    let limit = 32 * (server.responses.len() + 1);
    assert!(requests <= limit, "{requests} requests for {} responses", server.responses.len());
    // Keys come only from responses that say that they are pages.
    let used = server.responses.iter().take(requests);
    let is_page = |response: &Bytes| String::from_utf8_lossy(response).contains("<ListBucketResult");
    assert!(failed.is_some() || used.into_iter().all(is_page), "keys without a list: {keys:?}");
    assert!(failed.as_ref().is_none_or(|text| !text.is_empty() && !text.contains('\n')), "{failed:?}");
    (keys, failed)
}
