//! Writes the tables of the fast validator: fields, kinds, bounds, required masks, known events, hashes of names.

use proc_macro2::TokenStream;
use quote::quote;

use crate::Error;
use crate::catalog::literal;
use crate::lint::Problem;
use crate::model::{Field, FieldKind, Model, Object, Scalar, ScalarKind};
use crate::print::{self, Piece};

/// The fields that the root of the schema describes itself, beside the header.
const EVENT_NAME: &str = "eventName";
const LOG: &str = "log";
/// The vocabulary of `eventName`, which has a table of its own.
const EVENT_NAME_VOCABULARY: &str = "EventName";
/// The field whose known values are told of when another one comes.
const VERSION: &str = "CloudConnexaLogVersion";

/// One bit of a mask for each field, and one number that stands for none.
const MOST_FIELDS: usize = 62;
/// What the validator compares a name with at once, less the comma, the quotes and the colon around it.
const LONGEST_NAME: usize = 60;

/// Renders the tables.
pub fn render(model: &Model) -> Result<String, Error> {
    let mut emitter = Emitter { model, problems: Vec::new() };
    let vocabularies: Vec<TokenStream> =
        model.scalars.iter().filter_map(|scalar| emitter.vocabulary(scalar)).collect();
    let header = emitter.header();
    let logs: Vec<TokenStream> = model.events.iter().map(|event| emitter.log(event.log.as_deref())).collect();
    let names: Vec<&str> = model.events.iter().map(|event| event.name.as_str()).collect();
    let events = emitter.names("/allOf", &names);
    if !emitter.problems.is_empty() {
        return Err(Error { problems: emitter.problems });
    }
    let tokens = quote! {
        use crate::fast::table::{Field, Kind, Names, Shape};
        use crate::fast::vocabulary::{Vocabulary, Word};
        /// The fields of every event, `eventName` and `log` among them.
        pub(crate) static HEADER: Shape = #header;
        /// The `log` of each event, in the order of the catalogue; `None` where it carries none.
        pub(crate) static LOGS: &[Option<Shape>] = &[#(#logs),*];
        /// The names of the events, in the order of the catalogue.
        pub(crate) static EVENTS: Names = #events;
        #(#vocabularies)*
    };
    print::file("What the fast validator knows of events and fields.", vec![Piece::Tokens(tokens)])
}

struct Emitter<'a> {
    model: &'a Model,
    problems: Vec<Problem>,
}

