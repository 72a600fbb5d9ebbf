//! Emits the Rust types: typify generates them, this module makes them readable and lossless.
//!
//! Kept from typify are names, field types and the enum tagged by `eventName`. Added or changed are the order (that of the
//! schema), the derives, a field for unknown fields, a variant for unknown events, and calls of the macros in the modules
//! `wire`, `texts` and `builder` of the types crate, which read, write and build what derives cannot.

use cloudconnexa_schema::{
    Event, Field, KnownValue, Object, Provenance, Scalar, ScalarKind, Schema, ValueKind,
};
use heck::ToUpperCamelCase;
use proc_macro2::Literal;
use quote::{format_ident, quote};
use syn::parse_quote;
use syn::visit_mut::VisitMut;

use crate::print::{self, Piece};
use crate::{Error, catalog, lower};

/// Renders the types.
///
/// # Errors
///
/// Returns an error if typify does not generate what this module expects of it.
pub fn render(schema: &Schema) -> Result<String, Error> {
    let mut items = typify(schema)?;
    let mut pieces = vec![Piece::Tokens(quote! {
        use crate::fields::Fields;
        use crate::scalar::{IpAddress, IpAddressOrEmpty, Ipv4Address, Ipv6Address, Timestamp, Uuid};
        use crate::texts::texts;
        use crate::unknown::UnknownEvent;
        use crate::wire::{body, object};
    })];
    pieces.extend(object(&mut items, schema, schema.header(), "Event")?);
    pieces.extend(body(&mut items, schema)?);
    for log in schema.logs() {
        pieces.extend(object(&mut items, schema, log, "Log")?);
    }
    pieces.extend(schema.scalars().iter().flat_map(texts));
    print::file("The types of events, their fields and their vocabularies.", pieces)
}

/// Returns the items that typify generates.
fn typify(schema: &Schema) -> Result<Vec<syn::Item>, Error> {
    let lowered = serde_json::from_value(lower::for_typify(schema).to_value())
        .map_err(|error| Error::tool("", format!("typify's schema library does not read it: {error}")))?;
    let mut settings = typify::TypeSpaceSettings::default();
    for scalar in schema.scalars() {
        settings.with_replacement(&scalar.name, scalar.rust_type(), std::iter::empty());
    }
    let mut space = typify::TypeSpace::new(&settings);
    space.add_root_schema(lowered).map_err(|error| Error::tool("", format!("typify: {error}")))?;
    let file: syn::File = syn::parse2(space.to_stream())
        .map_err(|error| Error::tool("", format!("typify's code does not parse: {error}")))?;
    Ok(file.items)
}

/// Removes and returns the item that typify named `name`.
fn take(items: &mut Vec<syn::Item>, name: &str) -> Result<syn::Item, Error> {
    let found = items.iter().position(|item| match item {
        syn::Item::Struct(item) => item.ident == name,
        syn::Item::Enum(item) => item.ident == name,
        _ => false,
    });
    found
        .map(|index| items.swap_remove(index))
        .ok_or_else(|| Error::tool(&format!("/$defs/{name}"), "typify generated no type for it"))
}

