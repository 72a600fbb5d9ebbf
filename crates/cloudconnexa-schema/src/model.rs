//! The model of a schema: events, objects, fields and scalars, in the order of the file.

use crate::document::Document;
use crate::error::{Problem, SchemaError, SchemaErrorKind};
use crate::json::Json;
use crate::lint;

/// A schema of log events.
///
/// Every reference within it resolves: a field's definition is among [`scalars`](Self::scalars), the `log` of an event among
/// [`logs`](Self::logs).
#[derive(Clone, Debug)]
pub struct Schema {
    pub(crate) document: Document,
    pub(crate) envelope: Vec<EnvelopeField>,
    pub(crate) events: Vec<Event>,
    pub(crate) header: Object,
    pub(crate) logs: Vec<Object>,
    pub(crate) scalars: Vec<Scalar>,
}

/// A field that the root of the schema describes itself: `eventName` or `log`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnvelopeField {
    /// The name in the JSON.
    pub name: String,
    /// The JSON Pointer to the property.
    pub pointer: String,
    /// The description, as Markdown.
    pub description: String,
}

/// An event: a branch of the root's `allOf`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// The value of `eventName`.
    pub name: String,
    /// The JSON Pointer to the branch.
    pub pointer: String,
    /// The title, in a few words.
    pub title: String,
    /// What the event reports, as Markdown.
    pub description: String,
    /// The name in `$defs` of the object in `log`, if the event has one.
    pub log: Option<String>,
    /// A `log` that is known to occur and is not described.
    pub unmodelled: Vec<UnmodelledField>,
}

/// A definition that is an object with fields: the header, or the `log` of an event.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Object {
    /// The name in `$defs`.
    pub name: String,
    /// The JSON Pointer to the definition.
    pub pointer: String,
    /// The title, in a few words.
    pub title: String,
    /// What the object holds, as Markdown.
    pub description: String,
    /// The fields, in order.
    pub fields: Vec<Field>,
    /// Fields that are known to occur and are not described.
    pub unmodelled: Vec<UnmodelledField>,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// The name in the JSON.
    pub name: String,
    /// The JSON Pointer to the property.
    pub pointer: String,
    /// Whether an object without the field is invalid.
    pub required: bool,
    /// Whether the value may be null.
    pub nullable: bool,
    /// Whether the vendor has announced that the field will go away.
    pub deprecated: bool,
    /// The field of the same object that replaces a deprecated one.
    pub replaced_by: Option<String>,
    /// What the value has to be, apart from null; [`Schema::value_kind`] resolves it.
    pub kind: FieldKind,
    /// The description, as Markdown.
    pub description: String,
    /// Example values.
    pub examples: Vec<Json>,
    /// How the field is known.
    pub provenance: Provenance,
}

/// What the value of a field has to be.
///
/// Exhaustive on purpose: a generator that does not handle a new kind must not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// `true` or `false`.
    Boolean,
    /// Any string.
    String,
    /// A value of the scalar definition with this name.
    Definition(String),
}

/// What the value of a field has to be, with its definition.
///
/// Exhaustive on purpose, as [`FieldKind`] is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueKind<'a> {
    /// `true` or `false`.
    Boolean,
    /// Any string.
    String,
    /// A value of this definition.
    Scalar(&'a Scalar),
}

/// A field that is known to occur, and for which no type can be generated (`x-unmodelled`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnmodelledField {
    /// The name in the JSON.
    pub name: String,
    /// The JSON Pointer to the entry.
    pub pointer: String,
    /// The JSON Schema types of its values.
    pub types: Vec<String>,
    /// The description, as Markdown.
    pub description: String,
}

/// A definition that is not an object.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Scalar {
    /// The name in `$defs`.
    pub name: String,
    /// The JSON Pointer to the definition.
    pub pointer: String,
    /// The title, in a few words.
    pub title: String,
    /// The description, as Markdown.
    pub description: String,
    /// The values that are valid.
    pub kind: ScalarKind,
}

/// The values that a scalar definition admits.
///
/// Exhaustive on purpose, as [`FieldKind`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScalarKind {
    /// An integer.
    Integer {
        /// Inclusive lower bound.
        minimum: u64,
        /// Inclusive upper bound.
        maximum: u64,
        /// The values known so far, if the schema lists them; others within the bounds are valid too.
        known: Vec<u64>,
    },
    /// A string in one of these formats.
    Format {
        /// The formats of JSON Schema (`date-time`, `uuid`, `ipv4`, `ipv6`).
        formats: Vec<String>,
        /// Whether the empty string is valid too.
        or_empty: bool,
    },
    /// A string out of a closed list.
    Constant(Vec<String>),
    /// Any string, some of which are known.
    Vocabulary {
        /// The known values, each with a description.
        values: Vec<KnownValue>,
        /// Known values that no variant of a Rust enum can be named after (`x-known-values`).
        unmodelled: Vec<String>,
    },
}

