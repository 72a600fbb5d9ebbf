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
    /// How many behind one that is opened are asked for.
    depth: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    was_started: Vec<bool>,
    /// Asked for and not opened.
    ahead: HashMap<usize, Reader>,
}

impl Line {
    /// A line of objects, of which nothing is asked for yet; each of `readers` threads will open some that follow one
    /// another.
    pub fn new(client: &Client, objects: Vec<Object>, readers: usize) -> Self {
        let state = State { was_started: vec![false; objects.len()], ahead: HashMap::new() };
        let depth = (client.at_once() / readers.max(1)).saturating_sub(1);
        Self { client: client.clone(), objects, depth, state: Mutex::new(state) }
    }

    /// The object at `place`, to be read from its start; others are asked for meanwhile. `None` behind the last one.
    pub fn open(&self, place: usize) -> Option<Reader> {
        let object = self.objects.get(place)?;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { was_started, ahead } = &mut *state;
        let reader = ahead.remove(&place).unwrap_or_else(|| self.client.read(object));
        was_started[place] = true;
        for (next, was_started) in was_started.iter_mut().enumerate().skip(place + 1).take(self.depth) {
            if ahead.len() + 1 >= self.client.at_once() {
                break;
            }
            if !std::mem::replace(was_started, true) {
                ahead.insert(next, self.client.read(&self.objects[next]));
            }
        }
        Some(reader)
    }
}
