//! Writes the Rust types: typify makes them, this module makes them read well and lose nothing.
//!
//! What typify gives is kept: names, field types, the enum tagged by `eventName`. Added or changed are the order (the
//! schema's), the derives, a place for unknown fields and events, and calls of the macros in the types crate's `wire`
//! module, which read and write what serde's derive cannot.

use heck::ToUpperCamelCase;
use proc_macro2::Literal;
use quote::{format_ident, quote};
use syn::parse_quote;
use syn::visit_mut::VisitMut;

use crate::model::{Event, Field, FieldKind, KnownValue, Model, Object, Provenance, Scalar, ScalarKind};
use crate::print::{self, Piece};
use crate::{Error, catalog, lower};

/// Renders the types.
pub fn render(model: &Model) -> Result<String, Error> {
    let mut items = typify(model)?;
    let mut pieces = vec![Piece::Tokens(quote! {
        use crate::fields::Fields;
        use crate::scalar::{IpAddress, IpAddressOrEmpty, Ipv4Address, Ipv6Address, Timestamp, Uuid};
        use crate::unknown::UnknownEvent;
        use crate::wire::{body, object, texts};
    })];
    pieces.extend(object(&mut items, model, &model.header, "Event")?);
    pieces.extend(body(&mut items, model)?);
    for log in &model.logs {
        pieces.extend(object(&mut items, model, log, "Log")?);
    }
    pieces.extend(model.scalars.iter().flat_map(texts));
    print::file("The types of events, their fields and their vocabularies.", pieces)
}

/// What typify makes of the schema.
fn typify(model: &Model) -> Result<Vec<syn::Item>, Error> {
    let schema = serde_json::from_value(lower::for_typify(model).to_value())
        .map_err(|error| Error::one("", format!("typify's schema library does not read it: {error}")))?;
    let mut settings = typify::TypeSpaceSettings::default();
    for scalar in &model.scalars {
        settings.with_replacement(&scalar.name, rust_type(scalar), std::iter::empty());
    }
    let mut space = typify::TypeSpace::new(&settings);
    space.add_root_schema(schema).map_err(|error| Error::one("", format!("typify: {error}")))?;
    let file: syn::File = syn::parse2(space.to_stream())
        .map_err(|error| Error::one("", format!("typify's code does not parse: {error}")))?;
    Ok(file.items)
}

/// The type that stands for a scalar definition: total on what the schema accepts.
fn rust_type(scalar: &Scalar) -> String {
    match &scalar.kind {
        ScalarKind::Integer { maximum, .. } => match *maximum {
            0..=0xff => "u8",
            0x100..=0xffff => "u16",
            0x1_0000..=0xffff_ffff => "u32",
            _ => "u64",
        }
        .to_owned(),
        ScalarKind::Format { formats, or_empty } => match (formats.as_slice(), or_empty) {
            ([format], _) if format == "date-time" => "Timestamp",
            ([format], _) if format == "uuid" => "Uuid",
            ([format], _) if format == "ipv4" => "Ipv4Address",
            ([format], _) if format == "ipv6" => "Ipv6Address",
            (_, false) => "IpAddress",
            (_, true) => "IpAddressOrEmpty",
        }
        .to_owned(),
        ScalarKind::Constant(_) | ScalarKind::Vocabulary(_) => scalar.name.clone(),
    }
}

/// Takes the item that typify named `name`.
fn take(items: &mut Vec<syn::Item>, name: &str) -> Result<syn::Item, Error> {
    let found = items.iter().position(|item| match item {
        syn::Item::Struct(item) => item.ident == name,
        syn::Item::Enum(item) => item.ident == name,
        _ => false,
    });
    found
        .map(|index| items.swap_remove(index))
        .ok_or_else(|| Error::one(&format!("/$defs/{name}"), "typify made no type of it".to_owned()))
}

