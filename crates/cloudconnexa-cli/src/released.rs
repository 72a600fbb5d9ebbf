//! Released versions of the event schema, by the names that people give them.

use cloudconnexa_compat::released::{self, RELEASED, Released};

use crate::nearest::nearest;

/// Returns a released version. An error is a sentence that says which there are.
pub(crate) fn find(version: &str) -> Result<&'static Released, String> {
    let name = version.strip_prefix('v').unwrap_or(version);
    released::find(name).ok_or_else(|| {
        let remedy = match nearest(name, RELEASED.iter().map(|released| released.version)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`ccxlog schema versions` lists those that have been".to_owned(),
        };
        format!("no version `{version}` of the schema has been released; {remedy}")
    })
}
