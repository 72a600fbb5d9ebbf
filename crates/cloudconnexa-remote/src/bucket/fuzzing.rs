//! What must hold of the answers to a request for a list, whatever they are.

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
use crate::Object;
use crate::client::{retry, send_pages};
use crate::listing::{Answer, Looking};

/// Gives answers one after another, and the last of them to whoever asks again.
#[derive(Clone, Debug)]
struct Fake {
    answers: Arc<Vec<Bytes>>,
    asked: Arc<AtomicUsize>,
}

impl HttpConnector for Fake {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

impl HttpService for Fake {
    fn call<'a, 'b>(&'a self, _: HttpRequest) -> Answer<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        let place = self.asked.fetch_add(1, Ordering::Relaxed).min(self.answers.len() - 1);
        let mut body = self.answers[place].clone();
        let status = body.get(..3).and_then(|text| str::from_utf8(text).ok()?.parse::<u16>().ok());
        let status = status.filter(|status| (200..600).contains(status));
        if status.is_some() {
            body = body.slice(3..);
        }
        let mut answer = HttpResponse::new(HttpResponseBody::from(body));
        *answer.status_mut() = status.unwrap_or(200).try_into().expect("a status");
        Box::pin(future::ready(Ok(answer)))
    }
}

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));

/// Answers, each but the first behind a zero byte and with a status in front if that is not 200: keys come of them page
/// by page, or an error that says why not; and nothing goes on for ever. Gives the keys, and the error.
pub(crate) fn listing(bytes: &[u8]) -> (Vec<String>, Option<String>) {
    let answers: Vec<_> = bytes.split(|byte| *byte == 0).map(Bytes::copy_from_slice).collect();
    let fake = Fake { answers: Arc::new(answers), asked: Arc::default() };
    let builder = AmazonS3Builder::new()
        .with_bucket_name("logs")
        .with_endpoint("http://127.0.0.1:9")
        .with_allow_http(true)
        .with_skip_signature(true)
        .with_retry(retry(0))
        .with_http_connector(Looking(fake.clone()));
    let bucket =
        Bucket { name: "logs".to_owned(), builder, is_region_unknown: false, store: OnceCell::new() };
    let (sender, mut pages) = mpsc::channel(1);
    let (mut keys, mut failed) = (Vec::new(), None);
    RUNTIME.block_on(async {
        let sending = pin!(send_pages(Arc::new(bucket), String::new(), 0, sender));
        let receiving = pin!(async {
            while let Some(page) = pages.recv().await {
                assert!(failed.is_none(), "something comes behind an error");
                match page {
                    Ok(objects) => {
                        // Of a key that can't be listed nothing else is known.
                        let is_sound = |object: &Object| object.size.is_some() == object.modified.is_some();
                        assert!(objects.iter().all(is_sound));
                        keys.extend(objects.iter().map(|object| object.key().to_owned()));
                    }
                    Err(error) => failed = Some(error.to_string()),
                }
            }
        });
        future::join(sending, receiving).await;
    });
    let asked = fake.asked.load(Ordering::Relaxed);
    // Keys that can't be listed are looked for by pages of half the size; and keys that begin with a slash for themselves.
    let most = 32 * (fake.answers.len() + 1);
    assert!(asked <= most, "asked {asked} times for {} answers", fake.answers.len());
    // Each page that counts says that it is one; what it says besides is its own.
    let told = fake.answers.iter().take(asked);
    let is_page = |answer: &Bytes| String::from_utf8_lossy(answer).contains("<ListBucketResult");
    assert!(failed.is_some() || told.into_iter().all(is_page), "keys of no list: {keys:?}");
    assert!(failed.as_ref().is_none_or(|told| !told.is_empty() && !told.contains('\n')), "{failed:?}");
    (keys, failed)
}
