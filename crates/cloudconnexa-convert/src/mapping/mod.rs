//! Writes events as JSON by plans, which are generated from `schema/mappings.json`.
//!
//! A plan is the tree of an object: constants, prepared as text, and the places of values. A value is copied from the record as
//! it is written, without decoding. Fields that a plan does not map are written as leftovers, so nothing is lost.

mod escape;
mod leftovers;
mod number;
mod value;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use escape::push_escaped;
pub(crate) use leftovers::Absent;
pub(crate) use writer::Writer;

/// The greatest integer of 32 bits, and of 64.
pub(crate) const MAX_INT: u64 = 0x7fff_ffff;
pub(crate) const MAX_LONG: u64 = 0x7fff_ffff_ffff_ffff;

/// The bit of a field's number that says that it is in the `log`.
const LOG: u8 = 0x80;

/// The output of an event in a target.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The class, in OCSF.
    pub(crate) class_uid: u32,
    /// The conditions of the cases. The first whose conditions hold applies, and the last has none.
    pub(crate) cases: &'static [&'static [Condition]],
    /// The fields of the header and of the `log` that constants express, a bit each.
    pub(crate) expressed: [u64; 2],
    pub(crate) members: &'static [Node],
}

/// A condition on a field: it has one of these values, as they are written in JSON.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) field: u8,
    pub(crate) values: &'static [&'static str],
}

/// A part of an object. Each text ends with a comma.
#[derive(Debug)]
pub(crate) enum Node {
    /// Members that are always the same.
    Fixed(&'static str),
    /// Members for each case.
    Cases(&'static [&'static str]),
    /// The record itself, as a string.
    Record { key: &'static str },
    /// A member with the value of the first source that has one.
    Value {
        key: &'static str,
        sources: &'static [Source],
        /// The member if no source has a value.
        otherwise: &'static str,
    },
    /// A list of the values of all sources, each once.
    List { open: &'static str, sources: &'static [Source] },
    Object {
        open: &'static str,
        close: &'static str,
        /// Members that are written if a value is.
        with: &'static str,
        /// Groups of members, a bit each. The object has to have one of each group.
        needs: &'static [u32],
        /// The alternative to an object whose required members are missing.
        otherwise: &'static str,
        members: &'static [Node],
    },
}

/// A field that a value comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    /// Its index in the header or, with [`LOG`], in the `log`.
    pub(crate) field: u8,
    pub(crate) when: &'static [Condition],
    pub(crate) write: Write,
}

impl Node {
    pub(crate) const fn value(key: &'static str, sources: &'static [Source]) -> Self {
        Self::Value { key, sources, otherwise: "" }
    }

    pub(crate) const fn value_or(
        key: &'static str,
        otherwise: &'static str,
        sources: &'static [Source],
    ) -> Self {
        Self::Value { key, sources, otherwise }
    }
}

impl Source {
    pub(crate) const fn new(field: u8, write: Write) -> Self {
        Self { field, when: &[], write }
    }

    /// Adds conditions, all of which have to hold.
    pub(crate) const fn when(self, when: &'static [Condition]) -> Self {
        Self { when, ..self }
    }
}

/// How a value is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Write {
    /// As it is.
    Copy,
    /// An integer, as its digits.
    Integer,
    /// An integer, as a string of its digits.
    Quoted,
    /// A time, as milliseconds since the Unix epoch.
    UnixMillis,
    /// A time, as RFC 3339 in UTC.
    Rfc3339,
    /// An integer, multiplied. Beyond the limit, it has no place.
    Scaled { factor: u64, limit: u64 },
    /// Digits in a string, as a number up to the limit.
    Number { limit: u64 },
    /// A string, in lower case.
    Lowercase,
    /// Values become whole members, and any other one follows `other`. It has no place if that is empty.
    Map { rows: &'static [(&'static str, &'static str)], other: &'static str },
}
