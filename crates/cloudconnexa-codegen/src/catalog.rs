//! Writes the catalogue: what the schema says of events and fields, as `static` tables for the validator.

use proc_macro2::TokenStream;
use quote::quote;

use crate::Error;
use crate::model::{Event, Field, FieldKind, KnownValue, Model, Object, Provenance, ScalarKind};
use crate::ordered::Json;
use crate::print::{self, Piece};

/// Renders the catalogue.
pub fn render(model: &Model) -> Result<String, Error> {
    let header = fields(model, &model.header);
    let events = model.events.iter().map(|event| self::event(model, event));
    let versions = model
        .header
        .fields
        .iter()
        .find_map(|field| match &field.kind {
            FieldKind::Def(name) => match &model.scalar(name).kind {
                ScalarKind::Integer { known, .. } if !known.is_empty() => Some(known.clone()),
                _ => None,
            },
            _ => None,
        })
        .unwrap_or_default()
        .into_iter()
        .map(literal);
    let envelope = model.json.get("properties").map_or(&[][..], Json::members).iter().map(|(name, node)| {
        let description = node.get("description").and_then(Json::as_str).unwrap_or_default();
        quote!((#name, #description))
    });
    let tokens = quote! {
        use super::{EventSpec, FieldSpec, Kind, KnownValue, Provenance};
        /// The values of `CloudConnexaLogVersion` that the schema describes.
        pub static LOG_VERSIONS: &[u64] = &[#(#versions),*];
        /// The fields that the root of the schema describes itself, and what it says of them.
        pub(crate) static ENVELOPE: &[(&str, &str)] = &[#(#envelope),*];
        /// The fields of every event beside `eventName` and `log`, in the order of the schema.
        pub static HEADER: &[FieldSpec] = &[#(#header),*];
        /// The events, in the order of the schema.
        pub static EVENTS: &[EventSpec] = &[#(#events),*];
    };
    print::file("What the schema says of events and fields.", vec![Piece::Tokens(tokens)])
}

fn event(model: &Model, event: &Event) -> TokenStream {
    let Event { name, title, description, log } = event;
    let log = if let Some(log) = log {
        let fields = fields(model, model.log(log));
        quote!(Some(&[#(#fields),*]))
    } else {
        quote!(None)
    };
    quote!(EventSpec { name: #name, title: #title, description: #description, log: #log })
}

fn fields(model: &Model, object: &Object) -> Vec<TokenStream> {
    object.fields.iter().map(|field| self::field(model, field)).collect()
}

fn field(model: &Model, field: &Field) -> TokenStream {
    let Field { name, required, deprecated, replaced_by, kind, description, provenance } = field;
    let nullable = *kind == FieldKind::NullableString;
    let kind = match kind {
        FieldKind::Boolean => quote!(Kind::Boolean),
        FieldKind::String | FieldKind::NullableString => quote!(Kind::String),
        FieldKind::Def(name) => scalar(&model.scalar(name).kind),
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
        ScalarKind::Vocabulary(values) => {
            let values = values.iter().map(|KnownValue { value, description, provenance }| {
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

/// An integer as people write it: without a suffix, in groups of three digits.
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
