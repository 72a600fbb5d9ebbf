//! Emits the list of all objects and their fields, for tests that call each method of the builders and the views.

use cloudconnexa_schema::{Object, Scalar, ScalarKind, Schema, ValueKind};
use heck::AsSnakeCase;
use proc_macro2::Literal;

use crate::print::{self, Piece};
use crate::{Error, view};

/// Renders a call of the test's macro `builders!`.
///
/// # Errors
///
/// Returns an error if the generated code does not parse.
pub fn render(schema: &Schema) -> Result<String, Error> {
    let mut call = "builders! {\n".to_owned();
    for object in [schema.header()].into_iter().chain(schema.logs()) {
        call.push_str(&self::object(schema, object));
    }
    call.push_str("}\n");
    print::file(
        "The objects with their types, views and builders, and with the kind and the name of each field.",
        vec![Piece::Text(call)],
    )
}

fn object(schema: &Schema, object: &Object) -> String {
    let view = view::view_name(&object.name);
    let mut lines = format!("    {} {view} {} {{\n", object.name, AsSnakeCase(&object.name));
    for field in &object.fields {
        let kind = match (schema.value_kind(field), field.nullable) {
            (ValueKind::Boolean, _) => "boolean".to_owned(),
            (ValueKind::Scalar(scalar @ Scalar { kind: ScalarKind::Integer { .. }, .. }), _) => {
                scalar.rust_type().to_owned()
            }
            (ValueKind::String | ValueKind::Scalar(_), true) => "nullable".to_owned(),
            (ValueKind::String | ValueKind::Scalar(_), false) => "text".to_owned(),
        };
        let name = Literal::string(&field.name);
        lines.push_str(&format!("        {kind} {} = {name};\n", AsSnakeCase(&field.name)));
    }
    lines + "    }\n"
}
