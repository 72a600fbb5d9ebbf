//! Converts log events to what data lakes and SIEMs read: typed tables, OCSF and Elastic Common Schema.
//!
//! Everything starts from an [`EventView`](cloudconnexa_validator::EventView), which the validator makes of a valid record in the
//! pass that checks it. Nothing is parsed again, and nothing here opens files: writers take what implements
//! [`Write`](std::io::Write).
//!
//! # Which one do I use?
//!
//! | to | use |
//! |---|---|
//! | read a column of an event | [`table::Column::value`] |
//! | collect events of any kind as rows, by table and day | [`rows::PartitionedRows`] |
//! | make record batches of events as they come (feature `arrow`) | [`arrow::EventBatchBuilder`](https://docs.rs/cloudconnexa-convert/latest/cloudconnexa_convert/arrow/) |
//! | make record batches of rows (feature `arrow`) | [`arrow::BatchBuilder`](https://docs.rs/cloudconnexa-convert/latest/cloudconnexa_convert/arrow/) |
//! | write rows to files of Parquet (feature `parquet`) | [`parquet::PartitionedWriter`](https://docs.rs/cloudconnexa-convert/latest/cloudconnexa_convert/parquet/) |
//! | make the files of Amazon Security Lake (feature `parquet`) | [`parquet::security_lake`](https://docs.rs/cloudconnexa-convert/latest/cloudconnexa_convert/parquet/security_lake/) |
//! | write an event as OCSF | [`ocsf::Ocsf`] |
//! | write an event as ECS, or as a bulk request | [`ecs::write`], [`ecs::write_bulk`] |
//! | print the statements for a database | [`ddl::statements`] |
//!
//! # Examples
//!
//! ```
//! use cloudconnexa_convert::table::{TABLES, Value, index_of};
//! use cloudconnexa_validator::Validator;
//!
//! # let record = include_bytes!("../../../tests/corpus/documented/client-disconnected-v1.json");
//! let validator = Validator::new();
//! let mut checker = validator.checker();
//! let event = checker.view(record).expect("the record is valid");
//!
//! let table = &TABLES[index_of(&event)];
//! assert_eq!(table.name, "client_disconnected");
//! let column = table.columns.iter().find(|column| column.name == "session_bytes_in").expect("there is one");
//! assert_eq!(column.value(&event), Value::Integer(34_409));
//! ```

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
