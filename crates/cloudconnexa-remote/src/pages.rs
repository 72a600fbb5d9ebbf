//! Lists of objects, page by page.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::bucket::{Bucket, ListError};
use crate::error::Error;
use crate::page_token::PageToken;
use crate::skip::{Listed, Place, Skipper};

/// A page of a list, or the error that ends the list.
pub(crate) type Page = Result<Listed, Error>;

/// What is listed.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) prefix: String,
    /// Objects that were stored before this time, in seconds since 1970, may be left out.
    pub(crate) since: Option<i64>,
    pub(crate) retries: usize,
}

/// Sends the pages of a list one after another, then the error if the list could not be read to its end.
pub(crate) async fn send_pages(bucket: Arc<Bucket>, query: Query, sender: mpsc::Sender<Page>) {
    let listed = send_prefix(&bucket, &query, &sender).await;
    // The S3 client drops a leading slash from keys. So keys that start with one are listed on their own.
    if matches!(listed, Ok(End::Reached)) && query.prefix.is_empty() {
        let _ = send_prefix(&bucket, &Query { prefix: "/".to_owned(), ..query }, &sender).await;
    }
}

/// Whether a list was read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Reached,
    Failed,
}

/// Sends all pages with this prefix, and the error that ends them, if any. Fails when nobody receives.
async fn send_prefix(
    bucket: &Arc<Bucket>,
    query: &Query,
    sender: &mpsc::Sender<Page>,
) -> Result<End, mpsc::error::SendError<Page>> {
    let Query { prefix, since, retries } = query;
    let (prefix, retries) = (prefix.as_str(), *retries);
    let mut skipper = Skipper::new(*since);
    let mut token = PageToken::Start;
    let mut last = String::new();
    loop {
        let (pages, next) = match bucket.page(prefix, &token, retries).await {
            Ok((objects, next)) => {
                if let Some(object) = objects.last() {
                    object.key().clone_into(&mut last);
                }
                let next = next.map(|next| Place { token: token.next(next, &last), last: last.clone() });
                skipper.page(objects, next)
            }
            Err(ListError::InvalidKey(key)) => {
                if prefix.is_empty()
                    && !matches!(bucket.page("/", &PageToken::Start, retries).await, Ok((none, _)) if none.is_empty())
                {
                    let error = format!(
                        "there are keys such as `{key}` and keys that start with `/`, which cannot be distinguished; name a prefix"
                    );
                    sender.send(Err(Error::permanent(error))).await?;
                    return Ok(End::Failed);
                }
                // The S3 client refuses the whole page for one key. Smaller pages isolate that key.
                if let Some(back) = skipper.go_back() {
                    (Vec::new(), Some(back))
                } else if let Some(token) = token.halved(&last) {
                    (Vec::new(), Some(Place { token, last }))
                } else {
                    // The key is alone on its page. Whoever reads it gets the reason that it cannot be read.
                    let page = vec![bucket.object(&key)].into();
                    (vec![page], Some(Place { token: PageToken::After(key.clone(), 1), last: key }))
                }
            }
            Err(ListError::Failed(error)) => {
                for page in skipper.give_up() {
                    sender.send(Ok(page)).await?;
                }
                sender.send(Err(error)).await?;
                return Ok(End::Failed);
            }
        };
        for page in pages {
            sender.send(Ok(page)).await?;
        }
        let Some(Place { token: next, last: before }) = next else { return Ok(End::Reached) };
        last = before;
        if next == token {
            for page in skipper.give_up() {
                sender.send(Ok(page)).await?;
            }
            let error = "the server keeps sending the same page of the list";
            sender.send(Err(Error::permanent(error))).await?;
            return Ok(End::Failed);
        }
        token = next;
    }
}
