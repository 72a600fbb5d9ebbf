//! Content that could not be read to its end, as the next run has to recognise it.

use cloudconnexa_reader::Limits;

use super::ContentId;
use crate::unreadable::Cause;

const PREFIX: &str = "unread:";

/// Content that could not be read to its end, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnreadContent {
    pub(super) content: ContentId,
    pub(super) cause: Cause,
}

impl UnreadContent {
    /// Encodes it as content that no input has, so that runs that do not skip such inputs read it, as do earlier versions of
    /// ccxlog. `None` if the next run may be able to read it.
    pub(super) fn to_content(&self, limits: Limits) -> Option<ContentId> {
        let cause = match self.cause {
            Cause::Damaged => "damaged".to_owned(),
            Cause::OverLimit => over_limit(limits),
            Cause::Refused => "refused".to_owned(),
            Cause::Transient => return None,
        };
        let version = format!("{PREFIX}{cause}:{}", self.content.version);
        Some(ContentId { version, ..self.content.clone() })
    }

    /// Decodes what [`to_content`](Self::to_content) returns. `None` if it is not that, or was read with other limits, so
    /// that it may be readable now.
    pub(super) fn from_content(content: &ContentId, limits: Limits) -> Option<Self> {
        let (cause, version) = content.version.strip_prefix(PREFIX)?.split_once(':')?;
        let cause = match cause {
            "damaged" => Cause::Damaged,
            "refused" => Cause::Refused,
            cause if cause == over_limit(limits) => Cause::OverLimit,
            _ => return None,
        };
        Some(Self { content: ContentId { version: version.to_owned(), ..content.clone() }, cause })
    }
}

fn over_limit(limits: Limits) -> String {
    format!("over-limit-{}-{}", limits.max_bytes, limits.max_ratio)
}
