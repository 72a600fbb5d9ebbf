//! The texts that a record holds, one in another.

use std::sync::Arc;

/// The index of a text: 0 is the record itself.
pub(super) type LayerIndex = usize;

/// The decoded texts of the strings of a record that may hold events.
#[derive(Clone, Debug, Default)]
pub(super) struct Layers(Vec<Arc<str>>);

impl Layers {
    /// Adds the text of a string, and returns its index.
    pub(super) fn push(&mut self, text: Arc<str>) -> LayerIndex {
        self.0.push(text);
        self.0.len()
    }

    /// Removes a text and those added after it.
    pub(super) fn truncate(&mut self, first: LayerIndex) {
        self.0.truncate(first - 1);
    }

    /// Returns a text, unless it is the record itself.
    pub(super) fn get(&self, index: LayerIndex) -> Option<&str> {
        self.0.get(index.checked_sub(1)?).map(|text| &**text)
    }
}
