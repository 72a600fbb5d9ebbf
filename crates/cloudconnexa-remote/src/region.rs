//! The region of a bucket, as AWS reports it.

use reqwest::StatusCode;

use crate::error::Error;
use crate::failure::from_web;
use crate::limits::connections;
use crate::transport::client;

/// Asks AWS for the region of a bucket. This works without credentials.
pub(crate) async fn resolve_region(bucket: &str) -> Result<String, Error> {
    // The wildcard certificate of AWS covers only bucket names without dots.
    let url = if bucket.contains('.') {
        format!("https://s3.amazonaws.com/{bucket}")
    } else {
        format!("https://{bucket}.s3.amazonaws.com")
    };
    let unknown = |error: &Error| error.with("; the region of the bucket is unknown, set it with `--region`");
    let client = client(&connections(false)).map_err(|error| unknown(&from_web(error)))?;
    let response = client.head(url).send().await.map_err(|error| unknown(&from_web(error)))?;
    if response.status() == StatusCode::NOT_FOUND {
        return Err(Error::permanent("there is no such bucket; check its name"));
    }
    let region = response.headers().get("x-amz-bucket-region").and_then(|region| region.to_str().ok());
    region.map(str::to_owned).ok_or_else(|| unknown(&Error::permanent("AWS did not report a region")))
}
