//! Converts log events to what data lakes and SIEMs read.

#[cfg(feature = "arrow")]
pub mod arrow;
pub mod ddl;
pub mod ecs;
mod mapping;
pub mod ocsf;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod rows;
pub mod table;

mod generated {
    //! Tables that `cargo xtask codegen` writes.
    #[rustfmt::skip]
    pub(crate) mod mappings;
}
