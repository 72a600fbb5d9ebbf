//! Emits the accessors of the validator's view: a method for each field, which decodes the value that the field takes.

use cloudconnexa_schema::{Field, Object, Scalar, ScalarKind, Schema, ValueKind};
use heck::{AsSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::print::{self, Piece};
use crate::{Error, types};

/// The fields that the root of the schema describes itself.
const ENVELOPE_FIELDS: usize = 2;

/// Renders the accessors.
///
/// # Errors
///
/// Returns an error if the generated code does not parse.
pub fn render(schema: &Schema) -> Result<String, Error> {
    let header_fields = Literal::usize_unsuffixed(schema.header().fields.len() + ENVELOPE_FIELDS);
    let most = schema.logs().iter().map(|log| log.fields.len()).max().unwrap_or_default();
    let log_fields = Literal::usize_unsuffixed(most);
    let texts: Vec<Ident> = vocabularies(schema).map(|scalar| format_ident!("{}", scalar.name)).collect();
    let open = schema.scalars().iter().filter(|scalar| is_shown(scalar)).filter_map(open_vocabulary);
    let closed = schema.scalars().iter().filter_map(closed_list);
    let header = object(schema, schema.header(), &format_ident!("header"));
    let logs = schema.logs().iter().map(|log| object(schema, log, &format_ident!("log")));
    let body = body(schema);
    let tokens = quote! {
        use std::borrow::Cow;
        use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
        use cloudconnexa_events::{UtcMicros, #(#texts),*};
        use uuid::Uuid;
        use super::decode::{closed_texts, open_texts};
        use super::EventView;
        /// The number of fields of the header, `eventName` and `log` among them.
        pub(crate) const HEADER_FIELDS: usize = #header_fields;
        /// The number of fields of the `log` with the most of them.
        pub(crate) const LOG_FIELDS: usize = #log_fields;
        #body
        #header
        #(#logs)*
    };
    let mut pieces = vec![Piece::Tokens(tokens)];
    pieces.push(Piece::Text(format!("open_texts! {{ {} }}\n", open.collect::<Vec<_>>().join(", "))));
    pieces.push(Piece::Text(format!("closed_texts! {{ {} }}\n", closed.collect::<Vec<_>>().join(", "))));
    print::file("The accessors of views: a method for each field.", pieces)
}

/// Returns whether a field takes it. The name of the event is not a field of any object.
fn is_shown(scalar: &Scalar) -> bool {
    scalar.name != "EventName"
}

fn vocabularies(schema: &Schema) -> impl Iterator<Item = &Scalar> {
    schema.scalars().iter().filter(|scalar| {
        is_shown(scalar) && matches!(scalar.kind, ScalarKind::Constant(_) | ScalarKind::Vocabulary { .. })
    })
}

fn open_vocabulary(scalar: &Scalar) -> Option<String> {
    matches!(scalar.kind, ScalarKind::Vocabulary { .. }).then(|| scalar.name.clone())
}

/// Returns a closed list with its first value.
fn closed_list(scalar: &Scalar) -> Option<String> {
    match &scalar.kind {
        ScalarKind::Constant(values) => {
            Some(format!("{} = {}", scalar.name, values.first()?.to_upper_camel_case()))
        }
        _ => None,
    }
}

/// Returns the name of the view of an object.
pub(crate) fn view_name(object: &str) -> Ident {
    format_ident!("{object}View")
}

/// Emits the enum of bodies, and the method that returns one.
fn body(schema: &Schema) -> TokenStream {
    let (mut variants, mut arms) = (Vec::new(), Vec::new());
    for (index, event) in schema.events().iter().enumerate() {
        let (name, index) =
            (format_ident!("{}", event.name.to_upper_camel_case()), Literal::usize_unsuffixed(index));
        let docs = types::docs(&format!("`{}`: {}", event.name, event.description), 4);
        if let Some(log) = &event.log {
            let view = view_name(log);
            variants.push(quote!(#(#docs)* #name(#view<'v, 'a>)));
            arms.push(quote!(Some(#index) => BodyView::#name(#view(self))));
        } else {
            variants.push(quote!(#(#docs)* #name));
            arms.push(quote!(Some(#index) => BodyView::#name));
        }
    }
    quote! {
        /// The body of an event: a variant for each event that the schema describes, with accessors for the fields of its `log`.
        ///
        /// The vendor adds events, and newer versions of this crate add variants: a `match` needs a wildcard arm.
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub enum BodyView<'v, 'a> {
            #(#variants,)*
            /// An event that the schema does not describe. [`EventView::log_field`] reads its `log`.
            Other,
        }
        impl<'a> EventView<'a> {
            /// Returns what the event reports, by its name.
            #[must_use]
            pub fn body(&self) -> BodyView<'_, 'a> {
                match self.event_index() {
                    #(#arms,)*
                    _ => BodyView::Other,
                }
            }
        }
    }
}

/// Emits the view of an object. `part` is the field of an `EventView` that it is in.
fn object(schema: &Schema, object: &Object, part: &Ident) -> TokenStream {
    let view = view_name(&object.name);
    let docs = types::docs(&object.description, 0);
    let methods = object.fields.iter().enumerate().map(|(index, field)| accessor(schema, field, index, part));
    quote! {
        #(#docs)*
        #[derive(Clone, Copy, Debug)]
        pub struct #view<'v, 'a>(pub(super) &'v EventView<'a>);
        impl<'a> #view<'_, 'a> {
            #(#methods)*
        }
    }
}

fn accessor(schema: &Schema, field: &Field, index: usize, part: &Ident) -> TokenStream {
    let method = format_ident!("{}", AsSnakeCase(&field.name).to_string());
    let index = Literal::usize_unsuffixed(index);
    let (decoded, may_be_none) = decoded(schema, field);
    let mut text = field.description.clone();
    text.push_str(match (field.required, may_be_none, field.nullable) {
        (true, false, _) => "",
        (true, true, true) => "\n\n`None` if it is null.",
        (true, true, false) => "\n\n`None` if it is empty.",
        (false, false, _) => "\n\n`None` if the event does not have it.",
        (false, true, true) => "\n\n`None` if the event does not have it, or it is null.",
        (false, true, false) => "\n\n`None` if the event does not have it, or it is empty.",
    });
    let docs = types::docs(&text, 4);
    let name = &field.name;
    let alias = (method != field.name).then(|| quote!(#[doc(alias = #name)]));
    let (returned, body) = match (field.required, may_be_none) {
        (true, false) => (decoded, quote!(self.0.#part.required(self.0, #index))),
        (false, false) => (quote!(Option<#decoded>), quote!(self.0.#part.optional(self.0, #index))),
        (_, true) => (
            quote!(Option<#decoded>),
            quote!(self.0.#part.optional::<Option<#decoded>>(self.0, #index).flatten()),
        ),
    };
    quote! {
        #(#docs)*
        #alias
        #[must_use]
        pub fn #method(&self) -> #returned {
            #body
        }
    }
}

/// Returns the type of a decoded value, and whether a valid value may stand for none: null, or an empty text.
fn decoded(schema: &Schema, field: &Field) -> (TokenStream, bool) {
    let (decoded, is_or_empty) = match schema.value_kind(field) {
        ValueKind::Boolean => (quote!(bool), false),
        ValueKind::String => (quote!(Cow<'a, str>), false),
        ValueKind::Scalar(scalar) => match scalar.rust_type() {
            "Timestamp" => (quote!(UtcMicros), false),
            "Ipv4Address" => (quote!(Ipv4Addr), false),
            "Ipv6Address" => (quote!(Ipv6Addr), false),
            "IpAddress" => (quote!(IpAddr), false),
            "IpAddressOrEmpty" => (quote!(IpAddr), true),
            other => {
                let other = format_ident!("{other}");
                (quote!(#other), false)
            }
        },
    };
    (decoded, is_or_empty || field.nullable)
}
