//! Checks that Rust types, fields and variants can be named after the definitions, fields and values of a schema.

use std::collections::BTreeMap;

use cloudconnexa_schema::{Object, Problem, ProblemKind, Scalar, ScalarKind, Schema};
use heck::{AsSnakeCase, AsUpperCamelCase};

/// Returns a problem for each name that Rust cannot have, or that is taken.
#[must_use]
pub fn check(schema: &Schema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for object in std::iter::once(schema.header()).chain(schema.logs()) {
        definition(&object.name, &object.pointer, &mut problems);
        fields(object, &mut problems);
    }
    for scalar in schema.scalars() {
        definition(&scalar.name, &scalar.pointer, &mut problems);
        variants(scalar, &mut problems);
    }
    problems
}

/// A definition becomes a type of the same name.
fn definition(name: &str, pointer: &str, problems: &mut Vec<Problem>) {
    let rust_name = AsUpperCamelCase(name).to_string();
    if rust_name != name {
        problems.push(problem(pointer, format!("becomes a Rust type: write the name as `{rust_name}`")));
    }
}

/// A field becomes a field in snake case.
fn fields(object: &Object, problems: &mut Vec<Problem>) {
    // The generated struct keeps unknown fields in `extra`; its builder has two methods besides those of the fields.
    let mut taken = BTreeMap::from([
        ("extra".to_owned(), "the one for unknown fields".to_owned()),
        ("build".to_owned(), "a method of the builder".to_owned()),
        ("with_extra".to_owned(), "a method of the builder".to_owned()),
    ]);
    for field in &object.fields {
        let rust_name = AsSnakeCase(&field.name).to_string();
        if syn::parse_str::<syn::Ident>(&rust_name).is_err() {
            let message = format!("`{rust_name}` is not a name that a Rust field can have");
            problems.push(problem(&field.pointer, message));
        }
        if let Some(other) = taken.insert(rust_name.clone(), format!("`{}`", field.name)) {
            let message = format!("becomes the Rust field `{rust_name}`, which is taken by {other}");
            problems.push(problem(&field.pointer, message));
        }
    }
}

/// A value of a list becomes a variant in upper camel case.
fn variants(scalar: &Scalar, problems: &mut Vec<Problem>) {
    let values: Vec<&str> = match &scalar.kind {
        ScalarKind::Constant(values) => values.iter().map(String::as_str).collect(),
        ScalarKind::Vocabulary { values, .. } => values.iter().map(|known| known.value.as_str()).collect(),
        ScalarKind::Integer { .. } | ScalarKind::Format { .. } => return,
    };
    // The catch-all of an open vocabulary.
    let mut taken = vec!["Other".to_owned()];
    for value in values {
        let variant = AsUpperCamelCase(value).to_string();
        if syn::parse_str::<syn::Ident>(&variant).is_err() {
            let message = format!("`{value}` cannot be the name of a Rust variant");
            problems.push(problem(&scalar.pointer, message));
        } else if taken.contains(&variant) {
            let message = format!("`{value}` becomes the variant `{variant}`, which already exists");
            problems.push(problem(&scalar.pointer, message));
        }
        taken.push(variant);
    }
}

fn problem(pointer: &str, message: String) -> Problem {
    Problem::new(ProblemKind::Name, pointer, message)
}
