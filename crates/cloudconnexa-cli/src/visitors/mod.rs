//! The visitors of the commands, one file each.

pub(crate) mod connections;
pub(crate) mod convert;
pub(crate) mod coverage;
pub(crate) mod find;
pub(crate) mod overview;
pub(crate) mod profile;
pub(crate) mod sessions;
pub(crate) mod split;
pub(crate) mod top;
