//! Lists of objects, page by page.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::bucket::{Bucket, ListError};
use crate::error::Error;
use crate::object::Object;
use crate::page_token::PageToken;

/// A page of a list, or the error that ends the list.
pub(crate) type Page = Result<Vec<Object>, Error>;

/// Sends the pages of a list one after another, then the error if the list could not be read to its end.
pub(crate) async fn send_pages(
    bucket: Arc<Bucket>,
    prefix: String,
    retries: usize,
    sender: mpsc::Sender<Page>,
) {
    let listed = send_prefix(&bucket, &prefix, retries, &sender).await;
    // The S3 client drops a leading slash from keys. So keys that start with one are listed on their own.
    if matches!(listed, Ok(End::Reached)) && prefix.is_empty() {
        let _ = send_prefix(&bucket, "/", retries, &sender).await;
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
    prefix: &str,
    retries: usize,
    sender: &mpsc::Sender<Page>,
) -> Result<End, mpsc::error::SendError<Page>> {
    let mut token = PageToken::Start;
    let mut last = String::new();
    loop {
        let (page, next) = match bucket.page(prefix, &token, retries).await {
            Ok((objects, next)) => {
                if let Some(object) = objects.last() {
                    object.key().clone_into(&mut last);
                }
                (objects, next.map(|next| token.next(next, &last)))
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
                if let Some(smaller) = token.halved(&last) {
                    (Vec::new(), Some(smaller))
                } else {
                    // The key is alone on its page. Whoever reads it gets the reason that it cannot be read.
                    last.clone_from(&key);
                    (vec![bucket.object(&key)], Some(PageToken::After(key, 1)))
                }
            }
            Err(ListError::Failed(error)) => {
                sender.send(Err(error)).await?;
                return Ok(End::Failed);
            }
        };
        sender.send(Ok(page)).await?;
        let Some(next) = next else { return Ok(End::Reached) };
        if next == token {
            let error = "the server keeps sending the same page of the list";
            sender.send(Err(Error::permanent(error))).await?;
            return Ok(End::Failed);
        }
        token = next;
    }
}