/// Emits a struct, and the macro call that reads it.
fn object(
    items: &mut Vec<syn::Item>,
    schema: &Schema,
    object: &Object,
    level: &str,
) -> Result<[Piece; 2], Error> {
    let syn::Item::Struct(mut item) = take(items, &object.name)? else {
        return Err(Error::tool(&object.pointer, "typify generated no struct for it"));
    };
    Short.visit_item_struct_mut(&mut item);
    let docs = docs(&object.description, 0);
    item.attrs = derives();
    item.attrs.splice(0..0, docs);
    let syn::Fields::Named(fields) = &mut item.fields else {
        return Err(Error::tool(&object.pointer, "typify generated no named fields"));
    };

    let mut reads = String::new();
    let mut ordered = syn::punctuated::Punctuated::new();
    for field in &object.fields {
        let ident = format_ident!("{}", heck::AsSnakeCase(&field.name).to_string());
        let Some(mut made) = fields.named.iter().find(|made| made.ident.as_ref() == Some(&ident)).cloned()
        else {
            return Err(Error::tool(&field.pointer, format!("typify generated no field `{ident}` for it")));
        };
        let read_type = if field.required { made.ty.clone() } else { inner(&made.ty) };
        let bounds = bounds(schema, field);
        made.attrs = field_attributes(field, &ident, &read_type, bounds);
        ordered.push(made);
        reads.push_str(&read_line(field, &ident, &read_type, bounds));
    }
    ordered.push(parse_quote! {
        /// Fields that the schema does not know, in the order of the JSON.
        #[serde(flatten)]
        pub extra: Fields
    });
    fields.named = ordered;
    let read = format!("object! {{\n    {0}, {0}Builder at {level} {{\n{reads}    }}\n}}\n", object.name);
    Ok([Piece::Tokens(quote!(#item)), Piece::Text(read)])
}

/// Returns the derives of a generated type; `object!` and `body!` implement reading.
fn derives() -> Vec<syn::Attribute> {
    vec![
        parse_quote!(#[derive(Clone, Debug, PartialEq, Eq, Hash, ::serde::Serialize)]),
        parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]),
        parse_quote!(#[non_exhaustive]),
    ]
}

fn field_attributes(
    field: &Field,
    ident: &syn::Ident,
    read_type: &syn::Type,
    bounds: Option<(u64, u64)>,
) -> Vec<syn::Attribute> {
    let mut text = field.description.clone();
    text.push_str(match field.provenance {
        Provenance::Documented => "",
        Provenance::Example => "\n\n*Known from the vendor's examples only.*",
        Provenance::RealData => "\n\n*Known from real logs only.*",
        Provenance::Inferred => "\n\n*Inferred.*",
    });
    if let Some((minimum, maximum)) = bounds {
        let (minimum, maximum) = (catalog::literal(minimum), catalog::literal(maximum));
        text.push_str(&format!("\n\nFrom `{minimum}` to `{maximum}`, inclusive."));
    }
    let mut attributes = docs(&text, 4);
    let mut serde = Vec::new();
    if *ident != field.name {
        let name = &field.name;
        // People who have the JSON in front of them search for the name in it.
        attributes.push(parse_quote!(#[doc(alias = #name)]));
        serde.push(quote!(rename = #name));
    }
    if !field.required {
        serde.push(quote!(skip_serializing_if = "Option::is_none"));
    }
    if !serde.is_empty() {
        attributes.push(parse_quote!(#[serde(#(#serde),*)]));
    }
    let mut schemars = Vec::new();
    if !field.required {
        // The field may be absent, but not null.
        let with = quote!(#read_type).to_string();
        schemars.push(quote!(default));
        schemars.push(quote!(with = #with));
    }
    if let Some((minimum, maximum)) = bounds {
        let (minimum, maximum) = (suffixed(minimum), suffixed(maximum));
        schemars.push(quote!(range(min = #minimum, max = #maximum)));
    }
    if !schemars.is_empty() {
        attributes.push(parse_quote!(#[cfg_attr(feature = "schemars", schemars(#(#schemars),*))]));
    }
    attributes
}

/// Returns an integer literal with its type: without one, schemars takes a bound for an `i32`.
fn suffixed(value: u64) -> Literal {
    let text = format!("{}_u64", catalog::literal(value));
    text.parse().unwrap_or_else(|_| Literal::u64_suffixed(value))
}

/// Returns the line for a field in the call of `object!`.
fn read_line(field: &Field, ident: &syn::Ident, read_type: &syn::Type, bounds: Option<(u64, u64)>) -> String {
    let presence = if field.required { "required" } else { "optional" };
    let read_type = quote!(#read_type).to_string().replace(' ', "");
    let bounds = bounds
        .map(|(minimum, maximum)| {
            format!(" in {}..={}", catalog::literal(minimum), catalog::literal(maximum))
        })
        .unwrap_or_default();
    format!("        {presence} {ident}: {read_type} = {}{bounds};\n", Literal::string(&field.name))
}

fn bounds(schema: &Schema, field: &Field) -> Option<(u64, u64)> {
    match schema.value_kind(field) {
        ValueKind::Scalar(Scalar { kind: ScalarKind::Integer { minimum, maximum, .. }, .. }) => {
            Some((*minimum, *maximum))
        }
        _ => None,
    }
}

/// Returns the `T` of an `Option<T>`, and any other type as it is.
fn inner(ty: &syn::Type) -> syn::Type {
    if let syn::Type::Path(path) = ty
        && let Some(last) = path.path.segments.last()
        && last.ident == "Option"
        && let syn::PathArguments::AngleBracketed(arguments) = &last.arguments
        && let Some(syn::GenericArgument::Type(inner)) = arguments.args.first()
    {
        return inner.clone();
    }
    ty.clone()
}

/// Emits the enum of event bodies, the macro call that reads it, and its conversions.
fn body(items: &mut Vec<syn::Item>, schema: &Schema) -> Result<Vec<Piece>, Error> {
    let syn::Item::Enum(mut item) = take(items, "EventBody")? else {
        return Err(Error::tool("/allOf", "typify generated no enum for the events"));
    };
    Short.visit_item_enum_mut(&mut item);
    item.attrs.retain(|attribute| attribute.path().is_ident("serde"));
    let mut attributes = docs(
        "What an event reports: a variant for each event that the schema knows, with its `log`.\n\nThe vendor adds \
         events, and newer versions of this crate add variants: a `match` needs a wildcard arm.",
        0,
    );
    attributes.extend(derives());
    item.attrs.splice(0..0, attributes);

    let mut lines = String::new();
    for (variant, event) in item.variants.iter_mut().zip(schema.events()) {
        let Event { name, log, description, .. } = event;
        if variant.ident != name.to_upper_camel_case() {
            return Err(Error::tool("/allOf", format!("typify named `{name}` `{}`", variant.ident)));
        }
        variant.attrs.retain(|attribute| attribute.path().is_ident("serde"));
        variant.attrs.splice(0..0, docs(&format!("`{name}`: {description}"), 4));
        let log = log.as_ref().map(|log| format!("({log})")).unwrap_or_default();
        lines.push_str(&format!("    {} => {}{log};\n", Literal::string(name), variant.ident));
    }
    item.variants.push(parse_quote! {
        /// An event that this version does not know, kept whole.
        #[serde(untagged)]
        Other(UnknownEvent)
    });
    let mut pieces = vec![Piece::Tokens(quote!(#item)), Piece::Text(format!("body! {{\n{lines}}}\n"))];
    let conversions =
        items.extract_if(.., |item| matches!(item, syn::Item::Impl(item) if is_conversion(item)));
    for mut conversion in conversions {
        Short.visit_item_mut(&mut conversion);
        pieces.push(Piece::Tokens(quote!(#conversion)));
    }
    Ok(pieces)
}

/// Returns whether an impl is an `impl From<…> for EventBody`.
fn is_conversion(item: &syn::ItemImpl) -> bool {
    let of_body = matches!(&*item.self_ty, syn::Type::Path(path) if path.path.is_ident("EventBody"));
    of_body && quote!(#item).to_string().contains(":: From <")
}

/// Emits the enum of a vocabulary or of a closed list, and the macro call with its conversions.
fn texts(scalar: &Scalar) -> Vec<Piece> {
    let name = format_ident!("{}", scalar.name);
    let (kind, values): (&str, Vec<(&str, String)>) = match &scalar.kind {
        ScalarKind::Vocabulary { values, .. } => ("open", values.iter().map(known_value).collect()),
        ScalarKind::Constant(values) => {
            ("closed", values.iter().map(|value| (&**value, format!("`{value}`"))).collect())
        }
        _ => return Vec::new(),
    };
    let open = kind == "open";
    let mut variants = Vec::new();
    let mut lines = String::new();
    for (value, description) in &values {
        let variant = format_ident!("{}", value.to_upper_camel_case());
        let docs = docs(description, 4);
        variants.push(quote!(#(#docs)* #variant));
        lines.push_str(&format!("        {variant} = {},\n", Literal::string(value)));
    }
    if open {
        variants.push(quote! {
            /// Any other string, unchanged.
            Other(Box<str>)
        });
    }
    let docs = docs(&scalar.description, 0);
    let derive = if open { quote!(Clone, Debug) } else { quote!(Clone, Copy, Debug) };
    vec![
        Piece::Tokens(quote! {
            #(#docs)*
            #[derive(#derive)]
            #[non_exhaustive]
            pub enum #name { #(#variants),* }
        }),
        Piece::Text(format!("texts! {{\n    {kind} {name} {{\n{lines}    }}\n}}\n")),
    ]
}

fn known_value(known: &KnownValue) -> (&str, String) {
    let KnownValue { value, description, provenance, .. } = known;
    let mark = if *provenance == Provenance::Inferred { " *Inferred.*" } else { "" };
    (value, format!("`{value}`: {description}{mark}"))
}

/// Returns doc comments, wrapped at the width of the file.
pub(crate) fn docs(text: &str, indent: usize) -> Vec<syn::Attribute> {
    print::wrap(text, 110 - indent - "/// ".len())
        .into_iter()
        .map(|line| {
            let line = if line.is_empty() { line } else { format!(" {line}") };
            parse_quote!(#[doc = #line])
        })
        .collect()
}

/// Shortens the paths of types in the prelude.
struct Short;

impl VisitMut for Short {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        syn::visit_mut::visit_path_mut(self, path);
        let in_prelude = ["String", "Option", "From"];
        if path.leading_colon.is_some()
            && path.segments.first().is_some_and(|first| first.ident == "std")
            && let Some(last) = path.segments.last()
            && in_prelude.iter().any(|name| last.ident == name)
        {
            *path = syn::Path::from(last.clone());
        }
    }
}