/// A known value of an open vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownValue {
    /// The value.
    pub value: String,
    /// The JSON Pointer to the `anyOf` branch that lists it.
    pub pointer: String,
    /// What it means, as Markdown.
    pub description: String,
    /// How it is known.
    pub provenance: Provenance,
}

/// How something is known: the values of `x-provenance`.
///
/// Exhaustive on purpose, as [`FieldKind`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// Without a mark: the vendor documents it.
    Documented,
    /// `example`: it occurs in an example or a repository of the vendor.
    Example,
    /// `real-data`: people have seen it in real logs.
    RealData,
    /// `inferred`: it follows from the rest.
    Inferred,
}

impl Schema {
    /// Parses the text of a schema, which has to pass the lint.
    ///
    /// # Errors
    ///
    /// Returns an error with every problem of the schema.
    pub fn parse(text: impl Into<String>) -> Result<Self, SchemaError> {
        let (schema, problems) = Self::parse_lenient(text)?;
        if problems.is_empty() {
            Ok(schema)
        } else {
            Err(SchemaError::new(SchemaErrorKind::Lint, None, problems))
        }
    }

    /// Parses the text of a schema, and returns it with the problems that the lint finds, in the order of the file.
    ///
    /// What the lint refuses is left out of the model or taken for what it most likely means.
    ///
    /// ```
    /// use cloudconnexa_schema::{ProblemKind, Schema};
    ///
    /// let text = cloudconnexa_events::SCHEMA.replace("\"title\": \"Port\",", "");
    /// let (schema, problems) = Schema::parse_lenient(text)?;
    /// assert!(schema.scalar("Port").is_some());
    /// assert_eq!(problems[0].kind(), ProblemKind::Documentation);
    /// # Ok::<(), cloudconnexa_schema::SchemaError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON, if the header or the branches of the events cannot be found in it, or if a
    /// reference or the kind of a field cannot be resolved.
    pub fn parse_lenient(text: impl Into<String>) -> Result<(Self, Vec<Problem>), SchemaError> {
        lint::read(Document::parse(text)?)
    }

    /// Returns the text that the model was read from, with its value and positions.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Returns the fields that the root describes itself: `eventName` and `log`.
    #[must_use]
    pub fn envelope(&self) -> &[EnvelopeField] {
        &self.envelope
    }

    /// Returns the events, in the order of `allOf`.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Returns the fields of every event, apart from `eventName` and `log`.
    #[must_use]
    pub fn header(&self) -> &Object {
        &self.header
    }

    /// Returns the `log` objects, in the order of `$defs`.
    #[must_use]
    pub fn logs(&self) -> &[Object] {
        &self.logs
    }

    /// Returns all other definitions, in the order of `$defs`.
    #[must_use]
    pub fn scalars(&self) -> &[Scalar] {
        &self.scalars
    }

    /// Returns the event with this `eventName`.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.name == name)
    }

    /// Returns the object in the `log` of an event of this schema, if the event has one.
    #[must_use]
    pub fn log_of(&self, event: &Event) -> Option<&Object> {
        let name = event.log.as_ref()?;
        self.logs.iter().find(|log| log.name == *name)
    }

    /// Returns the scalar definition with this name.
    #[must_use]
    pub fn scalar(&self, name: &str) -> Option<&Scalar> {
        self.scalars.iter().find(|scalar| scalar.name == name)
    }

    /// Resolves what the value of a field has to be.
    ///
    /// # Panics
    ///
    /// Panics if `field` is of another schema, and refers to a definition that this one does not have.
    #[must_use]
    pub fn value_kind(&self, field: &Field) -> ValueKind<'_> {
        match &field.kind {
            FieldKind::Boolean => ValueKind::Boolean,
            FieldKind::String => ValueKind::String,
            FieldKind::Definition(name) => ValueKind::Scalar(
                self.scalar(name).expect("a field refers to a definition of its own schema"),
            ),
        }
    }
}

impl Object {
    /// Returns the field with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Scalar {
    /// Returns the name of the Rust type that is generated for the definition, and takes every value that the schema accepts.
    #[must_use]
    pub fn rust_type(&self) -> &str {
        match &self.kind {
            ScalarKind::Integer { maximum, .. } => match *maximum {
                0..=0xff => "u8",
                0x100..=0xffff => "u16",
                0x1_0000..=0xffff_ffff => "u32",
                _ => "u64",
            },
            ScalarKind::Format { formats, or_empty } => match (formats.as_slice(), or_empty) {
                ([format], _) if format == "date-time" => "Timestamp",
                ([format], _) if format == "uuid" => "Uuid",
                ([format], _) if format == "ipv4" => "Ipv4Address",
                ([format], _) if format == "ipv6" => "Ipv6Address",
                // Without a format, as a lenient reader finds it.
                ([], _) => "String",
                (_, false) => "IpAddress",
                (_, true) => "IpAddressOrEmpty",
            },
            ScalarKind::Constant(_) | ScalarKind::Vocabulary { .. } => &self.name,
        }
    }
}

impl ScalarKind {
    /// Returns whether the vendor may add values: whether a value that is not listed is valid.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self, Self::Constant(_))
    }
}
