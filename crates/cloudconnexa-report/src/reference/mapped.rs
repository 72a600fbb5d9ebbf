//! Where fields go in other standards, as `schema/mappings.json` says.

#[rustfmt::skip]
#[path = "../generated/mappings.rs"]
mod generated;

/// The paths of a field.
#[derive(Debug)]
struct Mapped {
    /// The event, for a field of `log`.
    event: Option<&'static str>,
    pointer: &'static str,
    ocsf: &'static [&'static str],
    ecs: &'static [&'static str],
}

/// Returns the paths of a field in OCSF and in ECS: of the header without an event, of `log` with one.
pub(super) fn paths(event: Option<&str>, pointer: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let found = generated::MAPPED.iter().find(|mapped| mapped.event == event && mapped.pointer == pointer);
    found.map_or_else(Default::default, |mapped| (mapped.ocsf.to_vec(), mapped.ecs.to_vec()))
}
