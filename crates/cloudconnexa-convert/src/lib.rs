//! Converts log events to what data lakes and SIEMs read.

pub mod table;
