//! The start of a page of a list.

use object_store::list::PaginatedListOptions;

/// The maximum number of keys on a page.
const PAGE_KEYS: usize = 1000;

/// The start of a page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PageToken {
    /// The first page.
    Start,
    /// The page after a key that may not exist, and then those that the server names.
    From(String),
    /// A token of the server.
    Server(String),
    /// The page after a key, with at most this many keys.
    After(String, usize),
}

impl PageToken {
    pub(crate) fn options(&self) -> PaginatedListOptions {
        let default = PaginatedListOptions::default();
        match self {
            Self::Start => default,
            Self::From(key) => PaginatedListOptions { offset: Some(key.clone()), ..default },
            Self::Server(token) => PaginatedListOptions { page_token: Some(token.clone()), ..default },
            Self::After(key, max_keys) => PaginatedListOptions {
                offset: Some(key.clone()).filter(|key| !key.is_empty()),
                max_keys: Some(*max_keys),
                ..default
            },
        }
    }

    /// Returns the start of the next page, given the server's token for it and the last key of this one.
    pub(crate) fn next(&self, token: String, last: &str) -> Self {
        match self {
            // A key that ends with a slash is listed without it.
            Self::After(before, max_keys) if before == last => Self::After(format!("{last}/"), *max_keys),
            Self::After(before, _) if last < before.as_str() => self.clone(),
            Self::After(_, max_keys) => Self::After(last.to_owned(), (2 * max_keys).min(PAGE_KEYS)),
            Self::Start | Self::From(_) | Self::Server(_) => Self::Server(token),
        }
    }

    /// Returns a smaller page with the same start, which is after the key `last`; `None` if this one has a single key.
    pub(crate) fn halved(&self, last: &str) -> Option<Self> {
        match self {
            Self::After(_, 1) => None,
            Self::After(key, max_keys) => Some(Self::After(key.clone(), max_keys / 2)),
            Self::Start | Self::From(_) | Self::Server(_) => {
                Some(Self::After(last.to_owned(), PAGE_KEYS / 2))
            }
        }
    }
}
