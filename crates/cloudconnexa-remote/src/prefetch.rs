//! Prefetching: objects are requested before their turn to be read comes.

use std::collections::HashMap;
use std::mem;
use std::sync::{Mutex, PoisonError};

use crate::client::Client;
use crate::object::Object;
use crate::reader::Reader;

/// A list of objects that are requested before they are opened, because a request takes longer than reading most objects.
///
/// At most [`Options::concurrency`](crate::Options::concurrency) objects are requested at the same time. An object that is
/// requested but not opened holds a few chunks of at most 400 KiB.
#[derive(Debug)]
pub struct Prefetcher {
    client: Client,
    objects: Vec<Object>,
    /// The number of objects after an opened one that are requested.
    lookahead: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    was_requested: Vec<bool>,
    /// The readers of objects that are requested but not opened.
    pending: HashMap<usize, Reader>,
}

impl Prefetcher {
    /// Takes the objects in the order that they will be opened in, without requesting any.
    ///
    /// `readers` is the number of threads that open objects, each a range of consecutive ones; they share the concurrency.
    pub fn new(client: &Client, objects: Vec<Object>, readers: usize) -> Self {
        let state = State { was_requested: vec![false; objects.len()], pending: HashMap::new() };
        let lookahead = (client.concurrency() / readers.max(1)).saturating_sub(1);
        Self { client: client.clone(), objects, lookahead, state: Mutex::new(state) }
    }

    /// Opens the object at `index`, and requests those after it. Returns `None` if `index` is out of bounds.
    ///
    /// The reader starts at the first byte, also if the object is opened again.
    pub fn open(&self, index: usize) -> Option<Reader> {
        let object = self.objects.get(index)?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { was_requested, pending } = &mut *state;
        let reader = pending.remove(&index).unwrap_or_else(|| self.client.read(object));
        was_requested[index] = true;
        for (next, was_requested) in was_requested.iter_mut().enumerate().skip(index + 1).take(self.lookahead)
        {
            if pending.len() + 1 >= self.client.concurrency() {
                break;
            }
            if !mem::replace(was_requested, true) {
                pending.insert(next, self.client.read(&self.objects[next]));
            }
        }
        Some(reader)
    }
}
