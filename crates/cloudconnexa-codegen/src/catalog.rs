//! Emits the catalogue: what the schema says about events and fields, as `static` tables for the validator.

use cloudconnexa_schema::{Event, Field, KnownValue, Object, Provenance, ScalarKind, Schema, ValueKind};
use proc_macro2::TokenStream;
use quote::quote;

use crate::Error;
use crate::print::{self, Piece};

/// Renders the catalogue.
///
/// # Errors
///
/// Returns an error if the generated code does not parse.
pub fn render(schema: &Schema) -> Result<String, Error> {
    let header = fields(schema, schema.header());
    let events = schema.events().iter().map(|event| self::event(schema, event));
    let versions = schema
        .header()
        .fields
        .iter()
        .find_map(|field| match schema.value_kind(field) {
            ValueKind::Scalar(scalar) => match &scalar.kind {
                ScalarKind::Integer { known, .. } if !known.is_empty() => Some(known.clone()),
                _ => None,
            },
            _ => None,
        })
        .unwrap_or_default()
        .into_iter()
        .map(literal);
    let envelope = schema.envelope().iter().map(|field| {
        let (name, description) = (&field.name, &field.description);
        quote!((#name, #description))
    });
    let tokens = quote! {
        use super::{EventSpec, FieldSpec, Kind, KnownValue, Provenance};
        /// The values of `CloudConnexaLogVersion` that the schema describes.
        pub static LOG_VERSIONS: &[u64] = &[#(#versions),*];
        /// The fields that the root of the schema describes itself, with their descriptions.
        pub(crate) static ENVELOPE: &[(&str, &str)] = &[#(#envelope),*];
        /// The fields of every event other than `eventName` and `log`, in the order of the schema.
        pub static HEADER: &[FieldSpec] = &[#(#header),*];
        /// The events, in the order of the schema.
        pub static EVENTS: &[EventSpec] = &[#(#events),*];
    };
    print::file("The events and fields of the schema.", vec![Piece::Tokens(tokens)])
}

fn event(schema: &Schema, event: &Event) -> TokenStream {
    let Event { name, title, description, .. } = event;
    let log = if let Some(log) = schema.log_of(event) {
        let fields = fields(schema, log);
        quote!(Some(&[#(#fields),*]))
    } else {
        quote!(None)
    };
    quote!(EventSpec { name: #name, title: #title, description: #description, log: #log })
}

fn fields(schema: &Schema, object: &Object) -> Vec<TokenStream> {
    object.fields.iter().map(|field| self::field(schema, field)).collect()
}

fn field(schema: &Schema, field: &Field) -> TokenStream {
    let Field { name, required, nullable, deprecated, replaced_by, description, provenance, .. } = field;
    let kind = match schema.value_kind(field) {
        ValueKind::Boolean => quote!(Kind::Boolean),
        ValueKind::String => quote!(Kind::String),
        ValueKind::Scalar(scalar) => self::scalar(&scalar.kind),
    };
    let provenance = self::provenance(*provenance);
    let replaced_by = if let Some(name) = replaced_by { quote!(Some(#name)) } else { quote!(None) };
    quote! {
        FieldSpec {
            name: #name,
            required: #required,
            nullable: #nullable,
            deprecated: #deprecated,
            replaced_by: #replaced_by,
            kind: #kind,
            description: #description,
            provenance: #provenance,
        }
    }
}

fn scalar(kind: &ScalarKind) -> TokenStream {
    match kind {
        ScalarKind::Integer { minimum, maximum, known } => {
            let (minimum, maximum) = (literal(*minimum), literal(*maximum));
            let known = known.iter().map(|value| literal(*value));
            quote!(Kind::Integer { minimum: #minimum, maximum: #maximum, known: &[#(#known),*] })
        }
        ScalarKind::Format { formats, or_empty } => {
            quote!(Kind::Format { formats: &[#(#formats),*], or_empty: #or_empty })
        }
        ScalarKind::Constant(values) => quote!(Kind::Constant(&[#(#values),*])),
        ScalarKind::Vocabulary { values, unmodelled: _ } => {
            let values = values.iter().map(|KnownValue { value, description, provenance, .. }| {
                let provenance = self::provenance(*provenance);
                quote!(KnownValue { value: #value, description: #description, provenance: #provenance })
            });
            quote!(Kind::Vocabulary(&[#(#values),*]))
        }
    }
}

fn provenance(provenance: Provenance) -> TokenStream {
    match provenance {
        Provenance::Documented => quote!(Provenance::Documented),
        Provenance::Example => quote!(Provenance::Example),
        Provenance::RealData => quote!(Provenance::RealData),
        Provenance::Inferred => quote!(Provenance::Inferred),
    }
}

/// Returns an integer literal as people write it: without a suffix, in groups of three digits.
pub(crate) fn literal(value: u64) -> proc_macro2::Literal {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped.parse().unwrap_or_else(|_| proc_macro2::Literal::u64_unsuffixed(value))
}
