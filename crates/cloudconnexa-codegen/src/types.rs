//! Writes the Rust types.
use crate::model::Model;
use crate::{Error, lower};
use proc_macro2::TokenStream;

/// Renders.
pub fn render(model: &Model) -> Result<String, Error> {
    let tokens = typify(model)?;
    crate::print::file("x", tokens)
}
fn typify(model: &Model) -> Result<TokenStream, Error> {
    let schema = serde_json::from_value(lower::for_typify(model).to_value()).unwrap();
    let mut settings = typify::TypeSpaceSettings::default();
    for s in &model.scalars {
        if s.name != "Service" {
            settings.with_replacement(&s.name, &s.name, std::iter::empty());
        }
    }
    let mut space = typify::TypeSpace::new(&settings);
    space.add_root_schema(schema).unwrap();
    Ok(space.to_stream())
}
