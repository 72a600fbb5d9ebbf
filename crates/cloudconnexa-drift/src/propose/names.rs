//! Decides which names the code generated from a schema can have.

use heck::{AsSnakeCase, AsUpperCamelCase};

/// Words that cannot be names in Rust.
const KEYWORDS: &[&str] = &[
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "Self",
    "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !KEYWORDS.contains(&text)
}

/// Returns whether the tables of the fast validator have room for a name.
fn fits_tables(text: &str) -> bool {
    text.len() <= 60 && text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'))
}

/// Returns whether a field with this name can be generated next to others.
pub(super) fn can_be_field<'a>(name: &str, mut others: impl Iterator<Item = &'a str>) -> bool {
    let rust = AsSnakeCase(name).to_string();
    fits_tables(name)
        && is_name(&rust)
        && rust != "extra"
        && others.all(|other| AsSnakeCase(other).to_string() != rust)
}

/// Returns whether a variant for this value can be generated next to others.
pub(super) fn can_be_variant<'a>(value: &str, mut others: impl Iterator<Item = &'a str>) -> bool {
    let rust = AsUpperCamelCase(value).to_string();
    fits_tables(value)
        && is_name(&rust)
        && rust != "Other"
        && others.all(|other| AsUpperCamelCase(other).to_string() != rust)
}

/// Returns a name for a definition that is not among `others`; `None` if there is none.
pub(super) fn definition<'a>(text: &str, others: impl Iterator<Item = &'a str>) -> Option<String> {
    let others: Vec<_> = others.collect();
    let name = AsUpperCamelCase(text).to_string();
    let numbered = (2..100).map(|number| format!("{name}{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| {
        is_name(name) && AsUpperCamelCase(name).to_string() == *name && !others.contains(&name.as_str())
    })
}

/// Returns a name as a title: `User created` for `user-created`.
pub(super) fn title(name: &str) -> String {
    let text = name.replace(['-', '_', '.'], " ");
    let mut chars = text.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}
