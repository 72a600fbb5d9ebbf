//! Emits the tables of the fast validator: fields, kinds, bounds, required masks, known events, hashes of names.

use cloudconnexa_schema::{Field, Object, Problem, ProblemKind, Scalar, ScalarKind, Schema, ValueKind};
use proc_macro2::TokenStream;
use quote::quote;

use crate::Error;
use crate::catalog::literal;
use crate::print::{self, Piece};

/// The fields that the root of the schema describes itself.
const EVENT_NAME: &str = "eventName";
const LOG: &str = "log";
/// The vocabulary of `eventName`, which has a table of its own.
const EVENT_NAME_VOCABULARY: &str = "EventName";
/// The field whose unknown values are reported as an unknown version.
const VERSION: &str = "CloudConnexaLogVersion";

/// The greatest number of fields: the validator keeps one bit of a 64-bit mask for each, and reserves two.
const MAX_FIELDS: usize = 62;
/// The greatest length of a name in bytes: what the validator compares at once (64 bytes), less the comma, the quotes and the
/// colon around it.
const MAX_NAME_BYTES: usize = 60;

/// Renders the tables.
///
/// # Errors
///
/// Returns an error if the tables have no room for the schema, or no check for one of its formats.
pub fn render(schema: &Schema) -> Result<String, Error> {
    let mut emitter = Emitter { schema, problems: Vec::new() };
    let vocabularies: Vec<TokenStream> =
        schema.scalars().iter().filter_map(|scalar| emitter.vocabulary(scalar)).collect();
    let header = emitter.header();
    let logs: Vec<TokenStream> =
        schema.events().iter().map(|event| emitter.log(schema.log_of(event))).collect();
    let names: Vec<&str> = schema.events().iter().map(|event| event.name.as_str()).collect();
    let events = emitter.names("/allOf", &names);
    if !emitter.problems.is_empty() {
        return Err(Error { problems: emitter.problems });
    }
    let tokens = quote! {
        use crate::fast::table::{Field, Kind, Names, Shape};
        use crate::fast::vocabulary::{Vocabulary, Word};
        /// The fields of every event, including `eventName` and `log`.
        pub(crate) static HEADER: Shape = #header;
        /// The `log` of each event, in the order of the catalogue; `None` for an event without one.
        pub(crate) static LOGS: &[Option<Shape>] = &[#(#logs),*];
        /// The names of the events, in the order of the catalogue.
        pub(crate) static EVENTS: Names = #events;
        #(#vocabularies)*
    };
    print::file(
        "The tables of the fast validator: events, fields and vocabularies.",
        vec![Piece::Tokens(tokens)],
    )
}

struct Emitter<'a> {
    schema: &'a Schema,
    problems: Vec<Problem>,
}

