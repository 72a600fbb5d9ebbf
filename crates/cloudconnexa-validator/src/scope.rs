//! The two objects of a record whose fields the schema describes.

/// The object of a record that a field is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// The record itself.
    Header,
    /// The `log` of the record.
    Log,
}

impl Scope {
    /// Returns the scope of the object with this id in the fast tier: 0 is the header, any other the `log` of an event.
    pub(crate) fn of(id: usize) -> Self {
        if id == 0 { Self::Header } else { Self::Log }
    }

    /// Returns the JSON Pointer to the field `name`, which the schema describes and which needs no escapes.
    pub(crate) fn pointer(self, name: &str) -> String {
        let object = match self {
            Self::Header => "/",
            Self::Log => "/log/",
        };
        [object, name].concat()
    }
}
