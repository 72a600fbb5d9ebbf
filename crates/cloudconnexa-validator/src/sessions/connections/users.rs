//! The users of connections, each with an index.

use std::collections::HashMap;

use crate::instant::Micros;
use crate::sessions::hash::session_key;

/// A user who connected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ConnectedUser {
    /// The tenant: `cloudId`.
    pub cloud_id: Box<str>,
    /// The identifier of the user, as of [`Actors::user_id`](cloudconnexa_events::Actors::user_id).
    pub user_id: Box<str>,
    /// The name of the user in the latest event that has one.
    pub user_name: Option<Box<str>>,
}

/// How many bytes of a text are kept, to show it. Users differ by their whole identifiers.
const MAX_BYTES: usize = 256;

/// Users by their identifiers.
#[derive(Debug, Default)]
pub(super) struct Users {
    indexes: HashMap<u128, u32>,
    list: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    key: u128,
    user: ConnectedUser,
    /// When the event that has the name occurred.
    named_at: Micros,
}

impl Users {
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns the index of a user, who has this name at this time.
    pub(super) fn index(&mut self, cloud: &str, id: &str, name: Option<&str>, time: Micros) -> u32 {
        let user = || ConnectedUser { cloud_id: shown(cloud), user_id: shown(id), user_name: None };
        let index = self.entry(session_key(cloud, id), user);
        if let Some(name) = name {
            self.list[index as usize].rename(name, time);
        }
        index
    }

    fn entry(&mut self, key: u128, user: impl FnOnce() -> ConnectedUser) -> u32 {
        let list = &mut self.list;
        *self.indexes.entry(key).or_insert_with(|| {
            list.push(Entry { key, user: user(), named_at: Micros::MIN });
            // There are fewer, as memory for them is limited.
            u32::try_from(list.len() - 1).unwrap_or(u32::MAX - 1)
        })
    }

    /// Adds other users. Returns the index here of each.
    pub(super) fn append(&mut self, other: Self) -> Vec<u32> {
        let add = |Entry { key, user, named_at }: Entry| {
            let name = user.user_name.clone();
            let index = self.entry(key, || ConnectedUser { user_name: None, ..user });
            if let Some(name) = name {
                self.list[index as usize].rename(&name, named_at);
            }
            index
        };
        other.list.into_iter().map(add).collect()
    }

    pub(super) fn into_list(self) -> Vec<ConnectedUser> {
        self.list.into_iter().map(|entry| entry.user).collect()
    }
}

impl Entry {
    /// Takes the name of the latest event and, of names at the same time, the last in alphabetical order, so that it does not
    /// depend on the order of events.
    fn rename(&mut self, name: &str, time: Micros) {
        let present = self.user.user_name.as_deref();
        if present.is_none_or(|present| (self.named_at, present) < (time, name)) {
            if present != Some(name) {
                self.user.user_name = Some(shown(name));
            }
            self.named_at = time;
        }
    }
}

/// Returns a text, shortened if it is far longer than a name.
fn shown(text: &str) -> Box<str> {
    match text.char_indices().find(|(at, c)| at + c.len_utf8() > MAX_BYTES) {
        None => text.into(),
        Some((at, _)) => format!("{}…", &text[..at]).into(),
    }
}