impl Emitter<'_> {
    fn problem(&mut self, kind: ProblemKind, pointer: &str, message: String) {
        self.problems.push(Problem::new(kind, pointer, message));
    }

    /// Returns the shape of the header with the two fields that the root of the schema adds to it.
    fn header(&mut self) -> TokenStream {
        let mut fields: Vec<(&str, bool, TokenStream)> = Vec::new();
        for field in &self.schema.header().fields {
            let is_version = field.name == VERSION;
            let kind = if is_version { self.version(field) } else { self.kind(field) };
            fields.push((&field.name, field.required, entry(field, &kind)));
        }
        // The lint guarantees that `eventName` is a required string, and `log` an object.
        fields.push((EVENT_NAME, true, quote!(Field::new(#EVENT_NAME, Kind::EventName))));
        fields.push((LOG, false, quote!(Field::new(#LOG, Kind::Log))));
        self.shape("/$defs/Header/properties", &fields)
    }

    /// Returns the shape of the `log` of an event.
    fn log(&mut self, log: Option<&Object>) -> TokenStream {
        let Some(log) = log else { return quote!(None) };
        let fields: Vec<_> = log
            .fields
            .iter()
            .map(|field| (&*field.name, field.required, entry(field, &self.kind(field))))
            .collect();
        let shape = self.shape(&format!("{}/properties", log.pointer), &fields);
        quote!(Some(#shape))
    }

    fn shape(&mut self, pointer: &str, fields: &[(&str, bool, TokenStream)]) -> TokenStream {
        if fields.len() > MAX_FIELDS {
            let message = format!(
                "has {} fields, but the fast validator keeps track of {MAX_FIELDS} at most",
                fields.len()
            );
            self.problem(ProblemKind::Limit, pointer, message);
        }
        let required = (0..MAX_FIELDS)
            .zip(fields)
            .fold(0_u64, |mask, (index, (_, required, _))| mask | u64::from(*required) << index);
        let required = format!("{required:#b}").parse::<proc_macro2::Literal>().ok();
        let list: Vec<&str> = fields.iter().map(|(name, ..)| *name).collect();
        let names = self.names(pointer, &list);
        let fields = fields.iter().map(|(.., entry)| entry);
        quote!(Shape::new(&[#(#fields),*], #required, #names))
    }

    /// Returns the table of an open vocabulary, shared by all fields that use it.
    fn vocabulary(&mut self, scalar: &Scalar) -> Option<TokenStream> {
        let ScalarKind::Vocabulary { values: known, .. } = &scalar.kind else { return None };
        if scalar.name == EVENT_NAME_VOCABULARY {
            return None;
        }
        let values: Vec<&str> = known.iter().map(|known| known.value.as_str()).collect();
        let (pointer, name) = (format!("{}/anyOf", scalar.pointer), static_name(&scalar.name));
        let names = self.names(&pointer, &values);
        let words = values.iter().map(|value| quote!(Word::new(#value)));
        Some(quote!(static #name: Vocabulary = Vocabulary { values: &[#(#words),*], names: #names };))
    }

    /// Returns what the value of a field has to be. A kind that is added to the model does not compile until it is handled here.
    fn kind(&mut self, field: &Field) -> TokenStream {
        // The lint admits null for strings only.
        match (self.schema.value_kind(field), field.nullable) {
            (ValueKind::Boolean, _) => quote!(Kind::Boolean),
            (ValueKind::String, false) => quote!(Kind::Text),
            (ValueKind::String, true) => quote!(Kind::NullableText),
            (ValueKind::Scalar(scalar), _) => self.scalar(scalar),
        }
    }

    fn scalar(&mut self, scalar: &Scalar) -> TokenStream {
        match &scalar.kind {
            ScalarKind::Integer { minimum, maximum, known: _ } => {
                let (minimum, maximum) = (literal(*minimum), literal(*maximum));
                quote!(Kind::Integer { minimum: #minimum, maximum: #maximum })
            }
            ScalarKind::Format { formats, or_empty } => {
                let formats: Vec<&str> = formats.iter().map(String::as_str).collect();
                match (&formats[..], or_empty) {
                    (["date-time"], false) => quote!(Kind::DateTime),
                    (["uuid"], false) => quote!(Kind::Uuid),
                    (["ipv4"], false) => quote!(Kind::Ipv4),
                    (["ipv6"], false) => quote!(Kind::Ipv6),
                    (["ipv4", "ipv6"], false) => quote!(Kind::Ip),
                    (["ipv4", "ipv6"], true) => quote!(Kind::IpOrEmpty),
                    _ => {
                        let empty = if *or_empty { " or an empty string" } else { "" };
                        let message = format!(
                            "the fast validator has no check for the format `{}`{empty}: write one, and emit it in acceptor.rs",
                            formats.join("` or `")
                        );
                        self.problem(ProblemKind::Unsupported, &scalar.pointer, message);
                        quote!(Kind::Text)
                    }
                }
            }
            ScalarKind::Constant(values) => {
                for value in values {
                    self.check_name(&format!("{}/enum", scalar.pointer), value);
                }
                quote!(Kind::Constant(&[#(#values),*]))
            }
            ScalarKind::Vocabulary { .. } => {
                let name = static_name(&scalar.name);
                quote!(Kind::Vocabulary(&#name))
            }
        }
    }

    /// Returns the kind of the version, for which the validator looks up known values.
    fn version(&mut self, field: &Field) -> TokenStream {
        match self.schema.value_kind(field) {
            ValueKind::Scalar(Scalar { kind: ScalarKind::Integer { minimum, maximum, .. }, .. }) => {
                let (minimum, maximum) = (literal(*minimum), literal(*maximum));
                quote!(Kind::Version { minimum: #minimum, maximum: #maximum })
            }
            _ => self.kind(field),
        }
    }

    /// Reports a name that JSON can spell in more than one way, or that is too long: names are compared as raw bytes.
    fn check_name(&mut self, pointer: &str, name: &str) {
        let is_plain = name.bytes().all(|byte| (b' '..0x7f).contains(&byte) && byte != b'"' && byte != b'\\');
        if !is_plain || name.len() > MAX_NAME_BYTES {
            let message = format!(
                "the fast validator needs names of printable ASCII without quotes, at most {MAX_NAME_BYTES} bytes: `{name}` is not one"
            );
            self.problem(ProblemKind::Limit, pointer, message);
        }
    }

    /// Returns a table from the hash of each name to its index in `names`.
    fn names(&mut self, pointer: &str, names: &[&str]) -> TokenStream {
        for name in names {
            self.check_name(pointer, name);
        }
        let Some((multiplier, bits, indices)) = perfect_hash(names) else {
            let message = "some of these names have the same length and the same first and last eight bytes: the \
                           fast validator cannot tell them apart by its hash";
            self.problem(ProblemKind::Limit, pointer, message.to_owned());
            return TokenStream::new();
        };
        let multiplier = format!("{multiplier:#018x}").parse::<proc_macro2::Literal>().ok();
        let bits = proc_macro2::Literal::u32_unsuffixed(bits);
        let indices = indices.iter().map(|&index| proc_macro2::Literal::u8_unsuffixed(index));
        quote!(Names { multiplier: #multiplier, bits: #bits, places: &[#(#indices),*] })
    }
}

/// Returns the entry of a field in the table of its object.
fn entry(field: &Field, kind: &TokenStream) -> TokenStream {
    let name = &field.name;
    if field.deprecated { quote!(Field::deprecated(#name, #kind)) } else { quote!(Field::new(#name, #kind)) }
}

/// Returns the name of the table of a definition.
fn static_name(definition: &str) -> proc_macro2::Ident {
    let name = heck::AsShoutySnakeCase(definition).to_string();
    proc_macro2::Ident::new(&name, proc_macro2::Span::call_site())
}

/// Finds a multiplier under which no two names have the same hash, with as few bits as possible. Returns it with the number of
/// bits and the table of indices; `None` if there is none within the attempts.
fn perfect_hash(names: &[&str]) -> Option<(u64, u32, Vec<u8>)> {
    let min_bits = names.len().next_power_of_two().trailing_zeros().max(1);
    for bits in min_bits + 1..=min_bits + 4 {
        let mut multiplier = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            if let Some(indices) = hash_table(names, multiplier, bits) {
                return Some((multiplier, bits, indices));
            }
            // Any sequence of odd numbers works.
            multiplier = multiplier.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(2);
        }
    }
    None
}

/// Returns the index of each name at its hash, and `u8::MAX` elsewhere; `None` if two names have the same hash.
fn hash_table(names: &[&str], multiplier: u64, bits: u32) -> Option<Vec<u8>> {
    let mut table = vec![u8::MAX; 1 << bits];
    for (index, name) in names.iter().enumerate() {
        let hash =
            usize::try_from(fingerprint(name.as_bytes()).wrapping_mul(multiplier) >> (64 - bits)).ok()?;
        let slot = &mut table[hash];
        if *slot != u8::MAX {
            return None;
        }
        *slot = u8::try_from(index).ok()?;
    }
    Some(table)
}

/// Hashes a name as `cloudconnexa_tape::fingerprint` does; a test of the validator looks up every name.
fn fingerprint(name: &[u8]) -> u64 {
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |word, &byte| word << 8 | u64::from(byte));
    let first = word(&name[..name.len().min(8)]);
    let last = word(&name[name.len().saturating_sub(8)..]);
    first ^ last.rotate_left(29) ^ name.len() as u64
}
