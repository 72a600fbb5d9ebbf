//! A check of the pages of lists: the S3 client would take any other response for a page without keys.

use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};

use crate::error::Error;
use crate::transport::{Http, ResponseFuture};

#[cfg(test)]
mod tests;

/// A connector whose connections check the pages of lists.
#[derive(Debug, Default)]
pub(crate) struct CheckedConnector<C>(pub(crate) C);

impl CheckedConnector<Http> {
    pub(crate) fn over_http() -> Self {
        Self(Http)
    }
}

impl<C: HttpConnector> HttpConnector for CheckedConnector<C> {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(CheckedService(self.0.connect(options)?)))
    }
}

#[derive(Debug)]
struct CheckedService(HttpClient);

impl HttpService for CheckedService {
    fn call<'a, 'b>(&'a self, request: HttpRequest) -> ResponseFuture<'b>
    where
        'a: 'b,
        Self: 'b,
    {
        let query = request.uri().query().unwrap_or_default();
        let is_list = query.split('&').any(|parameter| parameter == "list-type=2");
        Box::pin(async move {
            let response = self.0.execute(request).await?;
            if !is_list || !response.status().is_success() {
                return Ok(response);
            }
            let (parts, body) = response.into_parts();
            // This kind of error is retried.
            let body =
                body.bytes().await.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error))?;
            match page_defect(&String::from_utf8_lossy(&body)) {
                Some(text) => Err(HttpError::new(HttpErrorKind::Decode, Error::permanent(text))),
                None => Ok(HttpResponse::from_parts(parts, body.into())),
            }
        })
    }
}

/// Returns what is wrong with a page, apart from its keys.
fn page_defect(page: &str) -> Option<&'static str> {
    let start = page.trim_start_matches('\u{feff}').trim_start();
    // The root element comes right after the declaration: servers write no comments and no document types.
    let root =
        start.strip_prefix("<?").and_then(|rest| rest.split_once("?>")).map_or(start, |(_, root)| root);
    let root = root.trim_start().strip_prefix("<ListBucketResult");
    if !root.is_some_and(|rest| rest.starts_with(['>', '/', ' ', '\t', '\r', '\n'])) {
        return Some(
            "the response is not a list of objects; check the endpoint URL, and any proxies in between",
        );
    }
    let is_cut = page.contains("<IsTruncated>true</IsTruncated>")
        && page.split_once("<NextContinuationToken>").is_none_or(|(_, token)| token.starts_with('<'));
    is_cut.then_some("the server says that the list continues, but not how to request the rest")
}
