//! Reference documentation of the events: what the schema says about each field, for people and for programs.
//!
//! ```
//! use cloudconnexa_report::reference::Reference;
//!
//! let reference = Reference::built_in();
//! let event = reference.event("client-disconnected").expect("the schema describes it");
//! let field = event.fields.iter().find(|field| field.name == "sessionBytesIn").expect("so is this");
//! assert_eq!(field.value_type, "integer from 0 to 9223372036854775807");
//! assert_eq!(field.since.as_deref(), Some("0.1.0"));
//! ```

mod build;
mod example;
mod human;
mod inline;
mod json;
mod mapped;
mod markdown;
mod model;
mod page;
#[cfg(test)]
mod tests;
mod words;

pub use human::{write_event, write_list};
#[cfg(feature = "schemars")]
pub use json::schema as json_schema;
pub use json::write_json;
pub use markdown::{write_markdown, write_markdown_index};
pub use model::{
    Presence, Reference, ReferenceEvent, ReferenceField, ReferenceRule, ReferenceValue, Source,
    UndescribedField,
};
pub use page::write_html;
