//! Converts log events to what data lakes and SIEMs read.

#[cfg(feature = "arrow")]
pub mod arrow;
pub mod ddl;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod rows;
pub mod table;
