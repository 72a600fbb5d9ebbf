//! A schema that passed the lint: what the emitters work from.

use crate::ordered::Json;

/// The whole schema.
#[derive(Debug)]
pub struct Model {
    /// The text's JSON, as it stands.
    pub json: Json,
    /// The events, in the order of the if/then chain.
    pub events: Vec<Event>,
    /// The fields of every event, beside `eventName` and `log`.
    pub header: Object,
    /// The `log` objects, in the order of `$defs`.
    pub logs: Vec<Object>,
    /// All other definitions, in the order of `$defs`.
    pub scalars: Vec<Scalar>,
}

/// One event.
#[derive(Debug)]
pub struct Event {
    /// Its `eventName`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// The name in `$defs` of its `log`, if it has one.
    pub log: Option<String>,
}

/// A definition that is an object with fields.
#[derive(Debug)]
pub struct Object {
    /// Its name in `$defs`.
    pub name: String,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// Its name in the JSON.
    pub name: String,
    /// Whether it has to be there.
    pub required: bool,
    /// Whether the vendor announced that it goes away.
    pub deprecated: bool,
    /// The field of the same object that takes its place then.
    pub replaced_by: Option<String>,
    /// What its value has to be.
    pub kind: FieldKind,
    /// Its description.
    pub description: String,
    /// How it is known.
    pub provenance: Provenance,
}

/// What the value of a field has to be.
#[derive(Debug, PartialEq)]
pub enum FieldKind {
    /// `true` or `false`.
    Boolean,
    /// Any text.
    String,
    /// Any text, or null.
    NullableString,
    /// What the definition of this name says.
    Def(String),
}

/// A definition that is not an object.
#[derive(Debug)]
pub struct Scalar {
    /// Its name in `$defs`.
    pub name: String,
    /// Its description.
    pub description: String,
    /// What it admits.
    pub kind: ScalarKind,
}

/// What a scalar definition admits.
#[derive(Debug, PartialEq)]
pub enum ScalarKind {
    /// An integer within bounds, both included.
    Integer {
        /// The least.
        minimum: u64,
        /// The greatest.
        maximum: u64,
        /// The values known so far, where the vendor may add others.
        known: Vec<u64>,
    },
    /// A text in one of these formats, or an empty one where `or_empty` says so.
    Format {
        /// The formats.
        formats: Vec<String>,
        /// Whether an empty text will do as well.
        or_empty: bool,
    },
    /// A text out of a closed list.
    Constant(Vec<String>),
    /// Any text, of which some are known.
    Vocabulary(Vec<KnownValue>),
}

/// A known value of an open vocabulary.
#[derive(Debug, PartialEq)]
pub struct KnownValue {
    /// The text.
    pub value: String,
    /// What it stands for.
    pub description: String,
    /// How it is known.
    pub provenance: Provenance,
}

/// How something is known; the values of `x-provenance`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Not marked: the vendor's documentation describes it.
    Documented,
    /// `example`
    Example,
    /// `real-data`
    RealData,
    /// `inferred`
    Inferred,
}

impl Model {
    /// The scalar definition `name`.
    ///
    /// # Panics
    ///
    /// Where there is none: the lint has made sure that every reference has its definition.
    pub fn scalar(&self, name: &str) -> &Scalar {
        self.scalars.iter().find(|scalar| scalar.name == name).unwrap_or_else(|| {
            panic!("the lint let a reference to `{name}` pass, which is no scalar definition")
        })
    }

    /// The `log` definition `name`.
    ///
    /// # Panics
    ///
    /// Where there is none: the lint has made sure that every reference has its definition.
    pub fn log(&self, name: &str) -> &Object {
        self.logs.iter().find(|log| log.name == name).unwrap_or_else(|| {
            panic!("the lint let a reference to `{name}` pass, which is no `log` definition")
        })
    }
}
