//! How events differ from what is known: what the command line asks for, and how it is told.

mod args;
mod human;
mod json;
mod lens;

pub(crate) use args::{DriftArgs, FormatName, ProposeFormat};
pub(crate) use human::render as human;
pub(crate) use json::{Subject, profile_schema, render as json, schema as json_schema};
pub(crate) use lens::Gathering;
