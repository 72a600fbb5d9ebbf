//! What there is to read, by the reader crate.

mod remote;

pub(crate) use cloudconnexa_reader::{
    Limits, Prefetch, Source, SourceFinder, SourceReader, Sources, is_address, is_pattern,
};
pub(crate) use remote::Network;
