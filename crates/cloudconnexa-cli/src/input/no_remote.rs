//! What stands for objects in a binary that is built without them.

use std::io::Read;
use std::sync::Arc;

use super::{Gathered, Source};

/// How objects are asked for: not at all.
#[derive(Debug, Default, Clone)]
pub(crate) struct NetworkOptions {}

/// There is none.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Remote {}

impl Remote {
    pub(crate) fn name(&self) -> &str {
        match *self {}
    }

    pub(crate) fn length(&self) -> Option<u64> {
        match *self {}
    }

    pub(crate) fn modified(&self) -> Option<i64> {
        match *self {}
    }

    pub(crate) fn etag(&self) -> Option<&str> {
        match *self {}
    }

    pub(crate) fn open(&self) -> Box<dyn Read + Send> {
        match *self {}
    }
}

/// Whether an input is an address, and no path.
pub(crate) fn is_address(text: &str) -> bool {
    ["s3://", "http://", "https://"].iter().any(|scheme| text.starts_with(scheme))
}

/// There is nothing to be read ahead.
pub(crate) fn line_up(_: &[Source], _: usize) -> Option<Arc<()>> {
    None
}

/// Says that there are no objects.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    /// Folders and patterns may stand for nothing.
    pub(super) may_be_empty: bool,
}

impl Finder {
    pub(crate) fn new(_: NetworkOptions, _: bool) -> Self {
        Self::default()
    }

    /// From now on it is fine if there is nothing yet.
    pub(crate) fn let_be_empty(&mut self) {
        self.may_be_empty = true;
    }

    #[expect(clippy::unused_self, reason = "as it is where there are objects")]
    pub(super) fn find(
        &mut self,
        text: &str,
        gathered: &mut Gathered,
        _: &mut dyn FnMut(&mut Gathered, Source, bool),
    ) {
        let scheme = text.split("://").next().unwrap_or_default();
        gathered.problems.push(format!(
            "cannot read what is at `{scheme}://`: this ccxlog was built without its feature `s3`; download it first"
        ));
    }
}
