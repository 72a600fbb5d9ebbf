//! Objects that will be read one after another: some are under way before their turn comes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::client::Client;
use crate::{Object, Reader};

/// Reads ahead in a list of objects: to ask for an object takes longer than to read most of them.
///
/// What was asked for and is not opened yet holds no more than a few chunks each.
#[derive(Debug)]
pub struct Line {
    client: Client,
    objects: Vec<Object>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What was asked for ends here; some behind it may be, too.
    next: usize,
    /// Asked for and not opened.
    ahead: HashMap<usize, Reader>,
    /// Opened before the line came there.
    taken: Vec<usize>,
}

impl Line {
    /// A line of objects, of which nothing is asked for yet.
    pub fn new(client: &Client, objects: Vec<Object>) -> Self {
        Self { client: client.clone(), objects, state: Mutex::default() }
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The object at `place`, to be read from its start; others are asked for meanwhile. `None` behind the last one.
    pub fn open(&self, place: usize) -> Option<Reader> {
        let object = self.objects.get(place)?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = state.ahead.remove(&place).unwrap_or_else(|| {
            if place >= state.next {
                state.taken.push(place);
            }
            self.client.read(object)
        });
        // Itself is one of those at once.
        while state.ahead.len() + 1 < self.client.at_once() && state.next < self.objects.len() {
            let next = state.next;
            state.next += 1;
            if let Some(index) = state.taken.iter().position(|taken| *taken == next) {
                state.taken.swap_remove(index);
            } else {
                let reader = self.client.read(&self.objects[next]);
                state.ahead.insert(next, reader);
            }
        }
        Some(reader)
    }
}
