//! Pages of lists: what is none is refused, for whoever reads it takes every answer for one that has no keys.

use std::future::Future;
use std::pin::Pin;

use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
    ReqwestConnector,
};

use crate::error::Error;

/// Connects as usual, and looks at pages of lists.
#[derive(Debug, Default)]
pub(crate) struct Looking<C>(pub(crate) C);

impl Looking<ReqwestConnector> {
    pub(crate) fn over_http() -> Self {
        Self(ReqwestConnector::default())
    }
}

impl<C: HttpConnector> HttpConnector for Looking<C> {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Look(self.0.connect(options)?)))
    }
}

#[derive(Debug)]
struct Look(HttpClient);

/// What a service gives, as the trait wants it.
pub(crate) type Answer<'a> = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'a>>;

impl HttpService for Look {
    fn call<'a, 'b>(&'a self, request: HttpRequest) -> Answer<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        let query = request.uri().query().unwrap_or_default();
        let is_list = query.split('&').any(|parameter| parameter == "list-type=2");
        Box::pin(async move {
            let answer = self.0.execute(request).await?;
            if !is_list || !answer.status().is_success() {
                return Ok(answer);
            }
            let (parts, body) = answer.into_parts();
            // An answer that breaks off is asked for again.
            let body =
                body.bytes().await.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error))?;
            match wrong(&String::from_utf8_lossy(&body)) {
                Some(text) => Err(HttpError::new(HttpErrorKind::Decode, Error::new(text))),
                None => Ok(HttpResponse::from_parts(parts, body.into())),
            }
        })
    }
}

/// What is wrong with a page, but for what is in it.
fn wrong(page: &str) -> Option<&'static str> {
    let start = page.trim_start_matches('\u{feff}').trim_start();
    // Behind the declaration there is the root; there are no comments and no document types.
    let root =
        start.strip_prefix("<?").and_then(|rest| rest.split_once("?>")).map_or(start, |(_, root)| root);
    let root = root.trim_start().strip_prefix("<ListBucketResult");
    if !root.is_some_and(|rest| rest.starts_with(['>', '/', ' ', '\t', '\r', '\n'])) {
        return Some(
            "the server answers with something that is no list of objects; \
             check the address of the endpoint, and proxies in between",
        );
    }
    let is_cut = page.contains("<IsTruncated>true</IsTruncated>")
        && page.split_once("<NextContinuationToken>").is_none_or(|(_, token)| token.starts_with('<'));
    is_cut.then_some("the server says that the list goes on, and not how to ask for the rest")
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn pages_are_told_from_all_else() {
        let more = "<IsTruncated>true</IsTruncated>";
        for page in [
            "<ListBucketResult></ListBucketResult>",
            "<?xml version=\"1.0\"?>\n<ListBucketResult xmlns=\"x\"/>",
            "\u{feff} <ListBucketResult\n>",
            &format!(
                "<ListBucketResult>{more}<NextContinuationToken>t</NextContinuationToken></ListBucketResult>"
            ),
        ] {
            assert_eq!(wrong(page), None, "{page}");
        }
        for page in [
            "",
            "{}",
            "<html></html>",
            "<Error/>",
            "<ListBucketResults>",
            "<?xml",
            "<!-- --><ListBucketResult>",
        ] {
            assert!(wrong(page).is_some_and(|text| text.contains("no list of objects")), "{page}");
        }
        for token in ["", "<NextContinuationToken/>", "<NextContinuationToken></NextContinuationToken>"] {
            let told = wrong(&format!("<ListBucketResult>{more}{token}</ListBucketResult>"));
            assert!(told.is_some_and(|text| text.contains("goes on")), "{token}");
        }
    }
}