/// A struct, and what reads it.
fn object(
    items: &mut Vec<syn::Item>,
    model: &Model,
    object: &Object,
    level: &str,
) -> Result<[Piece; 2], Error> {
    let syn::Item::Struct(mut item) = take(items, &object.name)? else {
        return Err(Error::one(&format!("/$defs/{}", object.name), "typify made no struct of it".to_owned()));
    };
    Short.visit_item_struct_mut(&mut item);
    let docs = docs(&node_description(model, &object.name), 0);
    item.attrs = derives();
    item.attrs.splice(0..0, docs);
    let syn::Fields::Named(fields) = &mut item.fields else {
        return Err(Error::one(&format!("/$defs/{}", object.name), "typify made no named fields".to_owned()));
    };

    let mut reads = String::new();
    let mut ordered = syn::punctuated::Punctuated::new();
    for field in &object.fields {
        let ident = format_ident!("{}", heck::AsSnakeCase(&field.name).to_string());
        let Some(mut made) = fields.named.iter().find(|made| made.ident.as_ref() == Some(&ident)).cloned()
        else {
            return Err(Error::one(
                &format!("/$defs/{}/properties/{}", object.name, field.name),
                format!("typify made no field `{ident}` of it"),
            ));
        };
        let read_type = if field.required { made.ty.clone() } else { inner(&made.ty) };
        let bounds = bounds(model, field);
        made.attrs = field_attributes(field, &ident, &read_type, bounds);
        ordered.push(made);
        reads.push_str(&read_line(field, &ident, &read_type, bounds));
    }
    ordered.push(parse_quote! {
        /// Fields that the schema does not know, in the order they came.
        #[serde(flatten)]
        pub extra: Fields
    });
    fields.named = ordered;
    let read = format!("object! {{\n    {} at {level} {{\n{reads}    }}\n}}\n", object.name);
    Ok([Piece::Tokens(quote!(#item)), Piece::Text(read)])
}

/// What a struct of events derives; reading is left to `object!`.
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
        // Whoever has the JSON in front of them searches for its name.
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
        // Absent is fine, null is not.
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

/// An integer that says its type: without, schemars takes a bound for an `i32`.
fn suffixed(value: u64) -> Literal {
    let text = format!("{}_u64", catalog::literal(value));
    text.parse().unwrap_or_else(|_| Literal::u64_suffixed(value))
}

/// A line of the call of `object!`.
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

fn bounds(model: &Model, field: &Field) -> Option<(u64, u64)> {
    let FieldKind::Def(name) = &field.kind else { return None };
    match model.scalar(name).kind {
        ScalarKind::Integer { minimum, maximum, .. } => Some((minimum, maximum)),
        _ => None,
    }
}

/// The `T` of an `Option<T>`.
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

/// The enum of bodies, and what the envelope asks of it.
fn body(items: &mut Vec<syn::Item>, model: &Model) -> Result<Vec<Piece>, Error> {
    let syn::Item::Enum(mut item) = take(items, "EventBody")? else {
        return Err(Error::one("/allOf", "typify made no enum of the events".to_owned()));
    };
    Short.visit_item_enum_mut(&mut item);
    item.attrs.retain(|attribute| attribute.path().is_ident("serde"));
    let mut attributes = docs(
        "What an event reports: a variant for each event that the schema knows, with its `log`.\n\nThe vendor adds \
         events, and newer versions of this crate add variants: a `match` needs a last arm.",
        0,
    );
    attributes.extend(derives());
    item.attrs.splice(0..0, attributes);

    let mut lines = String::new();
    for (variant, event) in item.variants.iter_mut().zip(&model.events) {
        let Event { name, log, description, .. } = event;
        if variant.ident != name.to_upper_camel_case() {
            return Err(Error::one("/allOf", format!("typify made `{}` of `{name}`", variant.ident)));
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

/// Whether this is an `impl From<…> for EventBody`.
fn is_conversion(item: &syn::ItemImpl) -> bool {
    let of_body = matches!(&*item.self_ty, syn::Type::Path(path) if path.path.is_ident("EventBody"));
    of_body && quote!(#item).to_string().contains(":: From <")
}

/// The enum of a vocabulary or of a closed list, and its conversions.
fn texts(scalar: &Scalar) -> Vec<Piece> {
    let name = format_ident!("{}", scalar.name);
    let (kind, values): (&str, Vec<(&str, String)>) = match &scalar.kind {
        ScalarKind::Vocabulary(values) => ("open", values.iter().map(known_value).collect()),
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
            /// Any other text, as it came.
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
    let KnownValue { value, description, provenance } = known;
    let mark = if *provenance == Provenance::Inferred { " *Inferred.*" } else { "" };
    (value, format!("`{value}`: {description}{mark}"))
}

fn node_description(model: &Model, name: &str) -> String {
    let node = model.json.get("$defs").and_then(|defs| defs.get(name));
    let text = node.and_then(|node| node.get("description")).and_then(crate::ordered::Json::as_str);
    text.unwrap_or_default().to_owned()
}

/// Doc comments, wrapped as people would.
fn docs(text: &str, indent: usize) -> Vec<syn::Attribute> {
    let width = 110 - indent - "/// ".len();
    let mut lines: Vec<String> = Vec::new();
    for (index, paragraph) in text.split("\n\n").enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.len() + 1 + word.len() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
        .into_iter()
        .map(|line| {
            let line = if line.is_empty() { line } else { format!(" {line}") };
            parse_quote!(#[doc = #line])
        })
        .collect()
}

/// Writes types of the prelude by their short names.
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