impl Emitter<'_> {
    fn problem(&mut self, pointer: &str, message: String) {
        self.problems.push(Problem { pointer: pointer.to_owned(), message });
    }

    /// The header, and the two fields that the root of the schema adds to it.
    fn header(&mut self) -> TokenStream {
        let mut fields: Vec<(&str, bool, TokenStream)> = Vec::new();
        for field in &self.model.header.fields {
            let is_version = field.name == VERSION;
            let kind = if is_version { self.version(field) } else { self.kind(field) };
            fields.push((&field.name, field.required, entry(field, &kind)));
        }
        // The lint has made sure that `eventName` is required and any text, and `log` an object.
        fields.push((EVENT_NAME, true, quote!(Field::new(#EVENT_NAME, Kind::EventName))));
        fields.push((LOG, false, quote!(Field::new(#LOG, Kind::Log))));
        self.shape("/$defs/Header/properties", &fields)
    }

    /// The `log` of an event, which is then required.
    fn log(&mut self, name: Option<&str>) -> TokenStream {
        let Some(name) = name else { return quote!(None) };
        let Object { name, fields } = self.model.log(name);
        let fields: Vec<_> = fields
            .iter()
            .map(|field| (&*field.name, field.required, entry(field, &self.kind(field))))
            .collect();
        let shape = self.shape(&format!("/$defs/{name}/properties"), &fields);
        quote!(Some(#shape))
    }

    fn shape(&mut self, pointer: &str, fields: &[(&str, bool, TokenStream)]) -> TokenStream {
        if fields.len() > MOST_FIELDS {
            let message = format!(
                "has {} fields, but the fast validator keeps track of {MOST_FIELDS} at most",
                fields.len()
            );
            self.problem(pointer, message);
        }
        let required = (0..MOST_FIELDS)
            .zip(fields)
            .fold(0_u64, |mask, (index, (_, required, _))| mask | u64::from(*required) << index);
        let required = format!("{required:#b}").parse::<proc_macro2::Literal>().ok();
        let list: Vec<&str> = fields.iter().map(|(name, ..)| *name).collect();
        let names = self.names(pointer, &list);
        let fields = fields.iter().map(|(.., entry)| entry);
        quote!(Shape::new(&[#(#fields),*], #required, #names))
    }

    /// The known values of an open vocabulary, for all fields that take one of it.
    fn vocabulary(&mut self, scalar: &Scalar) -> Option<TokenStream> {
        let ScalarKind::Vocabulary(known) = &scalar.kind else { return None };
        if scalar.name == EVENT_NAME_VOCABULARY {
            return None;
        }
        let values: Vec<&str> = known.iter().map(|known| known.value.as_str()).collect();
        let (pointer, name) = (format!("/$defs/{}/anyOf", scalar.name), static_name(&scalar.name));
        let names = self.names(&pointer, &values);
        let words = values.iter().map(|value| quote!(Word::new(#value)));
        Some(quote!(static #name: Vocabulary = Vocabulary { values: &[#(#words),*], names: #names };))
    }

    /// What the value of a field has to be. A kind that is added to the model does not compile until it stands here.
    fn kind(&mut self, field: &Field) -> TokenStream {
        match &field.kind {
            FieldKind::Boolean => quote!(Kind::Boolean),
            FieldKind::String => quote!(Kind::Text),
            FieldKind::NullableString => quote!(Kind::NullableText),
            FieldKind::Def(name) => self.scalar(self.model.scalar(name)),
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
                        let empty = if *or_empty { " or an empty text" } else { "" };
                        let message = format!(
                            "the fast validator has no check of the format `{}`{empty}: write one, and name it here",
                            formats.join("` or `")
                        );
                        self.problem(&format!("/$defs/{}", scalar.name), message);
                        quote!(Kind::Text)
                    }
                }
            }
            ScalarKind::Constant(values) => {
                for value in values {
                    self.plain(&format!("/$defs/{}/enum", scalar.name), value);
                }
                quote!(Kind::Constant(&[#(#values),*]))
            }
            ScalarKind::Vocabulary(_) => {
                let name = static_name(&scalar.name);
                quote!(Kind::Vocabulary(&#name))
            }
        }
    }

    fn version(&mut self, field: &Field) -> TokenStream {
        let FieldKind::Def(name) = &field.kind else { return self.kind(field) };
        match &self.model.scalar(name).kind {
            ScalarKind::Integer { minimum, maximum, .. } => {
                let (minimum, maximum) = (literal(*minimum), literal(*maximum));
                quote!(Kind::Version { minimum: #minimum, maximum: #maximum })
            }
            _ => self.kind(field),
        }
    }

    /// Names are compared as they stand in the JSON: that takes names which can stand there in one way only.
    fn plain(&mut self, pointer: &str, name: &str) {
        let plain = name.bytes().all(|byte| (b' '..0x7f).contains(&byte) && byte != b'"' && byte != b'\\');
        if !plain || name.len() > LONGEST_NAME {
            let message = format!(
                "the fast validator needs names of printable ASCII, at most {LONGEST_NAME} bytes: `{name}` is none"
            );
            self.problem(pointer, message);
        }
    }

    /// A table that leads from the hash of each name to its place in `names`.
    fn names(&mut self, pointer: &str, names: &[&str]) -> TokenStream {
        for name in names {
            self.plain(pointer, name);
        }
        let Some((multiplier, bits, places)) = perfect(names) else {
            let message = "some of these names have the same length and the same first and last eight bytes: the \
                           fast validator cannot tell them apart by its hash";
            self.problem(pointer, message.to_owned());
            return TokenStream::new();
        };
        let multiplier = format!("{multiplier:#018x}").parse::<proc_macro2::Literal>().ok();
        let bits = proc_macro2::Literal::u32_unsuffixed(bits);
        let places = places.iter().map(|&place| proc_macro2::Literal::u8_unsuffixed(place));
        quote!(Names { multiplier: #multiplier, bits: #bits, places: &[#(#places),*] })
    }
}

/// The entry of a field in the table of its object.
fn entry(field: &Field, kind: &TokenStream) -> TokenStream {
    let name = &field.name;
    if field.deprecated { quote!(Field::deprecated(#name, #kind)) } else { quote!(Field::new(#name, #kind)) }
}

/// What the table of a definition is called.
fn static_name(definition: &str) -> proc_macro2::Ident {
    let name = heck::AsShoutySnakeCase(definition).to_string();
    proc_macro2::Ident::new(&name, proc_macro2::Span::call_site())
}

/// A multiplier under which no two names have the same hash, with as few bits as will do, and the table of places.
fn perfect(names: &[&str]) -> Option<(u64, u32, Vec<u8>)> {
    let fewest = names.len().next_power_of_two().trailing_zeros().max(1);
    for bits in fewest + 1..=fewest + 4 {
        let mut multiplier = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            if let Some(places) = place(names, multiplier, bits) {
                return Some((multiplier, bits, places));
            }
            // Any sequence of odd numbers will do.
            multiplier = multiplier.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(2);
        }
    }
    None
}

fn place(names: &[&str], multiplier: u64, bits: u32) -> Option<Vec<u8>> {
    let mut places = vec![u8::MAX; 1 << bits];
    for (index, name) in names.iter().enumerate() {
        let hash =
            usize::try_from(fingerprint(name.as_bytes()).wrapping_mul(multiplier) >> (64 - bits)).ok()?;
        let slot = &mut places[hash];
        if *slot != u8::MAX {
            return None;
        }
        *slot = u8::try_from(index).ok()?;
    }
    Some(places)
}

/// The same as `fingerprint` of the validator's `fast::table`, where a test looks up every name.
fn fingerprint(name: &[u8]) -> u64 {
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |word, &byte| word << 8 | u64::from(byte));
    let first = word(&name[..name.len().min(8)]);
    let last = word(&name[name.len().saturating_sub(8)..]);
    first ^ last.rotate_left(29) ^ name.len() as u64
}
